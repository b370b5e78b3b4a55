"""The table of the calculator `day_band`: gate, bands, days, exclusions and presumptions."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import ClassVar, Literal, Self

from pydantic import Field, model_validator

from analytics.facts.changed_terms import AREA
from analytics.law.bands import Band, check_bands, warmest_fault
from analytics.law.cold_days.deficits import Deficit
from analytics.law.dated import OF_THE_DAY, WHEN_IT_BEGAN
from analytics.law.sense import hours_fault
from analytics.law.terms import (
    Cited,
    Exact,
    Row,
    Standard,
    Table,
    Terms,
    at_least,
    more_than,
    stated,
    unlike,
)
from domain.language import Text, msg, plural

#: What deficits are laid out from, to be held against each other. [Cel]
ANY_TEMPERATURE = Decimal(18)
#: Of blocks: include_recovery, user_refuses, retest.
NO_DAYS = (False, "none", "own")
#: What blocks may presume of a late supplier: nothing that has a limit.
UNLIMITED = ("none", "term_open")
BLOCKS = {
    "block24": msg("blocks of 24 h; what a remainder pays is open"),
    "block24_floor": msg("blocks of 24 h; a remainder is dropped"),
}


class ClockRule(Cited):
    start: Literal["request", "first_evidence", "measurement"]


class Gate(Cited):
    continuous_h: Exact  # [h]
    op: Literal[">=", ">"]


class DayRule(Cited):
    include_recovery: bool
    unit: Literal["natural", "block24", "block24_floor"] = "natural"  # what a day of refund is


class Exclusion(Cited):
    after_start: int = Field(ge=0)  # local days, the first included
    before_end: int = Field(ge=0)  # local days, the last included


class Presumptions(Cited):
    #: term_open: the lowest band, though the act does not say when somebody is late; band_open: below
    #: the standard, though it does not say in which band
    supplier_late: Literal["none", "lowest_band", "term_open", "band_open"]
    user_refuses: Literal["none", "compliant"]
    #: of a household without telemetry that no record shows below: what lateness does to its days
    not_shown: Literal["presumed", "undetermined"] = "presumed"


class Recurrence(Cited):
    """A cold that was met within the gate and recurs pays for all the time, however soon that is."""


class Measurement(Cited):
    """What one measurement is made of: readings of a room on consecutive days, and their mean."""

    days: int = Field(ge=1, le=31)
    slots: int = Field(ge=1, le=24)  # readings of each day, at different instants
    from_hour: int = Field(ge=0, le=24)  # of the local day, in
    to_hour: int = Field(ge=0, le=24)  # of the local day, in

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.from_hour >= self.to_hour:
            raise ValueError(msg("'from_hour' must be before 'to_hour'"))
        return self

    def rows(self) -> Iterator[Row]:
        value = msg(
            "the mean of {days} consecutive days, each with {slots} readings from {since}:00 to {until}:00",
            days=self.days, slots=self.slots, since=self.from_hour, until=self.to_hour,
        )  # fmt: skip
        yield msg("measurement"), value, self.clause


class Retest(Cited):
    """What several failing records of one episode do to its days."""

    value: Literal["own", "lowest_record"]


class Fault(Cited):
    """When the user is the cause."""


class DayBandTable(Table):
    """What makes a cold day, and what it pays."""

    knows_kinds_of_room: ClassVar[bool] = True
    knows_causes: ClassVar[bool] = True
    changes_inside: ClassVar[Mapping[str, str]] = {
        "bands": OF_THE_DAY, "deficits": OF_THE_DAY, "gate": WHEN_IT_BEGAN,
    }  # fmt: skip

    def reads_terms(self, _standard: Standard) -> frozenset[str]:
        of_meter = {"basic_fee", "heat_price"} if self.by_meter else set()
        net = {"basic_fee"} if self.fee == "net_of_basic" else set()
        agreed = {"agreed"} if _standard.agreed != "never" else set()
        bands = {"bands"} if self.bands_by_contract or self.contract_first else set()
        area = {AREA} if self.by_room else set()
        return frozenset({"use"} | agreed | bands | of_meter | net | area)

    scope: Literal["dwelling", "room", "affected_part"] = "dwelling"  # what is settled by itself
    fee: Literal["whole", "net_of_basic"] = "whole"  # what the shares are of
    #: reading: of a household whose contract prices metered heat, of what its meter counted on the days;
    #: basic_and_reading: of that and of the basic fee of the days
    of_metered: Literal["fee", "reading", "basic_and_reading"] = "fee"
    clock: ClockRule
    gate: Gate | None = None
    bands: tuple[Band, ...] = ()
    deficits: tuple[Deficit, ...] = ()  # below the promised temperature, in its place
    bands_by_contract: bool = False  # they are facts of the household's contract
    contract_first: bool = False  # a contract's own bands come before the act's
    day: DayRule
    exclude: Exclusion | None = None
    presumptions: Presumptions
    retest: Retest
    user_fault: Fault
    measurement: Measurement | None = None  # absent: each record is one
    recurrence: Recurrence | None = None  # absent: each episode by itself

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        """Bands cover everything below the warmest edge, once, and colder never pays less."""
        given = [bool(self.bands), bool(self.deficits), self.bands_by_contract]
        if sum(given) != 1:
            raise ValueError(
                msg("give exactly one of 'bands', 'deficits' and 'bands_by_contract = true'")
            )
        if self.contract_first and not self.bands:
            raise ValueError(msg("'contract_first = true' goes with 'bands', the act's own"))
        if not self.bands_by_contract:
            check_bands(self.bands_under(ANY_TEMPERATURE))
        return self

    def bands_under(self, promised: Decimal) -> tuple[Band, ...]:
        """The bands where so many degrees are promised; of a contract's own there are none. [Cel]"""
        return self.bands or tuple(each.under(promised) for each in self.deficits)

    def rule_inside(self, part: str) -> str | None:
        """None also for blocks and means of days, which may cross the day, and for a gate that was not."""
        crosses = self.day.unit != "natural" or self.measurement is not None
        if crosses or (part == "gate" and self.gate is None):
            return None
        return super().rule_inside(part)

    def asks_areas(self) -> bool:
        return self.by_room

    @property
    def by_room(self) -> bool:
        """Whether each room is settled by itself; an affected part is the rooms that were cold."""
        return self.scope != "dwelling"

    @property
    def by_meter(self) -> bool:
        """Whether a metered household is refunded what its meter counted."""
        return self.of_metered != "fee"

    def rows(self) -> Iterator[Row]:
        """Its numbers as people read them."""
        if self.by_room:
            yield msg("settled by itself"), msg("each room, by its area"), self.clock.clause
        if self.fee == "net_of_basic":
            yield msg("shares are of"), msg("the fee without the basic fee"), self.day.clause
        if self.by_meter:
            of = msg("what the heat meter counted on these days")
            if self.of_metered == "basic_and_reading":
                of = msg("the basic fee and what the heat meter counted on these days")
            yield msg("shares of a metered household are of"), of, self.day.clause
        start = {
            "request": msg("from the request"),
            "first_evidence": msg("from the first evidence after the request"),
            "measurement": msg("from the first failing measurement record after the request"),
        }
        yield msg("clock"), start[self.clock.start], self.clock.clause
        if self.gate is not None:
            words = at_least if self.gate.op == ">=" else more_than
            yield msg("gate"), words(self.gate.continuous_h), self.gate.clause
        bands: tuple[Band | Deficit, ...] = (*self.bands, *self.deficits)
        for band in bands:
            yield msg("band"), band.words(), band.clause
        if self.contract_first:
            yield msg("band"), msg("a contract's own bands come first"), self.clock.clause
        if self.measurement is not None:
            yield from self.measurement.rows()
        if self.bands_by_contract:
            yield msg("band"), msg("as the household's contract has it"), self.clock.clause
        if self.day.unit != "natural":
            yield msg("days"), BLOCKS[self.day.unit], self.day.clause
        if self.presumptions.supplier_late == "term_open":
            most = msg("open, up to the lowest band")
            yield msg("request that nobody measures"), most, self.presumptions.clause
        if self.presumptions.supplier_late == "band_open":
            most = msg("open, up to the lowest band")
            yield msg("supplier who is late"), most, self.presumptions.clause
        if self.recurrence is not None:
            most = msg("open, up to all the time")
            yield msg("cold that was met within the gate and recurs"), most, self.recurrence.clause
        if self.exclude is not None:
            days = plural(
                "first {first}, last {n} day", "first {first}, last {n} days",
                n=self.exclude.before_end, first=self.exclude.after_start,
            )  # fmt: skip
            yield msg("excluded"), days, self.exclude.clause

    def against(self, terms: Terms) -> Iterator[Text]:
        """What contradicts the policy's other numbers."""
        if not self.bands_by_contract:
            yield from warmest_fault(terms, self.bands_under(terms.standard.temp))
        yield from self._agreed(terms)
        yield from self._own(terms)
        yield from stated(terms, "scope", "each-room-alone", self.by_room)
        first = self.clock.start == "first_evidence"
        yield from stated(terms, "clock.start", "clock-from-first-evidence", first)
        at_request = self.clock.start == "request"
        yield from stated(terms, "clock.start", "clock-from-request", at_request)
        measured = self.clock.start == "measurement"
        yield from stated(terms, "clock.start", "clock-from-measurement", measured)
        if self.gate is not None:
            yield from hours_fault("gate.continuous_h", self.gate.continuous_h)
        yield from stated(terms, "gate", "gate-is-condition", self.gate is not None)
        yield from self._days(terms)
        if (
            terms.outages is not None
            and terms.outages.excuses_cold
            and (self.by_room or self.day.unit != "natural")
        ):
            yield msg("outages.excuses_cold: goes with scope = 'dwelling' and natural days only")
        out = self.exclude and (self.exclude.after_start, self.exclude.before_end)
        yield from stated(terms, "exclude", "five-days-each-end", out == (5, 5))
        mean = self.measurement is not None
        yield from stated(terms, "measurement", "mean-of-days-is-the-measurement", mean)
        lowest = self.retest.value == "lowest_record"
        yield from stated(terms, "retest.value", "retest-on-another-day", lowest)
        late = self.presumptions.supplier_late == "lowest_band"
        yield from stated(
            terms, "presumptions.supplier_late", "late-unless-measured-or-refused", late
        )
        refused = self.presumptions.user_refuses == "compliant"
        yield from unlike(terms, "presumptions.user_refuses", "refusal-day-is-compliant", refused)
        gate = self.gate is not None
        yield from unlike(terms, "gate", "records-alone-are-thirty-minutes", gate)
        yield from unlike(terms, "gate", "records-alone-until-one-passes", not gate)
        yield from self._open_by_text(terms)
        limit = None if terms.sla is None else terms.sla.measure_h
        if self.presumptions.supplier_late not in UNLIMITED and limit is None:
            yield msg("presumptions.supplier_late needs sla.measure_h, the limit")

    def _open_by_text(self, terms: Terms) -> Iterator[Text]:
        """What does not fit of what the act names without a term."""
        term = self.presumptions.supplier_late == "term_open"
        yield from stated(terms, "presumptions.supplier_late", "presumption-without-a-term", term)
        band = self.presumptions.supplier_late == "band_open"
        yield from stated(terms, "presumptions.supplier_late", "presumption-without-a-band", band)
        recurs = self.recurrence is not None
        yield from stated(terms, "recurrence", "recurrence-is-open", recurs)
        blocks = self.day.unit == "block24_floor" and self.clock.start == "measurement"
        if (term or recurs) and not (blocks and self.gate is not None):
            yield msg(
                "presumptions.supplier_late = 'term_open' and recurrence go with day.unit = "
                "'block24_floor', clock.start = 'measurement' and a gate only"
            )

    def _own(self, terms: Terms) -> Iterator[Text]:
        """What of rooms with a standard of their own does not fit."""
        own = terms.standard.own
        if own and not self.by_room:
            yield msg(
                "standard.own: a dwelling that is settled as one has one standard; allowed: scope = "
                "'room' or 'affected_part'"
            )
        top = max((band.high for band in self.bands), default=None)
        for each in own:
            if top is not None and each.temp > top:
                yield msg(
                    "standard.own: {kind}: the bands end at {top} °C and leave a gap below {temp} °C; "
                    "allowed: at most {top} °C, or 'deficits'",
                    kind=each.kind, top=top, temp=each.temp,
                )  # fmt: skip

    def _agreed(self, terms: Terms) -> Iterator[Text]:
        """What of a contract's own terms does not fit."""
        agreed = terms.standard.agreed
        if agreed == "may" and self.bands:
            yield msg(
                "standard.agreed: with bands of fixed temperatures another promised temperature would "
                "leave a gap; allowed: 'deficits' or 'bands_by_contract'"
            )
        if agreed == "must" and not self.bands_by_contract:
            yield msg("standard.agreed = 'must' needs bands_by_contract = true")
        yield from stated(terms, "standard.agreed", "agreed-temperature", agreed != "never")
        yield from stated(
            terms, "bands_by_contract", "numbers-of-the-contract",
            self.bands_by_contract or self.contract_first,
        )  # fmt: skip
        yield from stated(terms, "fee", "net-of-basic-fee", self.fee == "net_of_basic")
        reading = self.of_metered == "reading"
        yield from stated(terms, "of_metered", "metered-pays-its-heat", reading)
        both = self.of_metered == "basic_and_reading"
        yield from stated(terms, "of_metered", "metered-pays-basic-fee-and-heat", both)
        whole = (self.scope, self.fee, self.day.unit) == ("dwelling", "whole", "natural")
        if self.by_meter and not whole:
            yield msg(
                "of_metered = {value!r} goes with scope = 'dwelling', fee = 'whole' and natural days only",
                value=self.of_metered,
            )
        if both and not terms.interprets("metered-pays-the-basic-fee"):
            yield msg(
                "of_metered = 'basic_and_reading' goes with outage_time.metered = 'basic_fee' only: an "
                "outage would take of a day's fee what was never counted"
            )

    def _days(self, terms: Terms) -> Iterator[Text]:
        """What of the days does not fit; blocks know no presumption, re-test or day of recovery."""
        counted, natural = self.day.include_recovery, self.day.unit == "natural"
        key = "day.include_recovery"
        yield from stated(terms, key, "recovery-day-paid", natural and counted)
        yield from stated(terms, key, "recovery-day-not-paid", natural and not counted)
        floor = self.day.unit == "block24_floor"
        yield from stated(terms, "day.unit", "blocks-of-24-hours", not natural)
        yield from stated(terms, "day.unit", "remainder-is-dropped", floor)
        yield from stated(terms, "day.unit", "remainder-is-open", not natural and not floor)
        late, refused = self.presumptions.supplier_late, self.presumptions.user_refuses
        blocks = (counted, refused, self.retest.value) == NO_DAYS and late in UNLIMITED
        if not natural and not blocks:
            yield msg(
                "day.unit = {unit!r} goes with include_recovery = false, presumptions 'none' and retest "
                "'own' only",
                unit=self.day.unit,
            )
