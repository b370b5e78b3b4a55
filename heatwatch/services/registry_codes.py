"""Companies and places of the configuration that the registry does not know: nothing would come of them."""

from collections.abc import Collection, Sequence

from alerts.config import Recipient
from domain.errors import WrongCall
from domain.language import Text, joined, msg
from domain.nearest import AMONG_KEYS, nearest
from domain.tree import PlaceKind
from heatwatch.config_tables import Config
from heatwatch.output import note
from heatwatch.wiring import World


def unknown_codes(config: Config) -> list[Text]:
    """A line for each company, or place of a recipient, that is not in the registry.

    Empty where the books are not there yet or do not answer: codes are known only with them.
    """
    recipients = config.alerts.recipients
    if not config.companies and not any(each.places for each in recipients):
        return []
    known = _codes(config.store.books)
    if not known:
        return []
    companies = sorted(code for code, kind in known.items() if kind == PlaceKind.COMPANY.value)
    lines = [
        msg(
            "companies.{i}.code = {code!r} is no company of the registry; allowed: {known}",
            i=i, code=each.code, known=", ".join(companies) or msg("none yet"),
        )
        for i, each in enumerate(config.companies)
        if each.code not in companies
    ]  # fmt: skip
    return [*lines, *unknown_places(recipients, known)]


def unknown_places(recipients: Sequence[Recipient], codes: Collection[str]) -> list[Text]:
    """A line for each place of a recipient that is none of these codes, with the nearest one."""
    return [
        msg(
            "{key} = {place!r} is not in the registry{near}; allowed: codes of its {n} places",
            key=f"alerts.recipients.{i}.places", place=place, near=_nearest(place, codes),
            n=len(codes),
        )
        for i, each in enumerate(recipients)
        for place in each.places
        if place not in codes
    ]  # fmt: skip


def _nearest(place: str, known: Collection[str]) -> Text | str:
    near = nearest(place, known, AMONG_KEYS)
    return msg("; did you mean {near}?", near=near) if near else ""


def refuse_unknown_codes(world: World) -> None:
    """WrongCall where the registry lacks what the configuration names."""
    if lines := unknown_codes(world.config):
        raise WrongCall(
            joined("\n", [msg("{path}: {line}", path=world.path, line=line) for line in lines])
        )


def warn_of_unknown_codes(world: World) -> None:
    """The same for a run, which goes on: the registry may get them later."""
    for line in unknown_codes(world.config):
        note(msg("warning: {line}; until then nothing comes of it", line=line))


def _codes(books: str) -> dict[str, str]:
    """Kinds of all places by code, as far as the books can be read."""
    from sqlalchemy import select
    from sqlalchemy.exc import DatabaseError

    from heatwatch.services.existing_books import existing_books
    from store.books.registry import Place

    with existing_books(books) as engine:
        if engine is None:
            return {}
        try:
            with engine.connect() as link:
                return {row.code: row.kind for row in link.execute(select(Place.code, Place.kind))}
        except DatabaseError:
            return {}
