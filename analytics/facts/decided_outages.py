"""Decisions on what outages refund, of a season's households or a place above them."""

from collections.abc import Iterator
from typing import Any

from numpy.typing import NDArray
from sqlalchemy import select
from sqlalchemy.orm import Session

from analytics.facts.recorded import OutageDecided
from analytics.facts.recorded_outages import Under
from domain.time import to_us
from store.books.changes import ChangeRecord
from store.books.current import OutageDecision
from store.books.registry import Place, Season
from store.registry.places import LEVEL, above_homes


def outage_decisions(
    session: Session, season: Season, homes: NDArray[Any]
) -> Iterator[tuple[int, OutageDecided]]:
    """(row of `homes`, decision) of each household within the place that one is about."""
    made = OutageDecision
    query = (
        select(
            made.place_id, LEVEL, made.since, made.until, made.share, made.basis, made.document,
            made.clause, ChangeRecord.actor,
        )
        .join(Place, Place.id == made.place_id)
        .join(ChangeRecord, ChangeRecord.id == made.change_id)
        .where(made.since < season.until, made.until > season.since)
    )  # fmt: skip
    found = session.execute(query).all()
    if not found:
        return
    under = Under(above_homes(session.connection(), homes))
    for place, level, since, until, share, basis, document, clause, actor in found:
        shown = f"{share.normalize():f}"
        own = OutageDecided(to_us(since), to_us(until), shown, basis, document, clause, str(actor))
        for row in under.rows(level, place).tolist():
            yield row, own
