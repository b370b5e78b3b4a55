"""What every policy has: its name, force, standard, deadlines and interpretations.

A policy's other tables belong to its calculators (`law/calculators/`). Every number carries its
clause; what a text leaves open is a named interpretation (docs/interpretations.md), printed
on each sheet.
"""

from collections.abc import Iterator, Mapping
from datetime import date, time
from decimal import Decimal
from fractions import Fraction
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    field_validator,
    model_validator,
)

from analytics.law.exact import decimal_of, share_of
from analytics.law.limit_words import days, hours
from domain.faults import shaped
from domain.language import Text, msg, plural
from domain.names import ROOM_KINDS
from domain.recorded import CAUSES
from domain.tree import CORNER, COVERED_ROOMS, RoomUse

ID = r"^[A-Z0-9]+(-[A-Za-z0-9]+)*$"  # of a policy

_POLICY = shaped(ID, msg("capital letters and digits, joined by -, e.g. CN-HA-2018"))
_NAME = shaped(
    "[a-z0-9]+(-[a-z0-9]+)*",
    msg("small letters and digits, joined by -, e.g. outage-before-cold"),
)
_CURRENCY = shaped("[A-Z]{3}", msg("three capital letters, e.g. CNY"))
_TIME = shaped(r"([01]\d|2[0-3]):[0-5]\d", msg("a time of day, e.g. 20:00"))
month_day = shaped(r"\d\d-\d\d", msg("month and day, e.g. 06-30"))

Grade = Literal["A", "A-", "B", "B/C", "C", "M"]
#: Of a text that was read whole, or nearly; under another grade a policy is a template.
SETTLES: tuple[Grade, ...] = ("A", "A-")


Exact = Annotated[Decimal, BeforeValidator(decimal_of)]
Share = Annotated[Fraction, BeforeValidator(share_of)]
TimeOfDay = Annotated[str, AfterValidator(_TIME)]  # local


class Table(BaseModel):
    """A table of a policy: frozen, and no key that is not known."""

    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True)

    of_fee: ClassVar[bool] = True  # whether its sums are shares of the fee; False: flat sums only
    of_money: ClassVar[bool] = True  # False: it finds non-compliance, and no sum is in it
    #: Whether its lines pay shares of the days they lie in; False: a sum, such as a month's fee.
    of_days: ClassVar[bool] = True
    of_month: ClassVar[bool] = False  # with that: each line is a part of a calendar month's fee
    #: Whether it knows the standard of dwellings only: of other users it says nothing (`law.uses`).
    of_dwellings: ClassVar[bool] = False

    #: Whether it knows standards of kinds of room (`standard.own`), or no standard changes what it pays.
    knows_kinds_of_room: ClassVar[bool] = False
    #: Whether it leaves out days of `outages.excuses_cold`, or no cold changes what it pays.
    knows_causes: ClassVar[bool] = False
    #: Whether one decision can settle each of its sums, by its first day (`law.claim_limits`): where a line
    #: runs on over days that a decision is not about, no single one says whether it is claimed.
    claimed_as_a_whole: ClassVar[bool] = False
    #: Whether readings, too, say if a visit answers a request under it; False: the visit's records alone.
    readings_serve: ClassVar[bool] = False

    #: Parts of it whose value may change inside a season -> the interpretation that says what that means;
    #: the other parts change between two seasons only.
    changes_inside: ClassVar[Mapping[str, str]] = {}
    fixed: ClassVar[Mapping[str, Text]] = {}  # parts that never change from a day on -> why

    def rows(self) -> "Iterator[Row]":
        """Its numbers as people read them: what, value, clause."""
        return iter(())

    def rule_inside(self, part: str) -> str | None:
        """The interpretation that says what a change of this part inside a season means; None: it has none."""
        return self.changes_inside.get(part)

    def asks_areas(self) -> bool:
        """Whether it needs the heated areas of rooms."""
        return False

    def reads_terms(self, _standard: "Standard") -> frozenset[str]:
        """What of a dwelling's contract, beside its fee, changes what it pays: names of `ContractTerms`, and `AREA`."""
        return frozenset({"use"} if self.of_dwellings else ())


#: What a policy says in words: what, its value, the clause.
Row = tuple[Text, Text, str]


class Cited(Table):
    clause: str = Field(min_length=1)  # where the act says so
    grade: Grade | None = None  # of this number; absent: the policy's


class Words(Table):
    zh: str = Field(min_length=1)
    en: str = Field(min_length=1)


class InForce(Table):
    since: date | None = None  # absent: the text does not say, or its date is cut off
    until: date | None = None  # not in it; absent: no end is known
    confirmed: date | None = None  # when the text was last confirmed


class RoomStandard(Cited):
    """Rooms of one kind that are owed another temperature than the general one."""

    kind: Literal["bedroom", "living", "kitchen", "bathroom", "other", "corner"]
    temp: Exact  # [Cel]

    def words(self) -> Text:
        """The kind of room, as people call it."""
        return ROOM_KINDS[self.kind]


class NonResidential(Cited):
    """What a user whose rooms are no dwelling is owed, in place of the standard of dwellings."""

    by: Literal["contract"]  # its temperature and its bands


class Standard(Cited):
    temp: Exact  # [Cel]
    rooms: tuple[RoomUse, ...]
    own: tuple[RoomStandard, ...] = ()  # of some kinds of room; those it names are covered, too
    conditions: tuple[Literal["outdoor_not_below_design"], ...] = ()
    agreed: Literal["never", "may", "must"] = "never"  # whether the contract's takes its place
    #: Absent: the act does not say, and the standard is of dwellings.
    non_residential: NonResidential | None = None
    of_act: bool = True  # False: the act names no temperature; figures and alerts go by this one

    @field_validator("rooms")
    @classmethod
    def _covered(cls, rooms: tuple[RoomUse, ...]) -> tuple[RoomUse, ...]:
        unknown = set(rooms) - COVERED_ROOMS
        if unknown:
            raise ValueError(
                msg(
                    "{rooms}: no standard covers these; allowed: {allowed}",
                    rooms=", ".join(sorted(use.value for use in unknown)),
                    allowed=", ".join(sorted(use.value for use in COVERED_ROOMS)),
                )
            )
        return rooms

    def covered(self) -> frozenset[RoomUse]:
        """The uses of the rooms that it is about."""
        return frozenset({*self.rooms, *(RoomUse(e.kind) for e in self.own if e.kind != CORNER)})

    def of(self, kind: str) -> RoomStandard | None:
        """A room's own, by its kind (`Snapshot.room_kind`); None: the general one, also of one not recorded.

        That of its use comes before that of a corner, which is about rooms of the general standard.
        """
        named = {each.kind: each for each in self.own}
        return next((named[part] for part in kind.split("+") if part in named), None)


class SupplyTable(Cited):
    """What of a station's meters is lost supply, where the act or its interpretation says so."""

    cold_c: Exact = Field(ge=0, le=100)  # supply colder than this heats nobody [Cel]
    flow_share: Exact = Field(gt=0, lt=1)  # of the station's usual flow: less is lost [1]
    verified_min: Exact = Field(ge=0, le=1440)  # a shorter loss is not verified [min]


class Sla(Cited):
    """Deadlines of people. Only the measurement's is counted, the others are shown."""

    measure_h: Exact | None = None  # [h]; absent: neither the act nor one above it sets any
    measure_clause: str | None = Field(None, min_length=1)  # absent: `clause`; of another act
    complaint_days: int | None = None  # the supplier answers within [d]
    complaint_same_day: bool = False  # the day itself, and `complaint_days` where that can't be
    complaint_clause: str | None = Field(None, min_length=1)  # absent: `clause`
    authority_days: int | None = None  # the authority answers within [d]
    authority_clause: str | None = Field(None, min_length=1)  # absent: `clause`
    outage_notice_h: Exact | None = None  # duty to tell users of an outage from [h] on
    outage_notice_clause: str | None = None

    def rows(self) -> Iterator[Row]:
        same = self.complaint_same_day
        for what, told, of in (
            (msg("measurement within"), hours(self.measure_h), self.measure_clause),
            (msg("outages to be announced from"), hours(self.outage_notice_h), self.outage_notice_clause),
            (msg("complaint answered within"), days(self.complaint_days, same_day=same), self.complaint_clause),
            (msg("authority answers within"), days(self.authority_days), self.authority_clause),
        ):  # fmt: skip
            if told is not None:
                yield what, told, of or self.clause


class Settle(Cited):
    """By when refunds are paid: shown, not checked."""

    months_after_season: int | None = None
    days_after_season: int | None = None
    by: Annotated[str, AfterValidator(month_day)] | None = None
    late_interest: Literal["contract"] | None = None  # beyond it: at whose rate
    claim_months: int | None = None  # after the season, within which the household claims

    def rows(self) -> Iterator[Row]:
        within = msg("settled after the season within")
        if n := self.months_after_season:
            yield within, plural("{n} month", "{n} months", n=n), self.clause
        if n := self.days_after_season:
            yield within, plural("{n} day", "{n} days", n=n), self.clause
        if self.by is not None:
            last = msg("day {day} of month {month}", day=int(self.by[3:]), month=int(self.by[:2]))
            yield msg("settled by"), last, self.clause
        if n := self.claim_months:
            claimed = msg("claimed by the household after the season within")
            yield claimed, plural("{n} month", "{n} months", n=n), self.clause
        if self.late_interest is not None:
            late = msg("settled later than that")
            yield late, msg("interest at the contract's late-fee rate"), self.clause


class Outages(Cited):
    """Which outages pay nothing, and are as if there had been none; absent: the household's own alone."""

    announced_h: Exact | None = Field(None, gt=0)  # announced at least so long before its begin [h]
    causes: tuple[Literal["third_party", "force_majeure"], ...] = ()  # recorded as its cause
    excuses_cold: bool = False  # of these causes also the cold of the local days that they touch

    @model_validator(mode="after")
    def _some(self) -> Self:
        if self.announced_h is None and not self.causes:
            raise ValueError(msg("give 'announced_h', 'causes' or both"))
        if self.excuses_cold and not self.causes:
            raise ValueError(msg("'excuses_cold = true' goes with 'causes'"))
        return self

    def rows(self) -> Iterator[Row]:
        nothing = msg("pays nothing")
        if self.announced_h is not None:
            what = msg("outage announced {length} ahead", length=at_least(self.announced_h))
            yield what, nothing, self.clause
        for cause in self.causes:
            yield msg("outage caused by {cause}", cause=CAUSES[cause]), nothing, self.clause
            if self.excuses_cold:
                what = msg("cold on days of an outage caused by {cause}", cause=CAUSES[cause])
                yield what, nothing, self.clause


class ClosedHours(Cited):
    """Local time of the day at which the act lets nobody measure."""

    since: TimeOfDay
    until: TimeOfDay  # not in it; of the next day where it is earlier

    def hold(self, at: time) -> bool:
        since, until = time.fromisoformat(self.since), time.fromisoformat(self.until)
        return since <= at < until if since < until else at >= since or at < until


class Records(Cited):
    """What a measurement record needs to be evidence."""

    signatures: int | None = Field(None, ge=1, le=4)  # at least so many people's
    closed: ClosedHours | None = None  # made then it is none

    def rows(self) -> Iterator[Row]:
        if self.signatures is not None:
            count = plural("{n} signature", "{n} signatures", n=self.signatures)
            yield msg("measurement records"), count, self.clause
        if (own := self.closed) is not None:
            hours = msg(
                "measurement records of {since} to {until}", since=own.since, until=own.until
            )
            yield hours, msg("do not count"), own.clause


class Interpretation(Table):
    """What the text leaves open, and what it is taken to mean here."""

    name: Annotated[
        str, AfterValidator(_NAME)
    ]  # as in docs/interpretations.md, or the policy's own
    title: Words | None = None  # of the policy's own; absent: the document's
    interprets: str = Field(min_length=1)  # clause
    zh: str = Field(min_length=1)
    en: str = Field(min_length=1)


class PaysLess(Table):
    """Where the text lets more against the supplier pay less, and why: of a policy, the only cases."""

    when: tuple[Literal["colder", "more_evidence", "request"], ...] = Field(min_length=1)
    by: Literal[
        "late_supplier", "record_for_readings", "mean_of_readings", "record_inside_gap",
        "first_failing_test", "record_before_request", "outage_for_cold", "outages_grow_together",
        "blocks_from_start", "text_for_decision",
    ]  # fmt: skip
    clause: str = Field(min_length=1)
    zh: str = Field(min_length=1)
    en: str = Field(min_length=1)


class Terms(Table):
    """The part of a policy that is the same for every calculator."""

    id: Annotated[str, AfterValidator(_POLICY)]
    title: Words
    grade: Grade
    in_force: InForce
    sources: tuple[str, ...] = Field(min_length=1)
    currency: Annotated[str, AfterValidator(_CURRENCY)]
    calculators: tuple[str, ...] = Field(min_length=1)
    standard: Standard
    supply: SupplyTable | None = None  # absent: `analytics.heat.supply`
    sla: Sla | None = None
    settle: Settle | None = None
    records: Records | None = None  # absent: the act asks for no signature that was seen
    outages: Outages | None = None
    interpretations: tuple[Interpretation, ...] = ()
    pays_less: tuple[PaysLess, ...] = ()  # `heatwatch evaluate law` allows nothing else

    def rows(self) -> Iterator[Row]:
        """The common numbers as people read them."""
        if self.standard.of_act:
            number = msg("{number} °C", number=self.standard.temp)
            yield msg("standard"), number, self.standard.clause
        for own in self.standard.own:
            what = msg("standard, {room}", room=own.words())
            yield what, msg("{number} °C", number=own.temp), own.clause
        if (other := self.standard.non_residential) is not None:
            by = msg("as the contract has it, with its bands")
            yield msg("standard, non-residential users"), by, other.clause
        for part in (self.sla, self.records, self.outages, self.settle):
            if part is not None:
                yield from part.rows()

    def later_tables(self) -> Iterator[tuple[date, Mapping[str, Table]]]:
        """(first day, calculator -> its table from then on) where values change; none of the common part."""
        return iter(())

    def later_values(self) -> "Iterator[tuple[date, str, Any, str]]":
        """(first day, key, value or None, clause) of each value that changes; none of the common part."""
        return iter(())

    def interprets(self, name: str) -> bool:
        """Whether the policy cites this interpretation."""
        return any(each.name == name for each in self.interpretations)

    def signatures(self) -> int:
        """How many signatures a measurement record needs to count."""
        return 0 if self.records is None else self.records.signatures or 0

    def closed_hours(self) -> ClosedHours | None:
        """At which hours a measurement record does not count; None: at none."""
        return None if self.records is None else self.records.closed

    @property
    def is_template(self) -> bool:
        """Whether it settles only once an administrator has confirmed its text."""
        return self.grade not in SETTLES

    def has_outdoor_condition(self) -> bool:
        return "outdoor_not_below_design" in self.standard.conditions


def at_least(hours: Decimal) -> Text:
    """A length of time that includes its limit; `hours` [h]."""
    return msg("at least {hours} h", hours=hours)


def more_than(hours: Decimal) -> Text:
    """A length of time that does not include its limit; `hours` [h]."""
    return msg("more than {hours} h", hours=hours)


def unlike(terms: Terms, key: str, name: str, holds: bool) -> Iterator[Text]:
    """Where the policy cites an interpretation that the number under `key` is not like."""
    if terms.interprets(name) and not holds:
        yield msg("{key} contradicts the interpretation {name!r}", key=key, name=name)


def stated(terms: Terms, key: str, name: str, holds: bool) -> Iterator[Text]:
    """What does not fit between a number and the interpretation that says what it means.

    `holds`: whether the number under `key` is as the interpretation of this name has it."""
    yield from unlike(terms, key, name, holds)
    if holds and not terms.interprets(name):
        yield msg(
            "{key} needs the interpretation {name!r}: what is meant would be open",
            key=key, name=name,
        )  # fmt: skip
