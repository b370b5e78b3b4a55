"""The table of the calculator `day_band`: gate, bands, days, exclusions and presumptions."""

from collections.abc import Iterator
from decimal import Decimal
from itertools import pairwise
from typing import Literal, Self

from pydantic import Field, model_validator

from analytics.law.sense import hours_fault
from analytics.law.terms import (
    Cited,
    Exact,
    Row,
    Share,
    Table,
    Terms,
    at_least,
    more_than,
    stated,
    unlike,
)
from domain.language import Text, msg, plural


class ClockRule(Cited):
    start: Literal["request", "first_evidence"]


class Gate(Cited):
    continuous_h: Exact  # [h]
    op: Literal[">=", ">"]


class Band(Cited):
    """Temperatures with one share of the fee; the key says whether its edge is in."""

    from_: Exact | None = Field(None, alias="from")  # edge is in [Cel]
    above: Exact | None = None  # edge is not in [Cel]
    below: Exact | None = None  # edge is not in [Cel]
    up_to: Exact | None = None  # edge is in [Cel]
    refund: Share

    @model_validator(mode="after")
    def _edges(self) -> Self:
        if self.from_ is not None and self.above is not None:
            raise ValueError(msg("give 'from' or 'above', not both"))
        if (self.below is None) == (self.up_to is None):
            raise ValueError(msg("give exactly one of 'below' and 'up_to'"))
        if self.low is not None and self.low >= self.high:
            raise ValueError(
                msg(
                    "the band ends at {high} °C and begins at {low} °C; allowed: from the colder "
                    "to the warmer",
                    high=self.high,
                    low=self.low,
                )
            )
        return self

    @property
    def low(self) -> Decimal | None:
        return self.from_ if self.from_ is not None else self.above

    def words(self) -> Text:
        """Edges and share as people read them."""
        up = msg("up to {high} °C", high=self.high)
        high = up if self.up_to is not None else msg("below {high} °C", high=self.high)
        paid = msg("{percent} % of the fee", percent=f"{float(self.refund * 100):g}")
        if self.low is None:
            return msg("{high}: {paid}", high=high, paid=paid)
        low = (
            msg("from {low} °C", low=self.low)
            if self.from_ is not None
            else msg("above {low} °C", low=self.low)
        )
        return msg("{low}, {high}: {paid}", low=low, high=high, paid=paid)

    @property
    def high(self) -> Decimal:
        edge = self.below if self.below is not None else self.up_to
        assert edge is not None  # _edges has checked
        return edge


class DayRule(Cited):
    include_recovery: bool


class Exclusion(Cited):
    after_start: int = Field(ge=0)  # local days, the first included
    before_end: int = Field(ge=0)  # local days, the last included


class Presumptions(Cited):
    supplier_late: Literal["none", "lowest_band"]
    user_refuses: Literal["none", "compliant"]


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

    scope: Literal["dwelling", "room"] = "dwelling"  # what is settled by itself
    clock: ClockRule
    gate: Gate | None = None
    bands: tuple[Band, ...] = Field(min_length=1)
    day: DayRule
    exclude: Exclusion | None = None
    presumptions: Presumptions
    retest: Retest
    user_fault: Fault
    measurement: Measurement | None = None  # absent: each record is one

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        """Bands cover everything below the warmest edge, once, and colder never pays less."""
        bands = sorted(self.bands, key=lambda band: band.high, reverse=True)
        for warm, cold in pairwise(bands):
            if warm.low != cold.high or (warm.from_ is None) == (cold.up_to is None):
                raise ValueError(
                    msg(
                        "bands: between {high} and {low} °C there is a gap or an overlap; 'from' "
                        "meets 'below', 'above' meets 'up_to'",
                        high=cold.high,
                        low="..." if warm.low is None else warm.low,
                    )
                )
            if cold.refund < warm.refund:
                raise ValueError(
                    msg("bands: below {high} °C pays less than above it", high=cold.high)
                )
        if bands[-1].low is not None:
            raise ValueError(msg("bands: nothing is said below {low} °C", low=bands[-1].low))
        return self

    def asks_areas(self) -> bool:
        return self.scope == "room"

    def rows(self) -> Iterator[Row]:
        """Its numbers as people read them."""
        if self.scope == "room":
            yield msg("settled by itself"), msg("each room, by its area"), self.clock.clause
        start = {
            "request": msg("from the request"),
            "first_evidence": msg("from the first evidence after the request"),
        }
        yield msg("clock"), start[self.clock.start], self.clock.clause
        if self.gate is not None:
            words = at_least if self.gate.op == ">=" else more_than
            yield msg("gate"), words(self.gate.continuous_h), self.gate.clause
        for band in self.bands:
            yield msg("band"), band.words(), band.clause
        if self.measurement is not None:
            yield from self.measurement.rows()
        if self.exclude is not None:
            days = plural(
                "first {first}, last {n} day", "first {first}, last {n} days",
                n=self.exclude.before_end, first=self.exclude.after_start,
            )  # fmt: skip
            yield msg("excluded"), days, self.exclude.clause

    def against(self, terms: Terms) -> Iterator[Text]:
        """What contradicts the policy's other numbers."""
        warmest = max(self.bands, key=lambda band: band.high)
        standard = terms.standard.temp
        if warmest.high != standard or warmest.below is None:
            yield msg(
                "bands: the warmest band must end below the standard {standard} °C "
                '(below = "{standard}"), it ends at {high}',
                standard=standard,
                high=warmest.high,
            )
        yield from stated(terms, "scope", "each-room-alone", self.scope == "room")
        first = self.clock.start == "first_evidence"
        yield from stated(terms, "clock.start", "clock-from-first-evidence", first)
        yield from stated(terms, "clock.start", "clock-from-request", not first)
        if self.gate is not None:
            yield from hours_fault("gate.continuous_h", self.gate.continuous_h)
        yield from stated(terms, "gate", "gate-is-condition", self.gate is not None)
        counted = self.day.include_recovery
        yield from stated(terms, "day.include_recovery", "recovery-day-paid", counted)
        yield from stated(terms, "day.include_recovery", "recovery-day-not-paid", not counted)
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
        limit = None if terms.sla is None else terms.sla.measure_h
        if self.presumptions.supplier_late != "none" and limit is None:
            yield msg("presumptions.supplier_late needs sla.measure_h, the limit")
