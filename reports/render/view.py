"""What the daily compliance report says, as data: every format is made from this one view."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Name:
    """A name in both languages; without an English one the Chinese stands for both."""

    zh: str
    en: str = ""

    def of(self, language: str) -> str:
        return self.en if language == "en" and self.en else self.zh


@dataclass(frozen=True, slots=True)
class HouseholdDay:
    """One household's day in its worst covered room."""

    code: str
    address: str
    station: str
    known_h: Decimal  # [h]
    hours_below: Decimal  # below the standard [h]
    degree_hours: Decimal  # below the standard [K.h]
    lowest_hour_c: Decimal | None  # lowest one-hour mean [Cel]; None: no hour known for 45 min


@dataclass(frozen=True, slots=True)
class StationDay:
    """One station's homes on that day; counts add up to `households`."""

    code: str  # empty: the homes that hang below no station
    name: Name
    households: int
    at_standard: int
    below: int
    unknown: int
    degree_hours: Decimal  # [K.h]
    readings: int  # usable ones, of each series no more than it promises
    expected: int  # readings that the declared intervals promise
    outage_h: Decimal | None  # [h]; None: no station

    @property
    def availability(self) -> Decimal | None:
        return share(self.readings, self.expected)


@dataclass(frozen=True, slots=True)
class OutageLine:
    """A stop of supply that touches the day."""

    place: str
    name: Name
    since: datetime
    until: datetime | None
    hours_of_day: Decimal  # [h]
    planned: bool
    recorded: bool  # in the dispatch record; otherwise seen in the meters only
    back: datetime | None = None  # where a record has no end: since when the meters show supply


@dataclass(frozen=True, slots=True)
class Refunds:
    """Where the season's refunds stand: the newest draft, what is approved, what is open."""

    draft: int | None  # run number
    draft_flush: int | None
    households: int
    total: Decimal
    undetermined: int
    approved: Decimal
    currency: str
    open_tasks: int  # measurement tasks
    overdue_tasks: int


@dataclass(frozen=True, slots=True)
class DailyReport:
    """The daily compliance report of a company, as of a flush."""

    company: str
    name: Name
    day: date
    zone: str
    season: str
    policy: str
    policy_title: Name
    clause: str  # the standard's clause
    standard_c: Decimal  # [Cel]
    known_share: Decimal  # a household is measured from this share of its day on
    flush: int
    made_at: datetime
    stations: tuple[StationDay, ...]
    worst: tuple[HouseholdDay, ...]
    households_with_deficit: int
    outages: tuple[OutageLine, ...]
    losses_not_recorded: int  # verified losses of supply that no record explains
    losses_partly_recorded: int  # and those of which the records hold a part only
    refunds: Refunds
    refused_messages: int  # kept in quarantine so far

    @property
    def households(self) -> int:
        return sum(s.households for s in self.stations)

    @property
    def at_standard(self) -> int:
        return sum(s.at_standard for s in self.stations)

    @property
    def below(self) -> int:
        return sum(s.below for s in self.stations)

    @property
    def unknown(self) -> int:
        return sum(s.unknown for s in self.stations)

    @property
    def measured(self) -> int:
        return self.at_standard + self.below

    @property
    def share_at_standard(self) -> Decimal | None:
        return share(self.at_standard, self.measured)

    @property
    def degree_hours(self) -> Decimal:
        return sum((s.degree_hours for s in self.stations), Decimal(0))

    @property
    def availability(self) -> Decimal | None:
        received = sum(s.readings for s in self.stations)
        return share(received, sum(s.expected for s in self.stations))


def share(part: int, whole: int) -> Decimal | None:
    """`part` of `whole` in percent, two decimals; None where the whole is nothing."""
    if whole == 0:
        return None
    return (Decimal(100 * part) / Decimal(whole)).quantize(Decimal("0.01"))
