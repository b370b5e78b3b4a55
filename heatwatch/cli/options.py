"""Which place and which language a command is asked about."""

from domain.errors import WrongCall
from heatwatch.wiring import World
from store.registry.places import Tree

LANGUAGES = ("zh", "en")


def place_of(world: World, places: Tree, code: str) -> int:
    """Place id of a code, by default of the city's company; WrongCall where it is not there."""
    wanted = code or world.config.city.company
    if wanted not in places.codes:
        raise WrongCall(f"place {wanted!r} is not in the registry ({len(places.codes)} places)")
    return int(places.ids[places.codes.index(wanted)])


def language_of(world: World, asked: str) -> str:
    """The language asked for, else the console's."""
    language = asked or world.config.console.language
    if language not in LANGUAGES:
        raise WrongCall(f"--lang {language!r} is not known; allowed: {', '.join(LANGUAGES)}")
    return language
