"""What a kind of report is: whose words it speaks, which period it covers, when it is due.

A report is made in one pass downwards: the kind chooses the period, a `Head` is made of both, the
kind's `view` turns books and readings into plain values, and every format is written from head and
view. Kind and period stand in the head, which the kind does not make itself, so a report can't
carry another's name or days.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Protocol
from zoneinfo import ZoneInfo

from sqlalchemy import Engine

from analytics.heat.supply import SupplyRule
from analytics.law.policy import Policy
from domain.actor import Actor
from domain.language import Text, msg_in
from domain.time import Span, day_start
from domain.tree import place_name
from store.books.delivery import DeliveryFault
from store.books.uplinks import DeviceUplinks
from store.registry.series import Tree

if TYPE_CHECKING:  # commands that look a season up read nothing, and this takes long to import
    from store.readings.readings import Readings


@dataclass(frozen=True, slots=True)
class Period:
    """Local civil days from `first` to `last`, both included."""

    first: date
    last: date

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise ValueError(f"a period ends {self.last} before it begins {self.first}")

    def days(self) -> Iterator[date]:
        """Each day, in order."""
        for i in range((self.last - self.first).days + 1):
            yield self.first + timedelta(days=i)

    def after(self) -> date:
        """The first day that is not in it any more."""
        return self.last + timedelta(days=1)

    def span(self, zone: ZoneInfo) -> Span:
        return Span(day_start(self.first, zone), day_start(self.after(), zone))

    def shown(self) -> Text | str:
        """As sentences have it: one day, or from the first to the last."""
        if self.first == self.last:
            return f"{self.first}"
        return msg_in("days", "{first} to {last}", first=self.first, last=self.last)

    def __str__(self) -> str:
        """As file names have it: one day, or the first and the last.

        >>> str(Period(date(2026, 1, 5), date(2026, 1, 5)))
        '2026-01-05'
        """
        return f"{self.first}" if self.first == self.last else f"{self.first}_{self.last}"


@dataclass(frozen=True, slots=True)
class Name:
    """A name in Chinese, and in English for every other language; without one the Chinese stands."""

    zh: str
    en: str = ""

    def of(self, language: str) -> str:
        return place_name("", self.zh, self.en, language)


@dataclass(frozen=True, slots=True)
class Head:
    """Which report this is, of whom and when, and what it rests on."""

    kind: str
    period: Period
    days: tuple[date, ...]  # those of the period that lie in the season, at least one
    due: date  # to be filed on this day at the latest
    company: str
    name: Name
    zone: str
    season: str
    other_seasons: tuple[str, ...]  # those that have the other days of the period
    policy: str
    policy_title: Name
    clause: str  # the standard's clause; "": the act names no temperature
    standard_c: Decimal  # [Cel]
    data_version: int
    made_at: datetime
    made_by: Actor
    #: Kinds of room with a standard of their own, as the policy names them -> [Cel].
    own_standards: Mapping[str, Decimal] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Sources:
    """Where a report takes its facts from; everything of one company and nothing of another's."""

    books: Engine
    readings: "Readings"
    network: Tree  # the company and what is below it
    season_id: int
    season: Span  # figures cover nothing outside it
    policy: Policy
    refused_messages: Callable[[Span], int]  # received within a span
    delivery_faults: Callable[[Span], Sequence[DeliveryFault]]  # that touch a span, by begin
    known_share: Decimal  # a household is measured from this share of its day on
    supply: SupplyRule = field(default_factory=SupplyRule)
    #: Of LoRaWAN devices, from a day until before another one.
    uplinks: Callable[[date, date], Sequence[DeviceUplinks]] = lambda _since, _until: ()


class Report(Protocol):
    """A kind of report: one file `reports/kinds/NAME.py` with a `REPORT` that meets this.

    Its name is its file's, in configuration, command, folder and file names alike.
    """

    @property
    def title(self) -> Text:
        """What stands above it."""

    @property
    def template(self) -> str:
        """Its page in `reports/render/templates`; it is given `head` and `view`."""

    @property
    def filed_with(self) -> Text:
        """Whom it is for."""

    @property
    def due_after(self) -> int:
        """Days after the period's last on which it is due, at least one. [d]"""

    def view(self, sources: Sources, head: Head) -> Any:
        """What it says: a frozen dataclass of plain values, a pure function of sources and head.

        Figures cover `head.days`, are worked out from the readings as of `head.data_version`, and
        carry what share of them is known.
        """

    def period(self, day: date) -> Period:
        """The one period that a local day belongs to; periods follow each other without a gap."""


@dataclass(frozen=True, slots=True)
class Changed:
    """One figure that is another than in the report before."""

    figure: str  # where it stands: total.below, stations[S1].counts.unknown
    before: str | None  # None: it was not there, or not known
    after: str | None


@dataclass(frozen=True, slots=True)
class Replaced:
    """The report of the same days that this one takes the place of."""

    data_version: int
    made_at: datetime
    changed: tuple[Changed, ...]


@dataclass(frozen=True, slots=True)
class Document:
    """A report that is made: every format is written from it alone."""

    report: Report
    head: Head
    view: Any
    replaces: Replaced | None = None  # None: it is the first of its days
