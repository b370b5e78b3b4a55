"""Which company and place a command is about, and who gives it."""

from typing import Annotated

import typer

from domain.actor import Actor, ActorKind
from domain.errors import WrongCall
from domain.language import msg
from domain.tree import Tree
from heatwatch.config import system_user
from heatwatch.wiring import World

Company = Annotated[
    str, typer.Option("--company", help="its code; needed where the configuration has several")
]
#: Every command that changes something has this option.
ByOption = Annotated[
    str, typer.Option("--by", metavar="NAME", help="who does this; default the system's user")
]
ReasonOption = Annotated[str, typer.Option("--reason", help="why, kept with the change")]


def actor_of(by: str) -> Actor:
    """The person named with --by, else the system's user; WrongCall for what is no person."""
    actor = Actor.parse(by) if by else system_user()
    if actor.kind is not ActorKind.USER:
        raise WrongCall(msg("--by {by!r} is no person; allowed: a name without a colon", by=by))
    return actor


def place_of(world: World, places: Tree, code: str) -> int:
    """Place id of a code, by default of the only company; WrongCall where it is not there."""
    wanted = code or _only_company(world)
    if wanted not in places.codes:
        raise WrongCall(
            msg(
                "place {place!r} is not in the registry ({n} places)",
                place=wanted,
                n=len(places.codes),
            )
        )
    return int(places.ids[places.codes.index(wanted)])


def _only_company(world: World) -> str:
    known = [each.code for each in world.config.all_companies]
    if len(known) > 1:
        raise WrongCall(
            msg(
                "a place is needed where there are several companies; allowed: {allowed}, "
                "or any place below one",
                allowed=", ".join(known),
            )
        )
    return known[0]
