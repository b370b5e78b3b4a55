"""What a letter says: plain values that every format is written from.

Sentences that depend on the reader's language are kept as steps keep them, or as `Text`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple

from analytics.law.deadlines import Deadline
from analytics.law.overlays import WhatIf
from analytics.law.steps import Step
from analytics.law.terms import Interpretation, Terms
from analytics.ledger.changed_facts import FactChange
from analytics.ledger.sent_before import SentBeside
from domain.actor import Actor
from domain.language import Text
from domain.recorded import OPERATOR
from domain.time import Span
from reports.letters.payers import Occupant
from reports.letters.unknown import Unknown
from reports.report import Name


@dataclass(frozen=True, slots=True)
class Room:
    """A room of the household as people know it."""

    code: str
    name: Name
    use: str  # domain.tree.RoomUse


@dataclass(frozen=True, slots=True)
class Asked:
    """A request of the household."""

    at: datetime
    by: str
    became: tuple[Text, ...] = ()  # what it was when the sum was decided, and why
    due: datetime | None = None  # by when somebody had to come; None: no limit ran
    came: datetime | None = None  # who measured or was refused first; None: nobody by then
    ended: datetime | None = None  # when it stood no more; None: it did when the sum was decided


@dataclass(frozen=True, slots=True)
class Measured:
    """A measurement record, with who signed it."""

    room: str  # code
    at: datetime
    celsius: Decimal  # [Cel]
    signed_by: str
    signatures: int


@dataclass(frozen=True, slots=True)
class Outage:
    """An outage record of the household or of a place above it."""

    place: str  # code
    name: Name
    since: datetime
    until: datetime | None
    planned: bool
    by_user: bool
    evidence: str
    cause: str = OPERATOR  # of `domain.recorded.OUTAGE_CAUSES`
    announced_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Fault:
    """A finding of a user's fault."""

    since: datetime
    until: datetime | None
    clause: str
    evidence: str


@dataclass(frozen=True, slots=True)
class Refused:
    """A measurement that the user refused."""

    at: datetime
    evidence: str


@dataclass(frozen=True, slots=True)
class Certificate:
    """A device's verification."""

    since: datetime
    until: datetime | None
    document: str


@dataclass(frozen=True, slots=True)
class Sensor:
    """A sensor that speaks for a room of the household."""

    room: str  # code
    device: str
    model: str
    since: datetime
    until: datetime | None
    interval_s: int  # [s]
    verified: bool  # by the registry's flag, which counts where there is no certificate
    certificates: tuple[Certificate, ...]


@dataclass(frozen=True, slots=True)
class Facts:
    """What books and evidence say about a household in a season."""

    company: Name
    company_address: str
    household: str
    name: Name
    address: str
    rooms: tuple[Room, ...]
    requests: tuple[Asked, ...] = ()
    measured: tuple[Measured, ...] = ()
    outages: tuple[Outage, ...] = ()
    faults: tuple[Fault, ...] = ()
    refused: tuple[Refused, ...] = ()
    sensors: tuple[Sensor, ...] = ()


class Piece(NamedTuple):
    """A value that stands from one instant to another. [µs, 0.001 °C]"""

    since_us: int
    until_us: int
    value: int


@dataclass(frozen=True, slots=True)
class Curve:
    """The worst room's temperature over the time that matters."""

    room: str  # code
    window: Span
    pieces: tuple[Piece, ...]
    unknown: tuple[Span, ...]  # of the window
    known_us: int  # of the window [µs]
    more: int = 0  # how much warmer than the general standard its room is owed [0.001 K]


@dataclass(frozen=True, slots=True)
class Run:
    """Which run the sum is of, and whose."""

    number: int
    approved: bool
    what_if: bool  # it is never approved
    data_version: int
    made_at: datetime
    drafted_by: Actor
    approved_by: Actor | None
    approved_at: datetime | None
    snapshot_sha256: str
    results_sha256: str


@dataclass(frozen=True, slots=True)
class Earlier:
    """What the approved run before came to, and on which days this one differs."""

    run: int
    total: Decimal
    differences: Sequence[Mapping[str, Any]]  # of `analytics.ledger.differences`
    facts: Sequence[FactChange] = ()  # of its household that this run takes otherwise
    data_version: int = 0
    sent: Mapping[str, Decimal] | None = None  # to the bank by payer; None: not known


@dataclass(frozen=True, slots=True)
class Letter:
    """Everything that a resident and a court are shown about one household's refund of a season."""

    season: str
    zone: str
    first_day: date
    last_day: date
    dated: date
    terms: Terms
    policy_sha256: str
    fee: Decimal  # at the season's begin
    fees: tuple[tuple[date, Decimal], ...]  # where it changes inside: what holds from a day on
    consent: bool
    total: Decimal
    currency: str
    undetermined: bool
    bounds: tuple[Decimal, Decimal] | None  # lower and upper sum of what is undetermined
    reason: Text | str
    lines: Sequence[Step]
    steps: Sequence[Step]  # of the reasoning: neither lines nor the law
    interpretations: Sequence[Interpretation]
    facts: Facts
    curve: Curve | None
    due: Deadline | None
    objection: Deadline
    run: Run | None  # None: computed for this letter, and kept nowhere
    rooms: Mapping[str, Room]
    unknown: Sequence[Unknown] = ()  # of the season up to then
    judged_by: str = ""  # what makes readings decide, of `unknown.Judged`
    earlier: Earlier | None = None  # None: nothing was approved before
    pays: bool = True  # whether the act provides any sum
    findings: Sequence[Step] = ()  # of non-compliance, under one that does not
    what_if: bool = False  # under another policy than the season's own
    overlay: WhatIf | None = None  # where that is one with an overlay
    occupants: Sequence[Occupant] = ()  # of a household in which several lived
    promised: Decimal | None = None  # by the contract, in place of the act's standard [Cel]
    use: Step | None = None  # of a user who is not residential: whose the standard is
    sent_beside: SentBeside | None = None  # for the same days in other seasons; None: nothing
    #: Its contract left the season since the run before: seasons of the same days that have it; None: it is here
    left: Sequence[str] | None = None

    @property
    def has_left(self) -> bool:
        """Whether its contract left the season: nothing is computed for it, and nothing is owed."""
        return self.left is not None

    def by_payer(self) -> dict[str, Decimal]:
        """The sums of its lines by whose they are, "" the contract's holder."""
        found: dict[str, Decimal] = {}
        for each in self.lines:
            payer = each["numbers"].get("payer", "")
            found[payer] = found.get(payer, Decimal(0)) + Decimal(each["numbers"]["amount"])
        return found
