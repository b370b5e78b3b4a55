"""Which company, place and language a command is asked about."""

from typing import Annotated

import typer

from domain.errors import WrongCall
from heatwatch.wiring import World
from store.registry.places import Tree

Company = Annotated[
    str, typer.Option("--company", help="its code; needed where the configuration has several")
]
LANGUAGES = ("zh", "en")


def place_of(world: World, places: Tree, code: str) -> int:
    """Place id of a code, by default of the only company; WrongCall where it is not there."""
    wanted = code or _only_company(world)
    if wanted not in places.codes:
        raise WrongCall(f"place {wanted!r} is not in the registry ({len(places.codes)} places)")
    return int(places.ids[places.codes.index(wanted)])


def _only_company(world: World) -> str:
    known = [each.code for each in world.config.all_companies]
    if len(known) > 1:
        raise WrongCall(
            f"a place is needed where there are several companies; allowed: {', '.join(known)}, "
            "or any place below one"
        )
    return known[0]


def language_of(world: World, asked: str) -> str:
    """The language asked for, else the console's."""
    language = asked or world.config.console.language
    if language not in LANGUAGES:
        raise WrongCall(f"--lang {language!r} is not known; allowed: {', '.join(LANGUAGES)}")
    return language
