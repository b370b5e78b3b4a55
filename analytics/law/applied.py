"""Which interpretations of a policy a result rests on: those that its steps have used.

A policy cites all that it may need. A sheet prints the ones that were applied to the household: each
step names those behind it here, by its code and by what made a day's share.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from analytics.law.dated import OF_THE_DAY, WHEN_IT_BEGAN
from analytics.law.interpretations import FORMER
from analytics.law.steps import Step
from analytics.law.terms import Interpretation

_STARTS = ("clock-from-request", "clock-from-first-evidence", "request-stands-until-measured")
_OUTAGE = ("outage-ends-when-held",)
#: What outages at a season's ends rest on, beside what any does: their step names it.
COUNTS_ONCE, LATE_START = "late-start-counts-once", "late-start-is-an-outage"
#: Code of a step -> what it rests on.
_BOTH = "metered-pays-basic-fee-and-heat"
OF_STEP: Mapping[str, tuple[str, ...]] = {
    "daily_fee": ("days-from-published-instants",),
    "consent": ("request-stands-until-measured",),
    "episode": (*_STARTS, "compliance-held-60-minutes", "exact-thousandths"),
    "episode_of_fault": ("fault-days-cut-the-episode", "supplier-is-default-cause"),
    "fault_day": ("fault-days-cut-the-episode", "supplier-is-default-cause"),
    "request_served": ("request-stands-until-measured", "records-of-a-day-are-a-visit"),
    "gate_met": ("gate-is-condition", WHEN_IT_BEGAN),
    "gate_missed": ("gate-is-condition", WHEN_IT_BEGAN),
    "outage": (*_OUTAGE, WHEN_IT_BEGAN),
    "outage_too_short": (*_OUTAGE, WHEN_IT_BEGAN),
    "outage_without_end": _OUTAGE,
    "outages_together": ("outages-summed-over-season",),
    "outages_together_too_short": ("outages-summed-over-season",),
    "outage_by_other_rules": ("outage-by-other-rules",),
    "outage_clause_not_seen": ("outage-clause-not-seen", *_OUTAGE),
    "outage_not_paid": _OUTAGE,
    "outage_decided": _OUTAGE,
    "undetermined": ("unknown-pays-the-smaller",),
    "test_passed": ("one-test-per-local-day", "exact-thousandths"),
    "test_failed": ("one-test-per-local-day", "exact-thousandths"),
    "test_not_counted": ("fault-day-records-do-not-count",),
    "tests_failed": ("thirty-days-from-first-failure",),
    "room_standard": ("own-standard-of-room",),
    "record_not_counted": ("records-of-closed-hours-do-not-count",),
    "test_excused": ("outage-excuses-by-its-cause",),
    "claimed": ("request-claims-the-refund",),
    "claimed_late": ("request-claims-the-refund",),
    "claim_not_on_record": ("request-claims-the-refund",),
    "late_season": (LATE_START,),
    "reason.outage_in_season": (LATE_START,),
    "use": ("non-residential-by-contract",),
    "reason.not_below_after_request": (*_STARTS, "exact-thousandths"),
    "reason.never_below": ("exact-thousandths",),
    "finding": ("one-finding-a-period", "outdoor-at-each-instant", "exact-thousandths"),
    "findings_open": ("unknown-is-no-finding",),
    "room_not_measured": ("measured-rooms-speak",),
    "heat_counted": ("metered-pays-its-heat",),
    "heat_open": ("metered-pays-its-heat",),
    "metered_basic_fee": ("metered-pays-the-basic-fee",),
    "metered_basic_part": (_BOTH,),
    "reason.basic_fee_missing": ("metered-pays-the-basic-fee", _BOTH),
    "reason.terms_missing": ("metered-pays-its-heat", _BOTH),  # a basic fee and no price of heat
    "line.temperature": (
        "lines-join-equal-days", "recovery-day-paid", "recovery-day-not-paid", OF_THE_DAY,
    ),
    "line.outage": ("outage-from-first-hour", "multiple-without-daily-cap"),
    "line.month": ("month-is-thirty-daily-fees",),
}  # fmt: skip
#: What made a day's share (`made_by` of its step) -> what it rests on.
OF_DAY: Mapping[str, tuple[str, ...]] = {
    "hour_mean": ("record-else-lowest-hour",),
    "part_mean": ("short-days-take-whole-hours",),
    "record_of_day": ("record-else-lowest-hour", "records-of-a-day-are-a-visit"),
    "record_before": ("records-of-a-day-are-a-visit",),
    "record_after": ("records-of-a-day-are-a-visit",),
    "passed": ("records-of-a-day-are-a-visit",),
    "retest": ("retest-on-another-day",),
    "presumed": ("late-unless-measured-or-refused",),
    "refused": ("refusal-day-is-compliant",),
    "excluded": ("five-days-each-end",),
    "by_cause": ("outage-excuses-by-its-cause",),
    "user_fault": ("fault-days-cut-the-episode", "supplier-is-default-cause"),
    "unknown": ("unknown-pays-the-smaller",),
}
#: What cold days of a household without any telemetry rest on beside.
RECORDS_ALONE = ("records-alone-until-one-passes", "records-alone-are-thirty-minutes")

#: What rests on several steps, or on any line.
EACH_LINE, PER_ROOM = "one-rounding-per-line", "each-room-alone"
OUTAGE_FIRST, AT_MOST_THE_FEE = "outage-before-cold", "season-fee-is-the-most"
KNOWN = frozenset(
    {
        *RECORDS_ALONE,
        COUNTS_ONCE,
        LATE_START,
        EACH_LINE,
        PER_ROOM,
        OUTAGE_FIRST,
        AT_MOST_THE_FEE,
    }.union(*OF_STEP.values(), *OF_DAY.values())
)


def applied(
    steps: Sequence[Step],
    interpretations: Sequence[Interpretation],
    *,
    telemetry: bool | None = None,
) -> tuple[Interpretation, ...]:
    """Those that the steps rest on, in the policy's order.

    `telemetry`: whether any reading of the household came in the season; None: as its days tell. One that no step is known
    to rest on, as a policy's own, is given where a step cites its clause.
    """
    named = {FORMER.get(name, name) for each in steps for name in _named(each)}
    named |= set(_together(steps))
    cold = any(each["step"] in {"episode", "day"} for each in steps)
    if cold and not (_measured(steps) if telemetry is None else telemetry):
        named |= {*RECORDS_ALONE}
    cited = {part for each in steps for part in str(each["clause"]).split("; ")}
    return tuple(
        each
        for each in interpretations
        if (name := FORMER.get(each.name, each.name)) in named
        or (name not in KNOWN and cited & set(each.interprets.split("; ")))
    )


def _measured(steps: Sequence[Step]) -> bool:
    """Whether readings made any day's share, or no record did."""
    made = {str(each["numbers"].get("made_by")) for each in steps if each["step"] == "day"}
    return bool(made & {"hour_mean", "part_mean"}) or not made & {"record_before", "record_after"}


def _named(step: Step) -> Iterator[str]:
    yield from OF_STEP.get(step["step"], ())
    numbers: Mapping[str, Any] = step["numbers"]
    if step["step"] == "day" and numbers:
        yield from OF_DAY.get(str(numbers.get("made_by", "")), ())
    if "unknown_as" in numbers:
        yield "unknown-pays-the-smaller"
    if "interpretation" in step:
        yield step["interpretation"]


def _together(steps: Sequence[Step]) -> Iterator[str]:
    """What rests on several steps: lines of a room, of an outage beside cold, cut to the season's fee."""
    lines = [each for each in steps if each["step"].startswith("line.")]
    if any("room" in each["numbers"] for each in lines):
        yield PER_ROOM
    if lines:
        yield EACH_LINE
    days = [each for each in steps if each["step"] == "day"]
    outages = [each for each in lines if each["step"] == "line.outage"]
    if any(_touch(day, outage) for day in days for outage in outages):
        yield OUTAGE_FIRST
    if any(_is_rest(each) for each in lines):
        yield AT_MOST_THE_FEE


def _touch(one: Step, other: Step) -> bool:
    """Whether two steps are about a common day."""
    first, last = one["numbers"], other["numbers"]
    return bool(first["first"] <= last["last"] and last["first"] <= first["last"])


def _is_rest(line: Step) -> bool:
    """Whether a line is what the season's fee leaves."""
    formula = line["text"].get("values", {}).get("formula", {}) if "text" in line else {}
    return "refunded before" in str(formula.get("message", ""))
