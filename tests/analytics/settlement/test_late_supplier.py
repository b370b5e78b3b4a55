"""A supplier who does not come in time, and a household that does not let it in (7.20)."""

from typing import Any

import pytest

from analytics.law.policy import load
from analytics.settlement.result import Result
from analytics.settlement.settle import settle_facts
from simulators.law.refund import settle as naive
from simulators.law.worlds import SEASONS
from tests.analytics.cities import answer_of
from tests.analytics.facts import Scenario, comparable, facts, rows
from tests.analytics.settlement.owing import HENAN, LINYI, acts, at, paid_days, spells, total


def linyi(
    *, made: list[list[str]] | None = None, refused: tuple[str, ...] = (), **other: Any
) -> Scenario:
    """17.000 from the 10th to the 15th, asked for on the 10th at 9: the limit ends on the 11th at 9."""
    bedroom = spells(("10T00:00", "15T00:00"))
    return facts(
        LINYI, {"bedroom": bedroom}, requests=at("10T09:00"), acts=made or (), refusals=at(*refused),
        **other,
    )  # fmt: skip


FIFTH = [("10", "14", "1/5")]


@pytest.mark.parametrize(
    ("came", "days"),
    [
        pytest.param("10T09:00", FIFTH, id="at-once"),
        pytest.param("11T09:00", FIFTH, id="as-the-limit-ends"),
        pytest.param("10T08:59", [("10", "10", "1/5"), ("11", "14", "1")], id="before-the-request"),
        pytest.param("11T09:01", FIFTH, id="late-on-the-day-itself"),
        pytest.param(
            "13T12:00",
            [("10", "10", "1/5"), ("11", "12", "1"), ("13", "14", "1/5")],
            id="days-late",
        ),
    ],
)
def test_presumed_are_the_days_from_the_limit_to_the_one_before_the_first_measurement(
    came: str, days: list[tuple[str, str, str]]
) -> None:
    assert paid_days(linyi(made=acts((came, "bedroom", "17.000")))) == days


def test_a_refusal_in_time_is_a_supplier_in_time_and_closes_its_day_alone() -> None:
    assert paid_days(linyi(refused=("10T20:00",))) == [("11", "14", "1/5")]
    assert paid_days(linyi(refused=("12T12:00",))) == [
        ("10", "10", "1/5"), ("11", "11", "1"), ("13", "14", "1/5"),
    ]  # fmt: skip


def test_refusing_pays_no_more_than_letting_the_crew_in() -> None:
    let_in = total(linyi(made=acts(("10T20:00", "bedroom", "17.000"))))
    refused = total(linyi(refused=("10T20:00",)))
    assert (let_in, refused) == (("20.00", False), ("16.00", False))


def test_in_henan_a_refusal_changes_nothing() -> None:
    scenario = facts(HENAN, {"bedroom": spells(("10T00:00", "15T00:00"))}, requests=at("10T09:00"))
    assert paid_days(scenario) == paid_days({**scenario, "refusals": at("12T12:00")})


def test_who_came_on_a_day_of_the_users_fault_is_not_late() -> None:
    fault = [at("10T18:00", "10T19:00")]
    came = linyi(made=acts(("10T20:00", "bedroom", "17.000")), user_faults=fault)
    assert paid_days(came) == [("11", "14", "1/5")]
    assert paid_days(linyi(user_faults=fault)) == [("11", "14", "1")]


def test_nobody_is_late_where_the_cold_is_over_before_the_limit() -> None:
    bedroom = spells(("10T00:00", "11T09:00"))
    scenario = facts(LINYI, {"bedroom": bedroom}, requests=at("10T09:00"))
    assert paid_days(scenario) == [("10", "10", "1/5")]


def test_a_spell_that_begins_after_the_limit_is_presumed_from_its_first_day() -> None:
    bedroom = spells(("13T06:00", "15T00:00"))
    scenario = facts(LINYI, {"bedroom": bedroom}, requests=at("10T09:00"))
    assert paid_days(scenario) == [("13", "14", "1")]


@pytest.mark.parametrize(
    ("second", "share"),
    [
        pytest.param(("10T20:30", "living", "15.000"), "1/2", id="the-same-day-is-one-test"),
        pytest.param(("13T12:00", "bedroom", "15.500"), "1/2", id="another-day"),
    ],
)
def test_two_failing_days_take_the_lowest_of_their_records_on_every_day(
    second: tuple[str, str, str], share: str
) -> None:
    bedroom = spells(("10T00:00", "15T00:00"))
    made = acts(("10T20:00", "bedroom", "17.000"), second)
    scenario = facts(
        LINYI, {"bedroom": bedroom, "living": bedroom}, requests=at("10T09:00"), acts=made
    )
    found = paid_days(scenario)
    whole = [("10", "14", share)]
    one_test = [("10", "10", "1/2"), ("11", "14", "1/5")]
    assert found == (one_test if second[1] == "living" else whole)


@pytest.mark.parametrize(
    ("policy", "silence", "passed"),
    [
        pytest.param(LINYI, ("300.00", True), ("60.00", True), id="linyi-presumes"),
        pytest.param(
            "CN-SD-BINZHOU-2016",
            ("0.00", True),
            ("0.00", True),
            id="binzhou-where-one-is-no-measurement",
        ),
        pytest.param("CN-SD-HEZE-2017", ("0.00", True), ("0.00", False), id="heze-does-not"),
    ],
)
def test_a_household_that_nothing_shows_below_is_presumed_so_in_linyi_alone(
    policy: str, silence: tuple[str, bool], passed: tuple[str, bool]
) -> None:
    """7.20, "a household without telemetry": request and no act at all."""
    silent = facts(policy, {"bedroom": []}, requests=["2025-03-05T06:00"])
    areas = {"room_area": {"bedroom": "50.00"}, "area": "50.00"}
    assert total({**silent, **areas}) == silence
    warm = [["2025-03-09T12:00", "bedroom", "19.000"]]
    assert total({**silent, **areas, "acts": warm}) == passed


HARBIN = "CN-HL-HARBIN-pre2021"


def harbin(*decisions: dict[str, str]) -> Result:
    """17.000 for five days, asked for at once; nobody came, so that all five are deemed failing."""
    own = {
        "id": 0, "policy": HARBIN, "season": list(SEASONS[HARBIN]), "interval_min": 15, "outages": [],
        "season_fee": "3660.00", "requests": ["2021-01-10T00:00"], "acts": [], "decisions": decisions,
        "outdoor_excused_days": [],
        "rooms": {
            "bedroom": rows(
                ("2021-01-10T00:00", "2021-01-15T00:00", "17.000"),
                ("2021-01-15T00:00", "2021-01-16T00:00", "20.000"),
            )
        },
    }  # fmt: skip
    result = settle_facts(own, load(HARBIN))
    assert comparable(answer_of(result)) == comparable(naive(own))
    return result


@pytest.mark.parametrize(
    ("decided", "total"),
    [
        ({"outcome": "below", "temperature": "13.0"}, "100.00"),
        ({"outcome": "below", "temperature": "15.0"}, "50.00"),
        ({"outcome": "below", "basis": "presumption"}, "30.00"),  # as its readings say
        ({"outcome": "compliant"}, "30.00"),
    ],
)
def test_deemed_failing_without_a_band_is_open_until_it_is_decided(
    decided: dict[str, str], total: str
) -> None:
    without = harbin()
    assert (str(without.total), str(without.upper), without.undetermined) == (
        "30.00", "100.00", True,
    )  # fmt: skip
    shown = [each["numbers"] for each in without.steps if each["step"] == "day"]
    assert [each["made_by"] for each in shown] == ["deemed"]
    row = {
        "since": "2021-01-01T00:00", "until": "2021-02-01T00:00", "basis": "authority",
        "document": "Decision 3", "clause": "art. 1", **decided,
    }  # fmt: skip
    result = harbin(row)
    assert (str(result.total), result.undetermined) == (total, False)
