"""A season in progress: what comes after `as_of` is unknown, so it is settled twice (7.20)."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from analytics.facts.facts_file import from_facts
from analytics.law.policy import load
from analytics.law.reasons import STILL_COLD, UNDETERMINED
from analytics.settlement.result import Result
from analytics.settlement.settle import settle
from simulators.law import refund as naive_refund
from simulators.law.worlds import random_world
from tests.analytics.cities import answer_of, source
from tests.analytics.facts import SEASONS, Scenario, comparable, facts, rows
from tests.analytics.settlement.test_settle import us

HENAN, LINYI, WEIFANG = "CN-HA-2018", "CN-SD-LINYI-2017", "CN-SD-WEIFANG-2021"
SHANGHAI = "Asia/Shanghai"


def as_of(scenario: Scenario, now: str) -> Result:
    """The household's result as of a local time, with whatever comes later in the scenario."""
    own = from_facts(scenario, scenario["policy"])
    snapshot = replace(own.snapshot, season=replace(own.snapshot.season, as_of_us=us(now)))
    law = load(scenario["policy"])
    run = settle(snapshot, source(own.columns), law, flush=1, excused=own.excused_days)
    return run.results[0]


def h2(policy: str = HENAN) -> Scenario:
    bedroom = rows(
        ("2025-01-09T00:00", "2025-01-09T20:00", "20.000"),
        ("2025-01-09T20:00", "2025-01-15T00:00", "17.200"),
    )
    return facts(policy, {"bedroom": bedroom}, requests=["2025-01-10T09:30"])


@pytest.mark.parametrize(
    ("now", "total", "last"),
    [
        pytest.param("2025-01-12T09:30", "20.00", "2025-01-11", id="at-48-h"),
        pytest.param("2025-01-12T12:00", "20.00", "2025-01-11", id="at-noon"),
        pytest.param("2025-01-12T23:59", "20.00", "2025-01-11", id="before-midnight"),
        pytest.param("2025-01-13T00:00", "30.00", "2025-01-12", id="at-midnight"),
        pytest.param("2025-01-13T00:01", "30.00", "2025-01-12", id="after-midnight"),
    ],
)
def test_the_day_that_is_not_over_is_not_paid_yet(now: str, total: str, last: str) -> None:
    result = as_of(h2(), now)
    assert (str(result.total), result.undetermined) == (total, True)
    assert [(str(line.first), str(line.last)) for line in result.lines] == [("2025-01-10", last)]
    assert str(result.lower) == total
    assert result.upper > result.total
    assert str(result.open_since) == str(datetime.fromisoformat(last).date() + timedelta(days=1))


def test_an_hour_before_the_gate_nothing_is_owed_yet_and_nothing_is_refused() -> None:
    result = as_of(h2(), "2025-01-12T08:30")
    assert (str(result.total), result.undetermined) == ("0.00", True)
    assert str(result.lower) == "0.00"
    assert result.upper > 0


def test_a_home_that_is_warm_again_is_determined_while_the_season_runs() -> None:
    scenario = h2()
    scenario["rooms"]["bedroom"] += rows(("2025-01-15T00:00", "2025-01-16T00:00", "20.000"))
    result = as_of(scenario, "2025-01-15T08:00")
    assert (str(result.total), result.undetermined) == ("50.00", False)
    assert as_of(scenario, "2025-01-15T00:45").undetermined  # not held for an hour yet


def test_who_is_known_to_be_cold_up_to_now_waits_for_the_season_and_not_for_a_measurement() -> None:
    assert as_of(h2(), "2025-01-10T12:00").reason is STILL_COLD
    assert as_of(h2(), "2025-01-12T12:00").reason is STILL_COLD
    silent = as_of(h2(), "2025-01-16T12:00")  # its last sample is of the 14th
    assert (silent.reason, silent.undetermined) == (UNDETERMINED, True)
    gap = h2()
    gap["rooms"]["bedroom"] = [
        row
        for row in gap["rooms"]["bedroom"]
        if not "2025-01-11T00:00" <= row[0] < "2025-01-11T12:00"
    ]
    assert as_of(gap, "2025-01-12T12:00").reason is UNDETERMINED


def test_where_the_day_of_recovery_counts_the_day_of_as_of_is_paid_in_both_worlds() -> None:
    result = as_of(h2(WEIFANG), "2025-01-12T12:00")
    assert [str(line.last) for line in result.lines] == ["2025-01-12"]
    assert str(result.open_since) == "2025-01-13"


def test_a_home_without_telemetry_is_paid_up_to_the_day_before() -> None:
    scenario = facts(
        LINYI,
        {"bedroom": []},
        requests=["2025-01-10T09:00"],
        acts=[["2025-01-10T12:00", "bedroom", "15.000"]],
    )
    result = as_of(scenario, "2025-01-13T12:00")
    assert (str(result.total), result.undetermined) == ("30.00", True)
    assert [(str(line.first), str(line.last)) for line in result.lines] == [
        ("2025-01-10", "2025-01-12")
    ]
    whole = as_of(scenario, SEASONS[LINYI][1])
    assert (whole.undetermined, str(whole.upper)) == (False, str(result.upper))


def test_at_the_seasons_real_end_nothing_is_unknown() -> None:
    bedroom = rows(("2025-03-01T00:00", "2025-03-16T00:00", "17.200"))
    scenario = facts(HENAN, {"bedroom": bedroom}, requests=["2025-03-01T09:30"])
    result = as_of(scenario, "2025-03-16T00:00")
    assert (str(result.total), result.undetermined) == ("100.00", False)  # 11 to 15 are excluded
    assert as_of(scenario, "2025-03-20T00:00").lines == result.lines


def ended(scenario: Scenario, now: str) -> Scenario:
    """The scenario's facts as far as they lie before `now`."""
    return {
        **scenario,
        "rooms": {
            name: [row for row in found if row[0] < now]
            for name, found in scenario["rooms"].items()
        },
        "acts": [each for each in scenario["acts"] if each[0] < now],
        "requests": [each for each in scenario["requests"] if each < now],
        "outages": [each for each in scenario["outages"] if each[1] < now],
    }


@pytest.mark.compiled
def test_a_running_season_pays_what_the_twin_pays_where_data_end() -> None:
    """As of an hour at which the last samples have just stopped standing both know the same."""
    compared = 0
    for seed in range(120):
        scenario = random_world(seed, SHANGHAI)
        times = sorted(row[0] for found in scenario["rooms"].values() for row in found)
        if not times:
            continue
        middle = times[len(times) * 2 // 3]
        cut = ended(scenario, middle)
        stops = datetime.fromisoformat(times[len(times) * 2 // 3 - 1]) + timedelta(
            hours=3, minutes=1
        )
        now = stops.isoformat(timespec="minutes")
        if now >= scenario["season"][1] or now <= scenario["season"][0]:
            continue
        assert comparable(answer_of(as_of(cut, now))) == comparable(naive_refund.settle(cut)), seed
        compared += 1
    assert compared > 60
