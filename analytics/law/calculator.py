"""The contract of a calculator, and what it is given and gives."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from typing import Any, ClassVar, Generic, NamedTuple, Protocol, TypeVar, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from analytics.facts.season_days import SeasonDays
from analytics.facts.snapshot import Snapshot
from analytics.law.lines import ZERO, Line, exact_amount
from analytics.law.overlays import WhatIf
from analytics.law.reasons import NOT_CHARGED, Reason
from analytics.law.record_hours import ClosedRecords
from analytics.law.steps import LocalTimes, Step
from analytics.law.terms import Table, Terms
from domain.columns import Columns
from domain.language import Text
from domain.money import round_half_up

#: Of a day's fee; a band's share of a day may be a part of a second.
Seconds = int | Fraction
T = TypeVar("T")
#: Series ids (increasing) -> their readings in the season, resolved, as of the run's flush.
Source = Callable[[NDArray[np.int32]], Columns]


@dataclass(frozen=True, slots=True)
class ByDay(Generic[T]):
    """What values that change inside a season come to on each of its local days, such as a calculator's table."""

    first: T
    later: tuple[tuple[int, T], ...] = ()  # (day by index, what holds from then on), by day

    def on(self, day: int) -> T:
        """That of a day, by index."""
        return next((each for since, each in reversed(self.later) if since <= day), self.first)


@dataclass(frozen=True)
class Basis:
    """What a run settles: one season under one policy."""

    snapshot: Snapshot
    terms: Terms
    columns_of: Source
    excused: Sequence[date] = ()  # local days excused beside those the outdoor series excuse
    trial: bool = False  # nothing of it is kept or owed
    what_if: WhatIf | None = None  # the policy is an overlay on another one, and no act
    unseen_paid: bool = (
        False  # supposes that a clause that was not seen pays the fee of an outage's time
    )
    fee_of_days: bool = False  # what a season pays at most is looked at once each day has its fee (`settlement.priced`)
    closed: ClosedRecords | None = None  # records that do not count, which the snapshot is without
    days: SeasonDays = field(init=False)
    at: LocalTimes = field(init=False)  # instants as steps show them

    def __post_init__(self) -> None:
        object.__setattr__(self, "days", SeasonDays.of(self.snapshot.season))
        object.__setattr__(self, "at", LocalTimes(self.snapshot.season.zone))

    @cached_property
    def count(self) -> Fraction:
        """Days of the season."""
        return self.days.count()

    def by_day(self, table: T) -> ByDay[T]:
        """A table of the policy, and what it is from each day of the season on at which values change."""
        days, later = self.days.days, []
        for since, tables in self.terms.later_tables():
            own = next(each for each in tables.values() if type(each) is type(table))
            later.append((days.index(since), own))
        return ByDay(table, tuple(later))

    def line(
        self, kind: str, fee: Fraction, first: int, last: int, days: Fraction, share: Fraction,
        clause: str, seconds: Iterable[tuple[int, Seconds]] = (),
    ) -> Line:  # fmt: skip
        """A line over days of the season by index, rounded once; `seconds` of them where they differ."""
        shown, exact = self.days.days, exact_amount(fee, days, share, self.count)
        return Line(
            kind, shown[first], shown[last], days, share,
            round_half_up(exact, self.terms.currency), clause,
            exact=exact, seconds=tuple(seconds),
        )  # fmt: skip


class Piece(NamedTuple):
    """Some households (n) with what is known of them."""

    part: Snapshot
    columns: Columns  # readings of those that some calculator reads; of others there are none
    fee: Sequence[Fraction]  # (n,) for the whole season


class Waits(NamedTuple):
    """Days that are open for one thing, and how much they may come to beyond what is sure."""

    why: Reason | None  # None: for a measurement
    days: tuple[int, ...]  # of the season, by index
    stake: Decimal


class Claim(NamedTuple):
    """What one calculator finds for one household."""

    lines: tuple[Line, ...] = ()
    upper: Decimal = ZERO  # its sum with longer unknown stretches taken as below
    lower: Decimal = ZERO  # and as compliant
    open_days: tuple[int, ...] = ()  # undetermined days of the season, by index
    ahead: bool = False  # open only because the season goes on
    reason: Reason | None = None  # why it pays nothing; None: it pays, or is open
    taken: Mapping[int, "Seconds"] = {}  # day -> what its lines pay of it, as seconds of its fee
    steps: Iterable[Step] | None = None  # from facts to lines; None: there was nothing to judge
    waits_for: Reason | None = None  # what its open days wait for; None: for a measurement
    waits: tuple["Waits", ...] = ()  # of claims put together that wait for several things, each

    @classmethod
    def decided(cls, lines: Sequence[Line], **other: Any) -> "Claim":
        """Nothing is open, so that all sums are one."""
        owed = sum((each.amount for each in lines), ZERO)
        return cls(tuple(lines), owed, owed, **other)


class Calculator(Protocol):
    """One way in which an act turns facts into money.

    A calculator has a module of its name in this folder, holding this class as `Calculator`, and
    stands in `CALCULATORS`. A run makes one of it for the season and asks it piece by piece.

    It keeps: the same piece gives the same claims, whatever households stand beside in it; a
    claim that pays nothing and leaves nothing open has a reason; its lines are of its `kinds`, lie
    in the season's days, come to fee ÷ season days × `days` × `share` or have the `formula` that they
    do come from (a flat sum), and each day pays the smaller of its bounds, so that all sums are one where
    nothing is open; a day pays at most its fee, whatever other calculators stand in the policy
    (7.10): of what those before it have `taken` of a day nothing is left, and `taken` names what its
    own lines pay of each day, without their multiple (its table's `of_days` is False where they are
    no shares of their days); a line's `seconds` say what it has of each day, where that differs from day
    to day: it is cut by them between those who bore the fee; where no fee was charged shares of it are nothing and a flat sum is paid all the
    same, unless the text says otherwise; a day that is `not_charged` pays nothing and its tests do not
    count, though a month's fee may begin before it; colder facts, or more of the same evidence, never pay less. It reads nothing
    but what it is given.
    """

    #: The model of its table `[NAME]` in a policy.
    Table: ClassVar[type[Table]]
    #: Why it may pay nothing.
    reasons: ClassVar[tuple[Reason, ...]]
    #: Kinds of its lines -> their words.
    kinds: ClassVar[Mapping[str, Text]]
    #: Interpretations that are about it. One that no calculator names fits every policy; one that
    #: some name fits the policies that list one of them.
    interpretations: ClassVar[tuple[str, ...]]

    def __init__(self, basis: Basis, table: Any) -> None: ...

    @staticmethod
    def against(terms: Terms, table: Any) -> Iterator[Text]:
        """What in its table contradicts the rest of the policy, each with its key first."""
        ...

    @property
    def clause(self) -> str:
        """The clause its claims rest on as a whole."""
        ...

    @property
    def request_clause(self) -> str:
        """The clause by which it pays on request only; "": it needs no request."""
        ...

    def reads(self, snapshot: Snapshot) -> NDArray[np.bool_]:
        """(n,) households whose readings it needs."""
        ...

    def claims(self, piece: Piece, before: Sequence[Sequence[Claim]]) -> Sequence[Claim]:
        """(n,) its claims, given those of the calculators before it for each household."""
        ...


@runtime_checkable
class OfTheCold(Protocol):
    """A calculator that of a household takes nothing from readings but that there are usable ones
    in the season, where none of them is below `standard` and nothing was measured on site."""

    standard: int  # [0.001 °C]


@runtime_checkable
class OfOutageHours(Protocol):
    """A calculator that pays hours of an outage, over a limit that may change at once as it ends later."""

    an_hour: Fraction  # what each takes of a month's fee

    def jumps(self, piece: Piece, before: Sequence[Sequence[Claim]]) -> Sequence[Sequence[int]]:
        """(n,) the ends [µs] of each household's outage without one behind which its limit is another."""
        ...


@runtime_checkable
class OfUnseenClause(Protocol):
    """A calculator of a clause that may not have been seen: then it can suppose that it pays (`Basis.unseen_paid`)."""

    unseen: bool


@runtime_checkable
class OfColdHours(Protocol):
    """A calculator that pays hours of cold, which those of an outage take away."""

    def turns(
        self, piece: Piece, before: Sequence[Sequence[Claim]], an_hour: Fraction,
        apart: Sequence[Sequence[int]],
    ) -> Sequence[Sequence[int]]:  # fmt: skip
        """(n,) of each household's outage without an end the ends [µs] that pay the most between two of
        `apart` (ascending), where an hour of it takes `an_hour` of the month's fee once they are paid."""
        ...


def left_of_days(basis: Basis, days: Iterable[int], before: Sequence[Claim]) -> dict[int, Seconds]:
    """Day -> seconds of its fee that are left, of the days of which any are."""
    taken = taken_by(before)
    left = {day: int(basis.days.inside_s[day]) - taken.get(day, 0) for day in days}
    return {day: seconds for day, seconds in left.items() if seconds > 0}


def part_days(basis: Basis, seconds: Mapping[int, Seconds]) -> Fraction:
    """Seconds of each day by the seconds that the local day has: what a line's `days` are."""
    length = basis.days.length_s
    return sum((Fraction(s) / int(length[day]) for day, s in seconds.items()), Fraction(0))


def not_charged(before: Sequence[Claim]) -> Mapping[int, Seconds]:
    """Day -> its seconds, of days of which the household bore no fee (7.11e, 7.18); `taken_by` has them, too."""
    return before[0].taken if before and before[0].reason is NOT_CHARGED else {}


def taken_by(before: Sequence[Claim]) -> dict[int, Seconds]:
    """Day -> seconds whose fee earlier calculators have paid."""
    taken: dict[int, Seconds] = {}
    for claim in before:
        for day, seconds in claim.taken.items():
            taken[day] = taken.get(day, 0) + seconds
    return taken
