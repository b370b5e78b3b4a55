"""What else is recorded of a household: who bore its fee when, findings of its fault, decisions.

As a snapshot keeps it: one line of JSON for each household, "" where there is nothing. Times in µs
since the epoch; spans are half-open, one without an end lasts until the next of its kind begins.
"""

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any, NamedTuple

from numpy.typing import NDArray
from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from domain.errors import WrongCall
from domain.language import msg, not_known
from domain.recorded import BEARING, DECIDED_BY, FEE_STATES, OUTCOMES
from domain.time import to_us
from domain.tree import PlaceKind
from store.books.changes import ChangeRecord
from store.books.current import Contract, Decision, FeeSpan, UserFault
from store.books.registry import Place, Season

FOREVER_US = 2**62
CEASED = "ceased"  # the household is not in the registry any more, or not yet


class Fee(NamedTuple):
    """Who bears the fee, or that nobody is charged."""

    since: int
    until: int
    state: str  # of `FEE_STATES`, or CEASED
    payer: str = ""  # "": the contract's holder
    subsidy: str = "0"  # percent of the fee, decimal
    subsidy_by: str = ""
    document: str = ""

    @property
    def charged(self) -> bool:
        return self.state in BEARING


class Finding(NamedTuple):
    """A finding of the household's own fault."""

    since: int
    until: int
    clause: str
    evidence: str


class Decided(NamedTuple):
    """A decision on what is undetermined."""

    since: int
    until: int
    outcome: str  # of `OUTCOMES`
    basis: str  # of `DECIDED_BY`
    document: str
    clause: str
    actor: str  # who recorded it
    room: str = ""  # code; "": the dwelling


@dataclass(frozen=True, slots=True)
class Recorded:
    """Of one household, each by its begin."""

    fees: tuple[Fee, ...] = ()
    findings: tuple[Finding, ...] = ()
    decisions: tuple[Decided, ...] = ()

    def kept(self) -> str:
        """As a snapshot keeps it."""
        rows = {"fees": self.fees, "findings": self.findings, "decisions": self.decisions}
        found = {name: [list(each) for each in of] for name, of in rows.items() if of}
        return json.dumps(found, ensure_ascii=False, separators=(",", ":")) if found else ""

    def fee_at(self, at: int) -> Fee | None:
        """The span that holds an instant [µs]: of several the one that began last; None: none does."""
        covering = [each for each in self.fees if each.since <= at < each.until]
        return max(covering, key=lambda each: each.since, default=None)

    def bearer_at(self, at: int) -> str:
        """Who bore the fee at an instant [µs], or last before it."""
        while (own := self.fee_at(at)) is not None and not own.charged:
            at = own.since - 1
        return "" if own is None else own.payer

    def lived_at(self, at: int) -> str:
        """Whose a request of an instant [µs] is: its bearer, by the name a later row gives the same one."""
        name = self.bearer_at(at)
        for each in () if name else self.fees:
            if each.since > at and each.state in BEARING:
                return each.payer if each.state == "charged" else ""
        return name


NOTHING = Recorded()


@cache
def recorded_of(kept: str) -> Recorded:
    """What a snapshot keeps of a household."""
    if not kept:
        return NOTHING
    told = json.loads(kept)
    return Recorded(
        tuple(Fee(*row) for row in told.get("fees", ())),
        tuple(Finding(*row) for row in told.get("findings", ())),
        tuple(Decided(*row) for row in told.get("decisions", ())),
    )


@dataclass(slots=True)
class _Found:
    fees: list[Fee] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    decisions: list[Decided] = field(default_factory=list)

    def recorded(self) -> Recorded:
        rows = (self.fees, self.findings, self.decisions)
        fees, findings, decisions = (tuple(sorted(each)) for each in rows)
        return Recorded(fees, findings, decisions)  # type: ignore[arg-type]


def recorded(session: Session, season: Season, homes: NDArray[Any]) -> tuple[str, ...]:
    """(n,) what the books keep of the season's households; (): of none is there anything."""
    found: defaultdict[int, _Found] = defaultdict(_Found)
    for home, fee in _fees(session, season):
        found[home].fees.append(fee)
    for home, finding in _findings(session, season):
        found[home].findings.append(finding)
    for home, decision in _decisions(session, season):
        found[home].decisions.append(decision)
    kept = {home: each.recorded().kept() for home, each in found.items()}
    return tuple(kept.get(home, "") for home in homes.tolist()) if kept else ()


def _fees(session: Session, season: Season) -> Iterator[tuple[int, Fee]]:
    """Spans of the fee that touch the season, and the time of it in which a household is not there."""
    span = FeeSpan
    query = (
        select(
            span.household_id, span.since, span.until, span.state, span.payer,
            span.subsidy_percent, span.subsidy_by, span.document,
        )
        .join(Contract, and_(Contract.household_id == span.household_id, Contract.season_id == season.id))
        .where(span.since < season.until, or_(span.until.is_(None), span.until > season.since))
    )  # fmt: skip
    for home, since, until, state, payer, percent, by, document in session.execute(query):
        yield home, Fee(to_us(since), _end(until), state, payer, str(percent), by, document)
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
            made.basis, made.document, made.clause, ChangeRecord.actor,
        )
        .join(Place, Place.id == made.place_id)
        .join(ChangeRecord, ChangeRecord.id == made.change_id)
        .where(made.since < season.until, made.until > season.since)
    )  # fmt: skip
    for place, code, kind, parent, since, until, *rest, actor in session.execute(query):
        of_room = kind == PlaceKind.ROOM.value
        outcome, basis, document, clause = rest
        of = code if of_room else ""
        own = Decided(to_us(since), to_us(until), outcome, basis, document, clause, str(actor), of)
        home = parent if of_room else place
        assert home is not None  # a room is a household's
        yield home, own


def _end(until: Any) -> int:
    return FOREVER_US if until is None else to_us(until)


Local = Callable[[str, str], int]  # a local civil time and its key -> µs


def from_rows(
    fee_spans: Sequence[Mapping[str, str]], decisions: Sequence[Mapping[str, str]], local: Local
) -> Recorded:
    """The same from a file's rows; WrongCall with the key, its value and what is allowed."""
    fees = [_fee_row(row, local) for row in fee_spans]
    decided = [_decision_row(row, local) for row in decisions]
    return Recorded(tuple(sorted(fees)), (), tuple(sorted(decided)))


def _fee_row(row: Mapping[str, str], local: Local) -> Fee:
    _known(
        "fee_spans",
        row,
        ("since", "state"),
        ("until", "payer", "subsidy_percent", "subsidy_by", "document"),
    )
    state = _choice("fee_spans.state", row["state"], FEE_STATES)
    until = local(row["until"], "fee_spans.until") if row.get("until") else FOREVER_US
    return Fee(
        local(row["since"], "fee_spans.since"), until, state, row.get("payer", ""),
        row.get("subsidy_percent", "0"), row.get("subsidy_by", ""), row.get("document", ""),
    )  # fmt: skip


def _decision_row(row: Mapping[str, str], local: Local) -> Decided:
    _known(
        "decisions", row, ("since", "until", "outcome", "basis", "document", "clause"), ("room",)
    )
    return Decided(
        local(row["since"], "decisions.since"), local(row["until"], "decisions.until"),
        _choice("decisions.outcome", row["outcome"], OUTCOMES),
        _choice("decisions.basis", row["basis"], DECIDED_BY),
        row["document"], row["clause"], "", row.get("room", ""),
    )  # fmt: skip


def _known(key: str, row: Mapping[str, str], needed: Iterable[str], others: Iterable[str]) -> None:
    for name in needed:
        if not row.get(name, "").strip():
            raise WrongCall(msg("facts: {key}.{name}: must not be empty", key=key, name=name))
    for name in row:
        if name not in {*needed, *others}:
            raise WrongCall(not_known(msg("facts: {key}: key", key=key), name, [*needed, *others]))


def _choice(key: str, value: str, allowed: Sequence[str]) -> str:
    if value not in allowed:
        raise WrongCall(not_known(msg("facts: {key}", key=key), value, allowed))
    return value
