"""Options that several commands have: company, period, place, data version, configuration, and who calls."""

import unicodedata
from pathlib import Path
from typing import Annotated, Literal

import typer

from domain.actor import Actor, ActorKind
from domain.errors import WrongCall
from domain.language import msg
from domain.person import person
from heatwatch.config import system_user

Company = Annotated[
    str, typer.Option("--company", help="its code; needed where the configuration has several")
]
Config = Annotated[Path, typer.Option("--config", "-c", help="configuration file")]
Season = Annotated[str, typer.Option("--season", "-s", help="code of the season")]
SeasonOrLast = Annotated[str, typer.Option(help="code; default the running or last one")]
Json = Annotated[bool, typer.Option("--json", help="the answer as JSON")]
Since = Annotated[str, typer.Option(help="day or time in the company's zone, instead of a season")]
Until = Annotated[
    str, typer.Option(help="day or time in the company's zone, not in it; default now")
]
Place = Annotated[str, typer.Option(help="code of a place; default the company")]
Per = Annotated[
    Literal["day", "month", "period"],
    typer.Option(help="a row for each local day or month, or one"),
]
OfKind = Annotated[
    str,
    typer.Option(
        help="a row for each household, building, zone, station, source or company below the place; default the place itself"
    ),
]
AsOf = Annotated[int | None, typer.Option(help="data version; default now")]
PolicyOrSeasons = Annotated[str, typer.Option(help="id or .toml file; default the season's")]
#: Every command that changes something has this option.
ByOption = Annotated[
    str, typer.Option("--by", metavar="NAME", help="who does this; default the system's user")
]
ReasonOption = Annotated[str, typer.Option("--reason", help="why, kept with the change")]


def actor_of(by: str) -> Actor:
    """The person named with --by, else the system's user; WrongCall for what is no person."""
    if not by:
        return system_user()
    actor = Actor.parse(unicodedata.normalize("NFKC", by))
    if actor.kind is not ActorKind.USER:
        raise WrongCall(msg("--by {by!r} is no person; allowed: a name without a colon", by=by))
    return person(actor.name)
