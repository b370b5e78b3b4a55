"""Recipients whose places the registry does not know: nobody would ever get a message for them."""

from difflib import get_close_matches
from pathlib import Path

from domain.errors import WrongCall
from domain.language import Text, joined, msg
from heatwatch.config_tables import Config
from heatwatch.output import note
from heatwatch.wiring import World

POSTGRES_WAIT_S = 3


def unknown_places(config: Config) -> list[Text]:
    """A line for each place of a recipient that is not in the registry, with the nearest code.

    Empty where the books are not there yet or do not answer: places are known only with them.
    """
    named = [
        (f"alerts.recipients.{i}.places", place)
        for i, each in enumerate(config.alerts.recipients)
        for place in each.places
    ]
    known = _codes(config.store.books) if named else set()
    return [
        msg(
            "{key} = {place!r} is not in the registry{near}; allowed: codes of its {n} places",
            key=key,
            place=place,
            near=_nearest(place, known),
            n=len(known),
        )
        for key, place in named
        if known and place not in known
    ]


def refuse_unknown_places(world: World) -> None:
    """WrongCall where a recipient's place is not in the registry."""
    if lines := unknown_places(world.config):
        raise WrongCall(
            joined("\n", [msg("{path}: {line}", path=world.path, line=line) for line in lines])
        )


def warn_of_unknown_places(world: World) -> None:
    """The same for a run, which goes on: the registry may get the place later."""
    for line in unknown_places(world.config):
        note(msg("warning: {line}; its recipient gets no message about it", line=line))


def _nearest(place: str, known: set[str]) -> Text | str:
    near = get_close_matches(place, known, n=1, cutoff=0.5)
    return msg("; did you mean {near}?", near=near[0]) if near else ""


def _codes(books: str) -> set[str]:
    """Codes of all places, as far as the books can be read; nothing is made or migrated."""
    from sqlalchemy import create_engine, select
    from sqlalchemy.exc import DatabaseError

    from store.books.registry import Place
    from store.server.address import database

    address = database("books", books, in_memory=True)
    sqlite = address.get_backend_name() == "sqlite"
    if sqlite and not (address.database and Path(address.database).is_file()):
        return set()
    wait = {} if sqlite else {"connect_timeout": POSTGRES_WAIT_S}
    engine = create_engine(address, connect_args=wait)
    try:
        with engine.connect() as link:
            return set(link.scalars(select(Place.code)))
    except DatabaseError:
        return set()
    finally:
        engine.dispose()
