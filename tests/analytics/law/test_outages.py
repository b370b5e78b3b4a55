"""Outages as acts count them: clipped to the season, second by second of each local day."""

from datetime import UTC, datetime
from decimal import Decimal
from fractions import Fraction
from zoneinfo import ZoneInfo

import numpy as np

from analytics.facts.season_days import SeasonDays
from analytics.facts.season_facts import SeasonFacts
from analytics.heat.ragged import Ragged
from analytics.law.outages import charged_of, left_of, outage_step, outages_of, spans_of, taken_by
from analytics.law.steps import LocalTimes
from analytics.law.terms import at_least
from domain.time import HOUR_US, to_us

ZONE = ZoneInfo("Europe/Belgrade")


def us(text: str) -> int:
    return to_us(datetime.fromisoformat(text).replace(tzinfo=ZONE).astimezone(UTC))


SINCE, UNTIL = us("2026-03-27T00:00"), us("2026-03-31T00:00")
DAYS = SeasonDays.of(SeasonFacts("s", "p", SINCE, UNTIL, ZONE.key, None, UNTIL))


def test_an_outage_is_cut_at_the_seasons_ends_and_one_outside_is_none() -> None:
    spans = [
        (SINCE - HOUR_US, SINCE + HOUR_US),
        (SINCE - HOUR_US, SINCE),
        (UNTIL - HOUR_US, UNTIL + 9 * HOUR_US),
    ]
    found = outages_of(spans, SINCE, UNTIL, DAYS)
    assert [each.lasts_us for each in found] == [HOUR_US, HOUR_US]
    assert [each.seconds for each in found] == [((0, 3600),), ((3, 3600),)]


def test_a_day_of_23_hours_is_one_whole_day() -> None:
    """Summer time begins on 29 March 2026."""
    (outage,) = outages_of([(us("2026-03-28T12:00"), us("2026-03-30T00:00"))], SINCE, UNTIL, DAYS)
    assert outage.seconds == ((1, 12 * 3600), (2, 23 * 3600))
    assert outage.part_days(DAYS) == Fraction(3, 2)


def test_what_outages_of_one_day_take_adds_up() -> None:
    spans = [(SINCE, SINCE + HOUR_US), (SINCE + 2 * HOUR_US, SINCE + 4 * HOUR_US)]
    assert taken_by(outages_of(spans, SINCE, UNTIL, DAYS)) == {0: 3 * 3600}
    assert taken_by([]) == {}


def test_of_an_outage_only_its_time_on_days_that_were_charged_is_left() -> None:
    spans = [
        (SINCE + 20 * HOUR_US, SINCE + 70 * HOUR_US),
        (SINCE + 72 * HOUR_US, SINCE + 73 * HOUR_US),
    ]
    found = outages_of(spans, SINCE, UNTIL, DAYS)
    assert [*charged_of(found, {}, DAYS)] == [*found]
    first, second = charged_of(found, {1: DAYS.inside_s[1]}, DAYS)
    assert first.spans == ((spans[0][0], SINCE + 24 * HOUR_US), (SINCE + 48 * HOUR_US, spans[0][1]))
    assert (first.lasts_us, first.seconds) == (26 * HOUR_US, ((0, 4 * 3600), (2, 22 * 3600)))
    assert second == found[1]
    assert [*charged_of(found, {0: 1, 1: 1, 2: 1, 3: 1}, DAYS)] == []


def test_of_a_day_paid_before_only_the_rest_is_left_to_outages() -> None:
    spans = [(SINCE, SINCE + 20 * HOUR_US), (SINCE + 22 * HOUR_US, SINCE + 30 * HOUR_US)]
    found = outages_of(spans, SINCE, UNTIL, DAYS)
    assert left_of(found, {}, DAYS) == found
    left = left_of(found, {0: Fraction(5 * 3600, 2), 2: 9}, DAYS)
    assert [each.seconds for each in left] == [
        ((0, 20 * 3600),),
        ((0, Fraction(3 * 3600, 2)), (1, 6 * 3600)),
    ]
    assert left_of(found, {0: 86400, 1: 86400}, DAYS) == []


def test_households_without_an_outage_are_left_out() -> None:
    columns = (np.array([1, 5, 9], dtype=np.int64), np.array([2, 6, 10], dtype=np.int64))
    ragged = Ragged(np.array([0, 2, 2, 3], dtype=np.int64), columns)
    assert list(spans_of(ragged)) == [(0, ((1, 2), (5, 6))), (2, ((9, 10),))]


def test_a_step_says_whether_the_length_is_reached() -> None:
    (outage,) = outages_of([(SINCE, SINCE + 2 * HOUR_US)], SINCE, UNTIL, DAYS)
    for met, code in ((True, "outage"), (False, "outage_too_short")):
        step = outage_step(outage, LocalTimes(ZONE.key), "art. 1", at_least(Decimal(2)), met=met)
        assert (step["step"], step["numbers"]["hours"]) == (code, "2.00")
        assert step["numbers"]["since"] == "2026-03-27T00:00+01:00"
