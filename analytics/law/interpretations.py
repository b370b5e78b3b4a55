"""Names of interpretations, and what people read for them; `docs/interpretations.md` has the whole.

A policy cites an interpretation by its name and says what it means under that act. One that is
the policy's own, and stands in no document of heatwatch, has its title in the policy.
"""

from typing import Any

from domain.language import Text, msg

#: Name -> title; in the document's order. Calculators name those that are about them only.
TITLES = {
    "clock-from-request": msg("The clock starts at the request"),
    "clock-from-first-evidence": msg("The clock starts at the first evidence"),
    "request-stands-until-measured": msg("A request stands until a measurement passes"),
    "records-of-a-day-are-a-visit": msg("The records of a day are one visit"),
    "records-of-closed-hours-do-not-count": msg(
        "Records of hours at which nobody may measure do not count"
    ),
    "mean-of-days-is-the-measurement": msg("The mean of three days is the measurement"),
    "records-alone-until-one-passes": msg(
        "Without telemetry a failing record holds until the next"
    ),
    "records-alone-are-thirty-minutes": msg("Without telemetry a record tells of thirty minutes"),
    "own-standard-of-room": msg("A room's own standard comes before the general one"),
    "each-room-alone": msg("Each room is settled alone"),
    "recovery-day-not-paid": msg("The day of recovery is not paid"),
    "recovery-day-paid": msg("The day of recovery is paid"),
    "compliance-held-60-minutes": msg("Compliance counts once held for 60 minutes"),
    "exact-thousandths": msg("Temperatures are compared exactly"),
    "record-else-lowest-hour": msg("A measurement record decides, else the lowest hour"),
    "short-days-take-whole-hours": msg("A short day takes whole clock hours"),
    "gate-is-condition": msg("The hours are a condition, not a deductible"),
    "five-days-each-end": msg("Exactly five days at each end are excluded"),
    "outage-from-first-hour": msg("A long outage pays from its first hour"),
    "outage-ends-when-held": msg("An outage ends when supply is held"),
    "outage-by-other-rules": msg("Outages are refunded by rules that were not seen"),
    "outage-clause-not-seen": msg("What an outage pays is open where the clause was not seen"),
    "metered-pays-the-basic-fee": msg("An outage refunds a metered household its basic fee"),
    "metered-pays-its-heat": msg("Cold days refund a metered household what its meter counted"),
    "metered-pays-basic-fee-and-heat": msg(
        "Cold days refund a metered household its basic fee and what its meter counted"
    ),
    "outage-before-cold": msg("An outage is paid before cold"),
    "days-from-published-instants": msg("Season days come from the published instants"),
    "one-rounding-per-line": msg("Each line is rounded once"),
    "lines-join-equal-days": msg("Consecutive days at one fraction are one line"),
    "supplier-is-default-cause": msg("The supplier is the cause unless found otherwise"),
    "fault-days-cut-the-episode": msg("Days of a user's fault cut the episode"),
    "unknown-pays-the-smaller": msg("What is unknown pays the smaller of two sums"),
    "retest-on-another-day": msg("A failed re-test of another day takes the lowest measurement"),
    "late-unless-measured-or-refused": msg(
        "A supplier who did not come in time is presumed in the lowest band"
    ),
    "refusal-day-is-compliant": msg("A day of refusal is compliant"),
    "one-test-per-local-day": msg("The records of a day are one test"),
    "fault-day-records-do-not-count": msg("Records of a day of the user's fault do not count"),
    "thirty-days-from-first-failure": msg("Thirty days run from the first failing test"),
    "month-is-thirty-daily-fees": msg("A month is thirty daily fees"),
    "season-fee-is-the-most": msg("Refunds are at most the season's fee"),
    "most-tests-of-a-month-decide": msg("The most failing tests of a month decide"),
    "outage-excuses-by-its-cause": msg("An outage of a cause that excuses also excuses the cold"),
    "request-claims-the-refund": msg("A request after a failing measurement claims the refund"),
    "months-of-tests-are-the-season": msg("More than three months of failing tests are the season"),
    "lowest-tests-make-the-mean": msg("The lowest tests of a month make its mean"),
    "month-is-its-season-days": msg("A month's fee is that of its season days"),
    "outages-together-over-the-limit": msg("Outages that are long together are all paid"),
    "outages-summed-over-season": msg("Outages are summed over the season"),
    "multiple-without-daily-cap": msg("A multiple is not capped by the day's fee"),
    "larger-excess-once": msg("Each hour over is paid once"),
    "strictest-limit-reached": msg("The strictest limit that was reached counts"),
    "month-fee-by-days": msg("A month's fee is its days of the season's"),
    "degree-hours-from-report": msg("Degree-hours count from the report on"),
    "night-from-tolerance-edge": msg("At night what is below the allowed edge counts"),
    "degrees-proportional": msg("Parts of degrees and hours count in proportion"),
    "outage-displaces-cold": msg("During an outage cold is not counted"),
    "whole-blocks-only": msg("Only whole blocks of hours count"),
    "announced-outages-pay-nothing": msg("Announced outages pay nothing"),
    "fee-is-the-basic-charge": msg("The recorded fee is the basic charge"),
    "blocks-of-one-outage": msg("Hours of one outage of the same kind are summed"),
    "late-start-is-an-outage": msg(
        "An outage at the season's begin or end is a late start or an early end"
    ),
    "late-start-counts-once": msg("A late start is left out of the bill or refunded, not both"),
    "monthly-charge-is-a-part-of-the-fee": msg(
        "A month's charge is the fee by the season's months"
    ),
    "clock-from-measurement": msg("The clock starts at the first failing measurement"),
    "agreed-temperature": msg("The contract's temperature is the one owed"),
    "numbers-of-the-contract": msg("The numbers are the contract's"),
    "non-residential-by-contract": msg("Non-residential users are owed what their contract says"),
    "net-of-basic-fee": msg("Shares are of the fee without its basic part"),
    "blocks-of-24-hours": msg("Every 24 hours from the clock's start are a day"),
    "remainder-is-dropped": msg("A remainder of less than 24 hours is dropped"),
    "remainder-is-open": msg("What a remainder of less than 24 hours pays is open"),
    "presumption-without-a-term": msg(
        "A request that nobody measures is open up to all of the fee"
    ),
    "presumption-without-a-band": msg("A late supplier is deemed failing in an open band"),
    "recurrence-is-open": msg("A cold that recurs is open over all the time"),
    "one-finding-a-period": msg("A room below in the hours of a limit is one finding"),
    "outdoor-at-each-instant": msg("The outdoor temperature of the same instant decides"),
    "unknown-is-no-finding": msg("What is not known is no finding"),
    "measured-rooms-speak": msg("Rooms that were measured speak for the dwelling"),
    "value-of-the-day": msg("A day is refunded by the value in force on it"),
    "value-when-it-began": msg("A length is judged by the value in force when it began"),
}

#: Names of before, whose texts are read anew -> those of now; runs of then still cite them.
FORMER = {
    "fault-day-is-the-users": "fault-days-cut-the-episode",
    "retest-takes-the-lowest": "retest-on-another-day",
    "late-supplier-presumed-lowest": "late-unless-measured-or-refused",
    "announced-outages-are-not-recorded": "announced-outages-pay-nothing",
}
FORMER_TITLES = {
    "fault-day-is-the-users": msg("A day that a user's fault touches is the user's"),
    "retest-takes-the-lowest": msg("Failed re-tests take the lowest measurement"),
    "announced-outages-are-not-recorded": msg("Announced outages are not recorded"),
    "late-supplier-presumed-lowest": msg("A late supplier is presumed in the lowest band"),
}


def title(name: str, own: Any = None) -> Any:
    """What people read for a name: the document's, a `Text`, else the policy's `own` title.

    A name without either, as older runs have it, is its words.
    """
    known = TITLES.get(name) or FORMER_TITLES.get(name)
    return known or own or Text("{name}", {"name": name.replace("-", " ")})
