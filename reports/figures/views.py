"""What a compliance report says, as data: every format is made from this one view."""

from dataclasses import dataclass, fields
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Self

from reports.report import Name


@dataclass(frozen=True, slots=True)
class Counts:
    """Homes and readings of some days, each figure with what of it is known.

    A home-day is one household on one day; `at_standard`, `below` and `unknown` add up to them.
    """

    households: int  # distinct ones
    home_days: int
    at_standard: int
    below: int
    unknown: int
    share_at_standard: Decimal | None  # of the home-days that are not unknown [%]; None: all are
    degree_hours: Decimal  # below the standard, each home by its worst room of the day [K.h]
    known_h: Decimal  # hours of the homes that are known [h]
    home_h: Decimal  # hours of the homes [h]
    coverage: Decimal | None  # the one of the other [%]; None: no home
    readings: int  # usable ones, of each series no more than it promises
    expected: int  # readings that the declared intervals promise
    availability: Decimal | None  # the one of the other [%]; None: none is promised


@dataclass(frozen=True, slots=True)
class HouseholdFigures:
    """One household in its worst covered room of each day."""

    code: str
    address: str
    station: str
    known_h: Decimal  # [h]
    days_below: int
    hours_below: Decimal  # below the standard [h]
    degree_hours: Decimal  # below the standard [K.h]
    lowest_hour_c: Decimal | None  # lowest one-hour mean [Cel]; None: no hour known for 45 min


@dataclass(frozen=True, slots=True)
class StationFigures:
    """One station's homes."""

    code: str  # empty: the homes that hang below no station
    name: Name | None  # None: no station
    counts: Counts
    outage_h: Decimal | None  # [h]; None: no station


@dataclass(frozen=True, slots=True)
class DayFigures:
    """One local day of the period."""

    day: date
    counts: Counts


@dataclass(frozen=True, slots=True)
class OutageLine:
    """An outage that touches the days."""

    place: str
    name: Name
    since: datetime
    until: datetime | None
    hours: Decimal  # of the days [h]
    planned: bool
    recorded: bool  # in the dispatch record; otherwise seen in the meters only
    back: datetime | None  # where a record has no end: since when the meters show supply


@dataclass(frozen=True, slots=True)
class Refunds:
    """Where the season's refunds stand: the newest run, what is approved, what is open."""

    draft: int | None  # number of the newest run that is no what-if
    state: str | None  # of it: draft | approved
    draft_data_version: int | None
    households: int
    total: Decimal
    undetermined: int
    approved: Decimal
    currency: str
    open_tasks: int  # measurement tasks
    overdue_tasks: int
    due: date | None = (
        None  # by when refunds are paid, days off taken into account; None: no act says so
    )
    due_clause: str = ""
    due_published: bool = (
        True  # whether the days off of its year are known; if not, it may be later
    )


@dataclass(frozen=True, slots=True)
class DeliveryLine:
    """A time of which messages may be missing: the broker may have lost them on their way to us."""

    kind: str  # domain.delivery_faults.Kind
    about: str  # a topic filter; "": all
    since: datetime
    until: datetime | None  # None: it goes on
    at_most: int | None = None  # messages; None: not known


@dataclass(frozen=True, slots=True)
class UplinkLine:
    """Uplinks of a LoRaWAN device that came, and at most so many that did not."""

    device: str  # as its network calls it
    received: int
    missed: int
    share: Decimal | None  # that did not come [%]


@dataclass(frozen=True, slots=True)
class UplinkFigures:
    """The same of all devices on the days of a report, by their frame counters."""

    devices: int
    received: int
    missed: int
    share: Decimal | None  # that did not come [%]
    worst: tuple[UplinkLine, ...]  # of those with enough uplinks to tell


@dataclass(frozen=True, slots=True)
class Compliance:
    """Compliance of a company over the days of a report."""

    known_share: Decimal  # a household is measured from this share of its day on
    total: Counts
    households_with_deficit: int
    stations: tuple[StationFigures, ...]
    days: tuple[DayFigures, ...]
    worst: tuple[HouseholdFigures, ...]
    outages: tuple[OutageLine, ...]
    losses_not_recorded: int  # verified losses of supply that no record explains
    losses_partly_recorded: int  # and those of which the records hold a part only
    refunds: Refunds
    refused_messages: int  # and kept: those received on the days of the report
    delivery_faults: tuple[DeliveryLine, ...]  # that touch the days of the report
    uplinks: UplinkFigures  # of LoRaWAN devices on the days of the report

    @property
    def nothing_measured(self) -> bool:
        """Whether the days have not one usable reading: then every household is undetermined."""
        return self.total.readings == 0

    @classmethod
    def of(cls, whole: "Compliance", **more: Any) -> Self:
        """All that `whole` says, and the fields that a class of a report's own adds to it."""
        return cls(**{each.name: getattr(whole, each.name) for each in fields(whole)}, **more)


def share(part: int, whole: int) -> Decimal | None:
    """`part` of `whole` in percent, two decimals; None where the whole is nothing.

    >>> share(1, 3), share(0, 0)
    (Decimal('33.33'), None)
    """
    if whole == 0:
        return None
    return (Decimal(100 * part) / Decimal(whole)).quantize(Decimal("0.01"))
