"""What the books hold of a season's households beside readings, measurements and outages."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from analytics.facts.decided_outages import outage_decisions
from analytics.facts.recorded import (
    CEASED,
    FOREVER_US,
    Decided,
    Fee,
    Finding,
    OutageDecided,
    Recorded,
)
from domain.fee_gaps import as_held
from domain.time import to_us
from domain.tree import PlaceKind
from store.books.changes import ChangeRecord
from store.books.columns import OPEN_US, alike, read_columns
from store.books.current import Contract, Decision, FeeSpan, UserFault
from store.books.registry import Place, Season


@dataclass(slots=True)
class _Found:
    fees: list[Fee] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    decisions: list[Decided] = field(default_factory=list)
    outages: list[OutageDecided] = field(default_factory=list)

    def recorded(self) -> Recorded:
        rows = (self.fees, self.findings, self.decisions, self.outages)
        return Recorded(*(tuple(sorted(each)) for each in rows))  # type: ignore[arg-type]


def recorded(session: Session, season: Season, homes: NDArray[Any]) -> tuple[str, ...]:
    """(n,) what the books keep of the season's households; (): of none is there anything."""
    found: defaultdict[int, _Found] = defaultdict(_Found)
    for home, fee in _fees(session, season):
        found[home].fees.append(fee)
    for own in found.values():  # also those that ended before the season: they say who lives there
        own.fees = as_held(own.fees)
    for home, fee in _absences(session, season):
        found[home].fees.append(fee)
    for home, finding in _findings(session, season):
        found[home].findings.append(finding)
    for home, decision in _decisions(session, season):
        found[home].decisions.append(decision)
    for row, outage in outage_decisions(session, season, homes):
        found[int(homes[row])].outages.append(outage)
    kept = {home: each.recorded().kept() for home, each in found.items()}
    return tuple(kept.get(home, "") for home in homes.tolist()) if kept else ()


def _fees(session: Session, season: Season) -> Iterator[tuple[int, Fee]]:
    """Spans of the fee that began before the season's end, as they are recorded."""
    span = FeeSpan
    query = (
        select(
            span.household_id, span.since, span.until, span.state, span.payer,
            span.subsidy_percent, span.subsidy_by, span.document,
        )
        .join(Contract, and_(Contract.household_id == span.household_id, Contract.season_id == season.id))
        .where(span.since < season.until)
    )  # fmt: skip
    home, since, until, *texts = read_columns(session.connection(), query)
    times = since.tolist(), np.where(until == OPEN_US, FOREVER_US, until).tolist()
    state, payer, percents, by, document = texts
    percent = alike(percents, lambda text: str(Decimal(text)))
    rows = zip(*times, state, payer, percent, by, document, strict=True)
    yield from zip(home.tolist(), map(Fee._make, rows), strict=True)


def _absences(session: Session, season: Season) -> Iterator[tuple[int, Fee]]:
    """The time of the season in which a household is not in the registry."""
    there = (
        select(Place.id, Place.since, Place.until)
        .join(Contract, and_(Contract.household_id == Place.id, Contract.season_id == season.id))
        .where(or_(Place.since > season.since, Place.until < season.until))
    )
    for home, since, until in session.execute(there):
        if since > season.since:
            yield home, Fee(-FOREVER_US, to_us(since), CEASED)
        if until is not None and until < season.until:
            yield home, Fee(to_us(until), FOREVER_US, CEASED)


def _findings(session: Session, season: Season) -> Iterator[tuple[int, Finding]]:
    fault = UserFault
    query = (
        select(fault.household_id, fault.since, fault.until, fault.clause, fault.evidence)
        .join(Contract, and_(Contract.household_id == fault.household_id, Contract.season_id == season.id))
        .where(fault.since < season.until, or_(fault.until.is_(None), fault.until > season.since))
    )  # fmt: skip
    for home, since, until, clause, evidence in session.execute(query):
        yield home, Finding(to_us(since), _end(until), clause, evidence)


def _decisions(session: Session, season: Season) -> Iterator[tuple[int, Decided]]:
    made = Decision
    query = (
        select(
            Place.id, Place.code, Place.kind, Place.parent_id, made.since, made.until, made.outcome,
            made.basis, made.document, made.clause, made.temperature, ChangeRecord.actor,
        )
        .join(Place, Place.id == made.place_id)
        .join(ChangeRecord, ChangeRecord.id == made.change_id)
        .where(made.since < season.until, made.until > season.since)
    )  # fmt: skip
    for place, code, kind, parent, since, until, *rest, actor in session.execute(query):
        of_room = kind == PlaceKind.ROOM.value
        outcome, basis, document, clause, celsius = rest
        own = Decided(
            to_us(since), to_us(until), outcome, basis, document, clause, str(actor),
            code if of_room else "", "" if celsius is None else f"{celsius.normalize():f}",
        )  # fmt: skip
        home = parent if of_room else place
        assert home is not None  # a room is a household's
        yield home, own


def _end(until: Any) -> int:
    return FOREVER_US if until is None else to_us(until)
