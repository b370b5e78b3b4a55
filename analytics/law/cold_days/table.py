"""The table of the calculator `day_band`: gate, bands, days, exclusions and presumptions."""

from collections.abc import Iterator
from typing import Literal, Self

from pydantic import Field, model_validator

from analytics.law.bands import Band, check_bands, warmest_fault
from analytics.law.sense import hours_fault
from analytics.law.terms import (
    Cited,
    Exact,
    Row,
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
        check_bands(self.bands)
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
        yield from warmest_fault(terms, self.bands)
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
