"""An agreed temperature that changes: each sample is judged by the value of its time."""

from typing import Any

import pytest

from analytics.facts.facts_file import from_facts
from analytics.law.changed_limits import judged_by
from analytics.law.policy import load
from analytics.settlement.settle import settle_facts
from heatwatch.evaluate.law_city import answer_of
from simulators.law.twins import TWINS
from tests.analytics.facts import rows

URUMQI = "CN-XJ-URUMQI-2002"
BOTH = pytest.mark.parametrize("settled", ["kernels", "twin"])


def promised(celsius: str) -> dict[str, Any]:
    """A contract that refunds half of each day below what it promises."""
    return {"agreed": celsius, "bands": [[celsius, "1/2"]]}


def season(celsius: str, since: str, **more: Any) -> dict[str, Any]:
    """Five days at one temperature in the middle of January, and 22 °C around them."""
    room = rows(
        ("2025-01-08T00:00", "2025-01-10T00:00", "22"), (f"{since}", "2025-01-15T00:00", celsius),
        ("2025-01-15T00:00", "2025-01-17T00:00", "22"), minutes=60,
    )  # fmt: skip
    return {
        "id": 0, "policy": URUMQI, "season": ["2024-11-15T00:00", "2025-03-16T00:00"],
        "season_fee": "2420.00", "interval_min": 60, "rooms": {"bedroom": room},
        "requests": ["2025-01-10T00:00"], "acts": [], "outages": [], "outdoor_excused_days": [],
        "contract": promised("18"),
    } | more  # fmt: skip


def paid(settled: str, scenario: dict[str, Any]) -> list[tuple[str, str]]:
    if settled == "twin":
        lines = TWINS[URUMQI](scenario)["lines"]
    else:
        lines = answer_of(settle_facts(scenario, load(URUMQI)))["lines"]
    return [(each["from"], each["to"]) for each in lines]


@BOTH
def test_what_was_warm_enough_before_the_change_is_cold_from_it_on(settled: str) -> None:
    warmer = [{"since": "2025-01-12T00:00", **promised("20")}]
    assert paid(settled, season("19", "2025-01-10T00:00")) == []
    changed = season("19", "2025-01-10T00:00", contract_changes=warmer)
    assert paid(settled, changed) == [("2025-01-12", "2025-01-14")]


@BOTH
def test_a_cold_spell_runs_through_a_change_and_what_continues_is_one_line(settled: str) -> None:
    warmer = [{"since": "2025-01-12T00:00", **promised("18.5")}]
    whole = paid(settled, season("13", "2025-01-10T00:00"))
    assert whole == [("2025-01-10", "2025-01-14")]
    assert paid(settled, season("13", "2025-01-10T00:00", contract_changes=warmer)) == whole


def test_a_household_whose_limit_stays_is_as_it_was() -> None:
    fee = [{"since": "2025-01-12T00:00", "season_fee": "1210.00", **promised("18")}]
    part = from_facts(season("13", "2025-01-10T00:00", contract_changes=fee), URUMQI).snapshot
    judged = judged_by(load(URUMQI).policy.standard, part, [1])
    assert (judged.moved, judged.changes) == (None, ())
    warmer = [{"since": "2025-01-12T00:00", **promised("20")}]
    part = from_facts(season("13", "2025-01-10T00:00", contract_changes=warmer), URUMQI).snapshot
    moved = judged_by(load(URUMQI).policy.standard, part, [1]).moved
    assert moved is not None
    assert moved.columns[2].tolist() == [2000]


BANDS = [["20", "1/2"], ["16", "1"]]


def recorded(celsius: str, promised: str, *changes: str) -> dict[str, Any]:
    """No telemetry: a record of 10 January, another of the 15th that passes; five days at 20.00 a day."""
    rows_of = [{"since": "2025-01-12T00:00", "agreed": each, "bands": BANDS} for each in changes]
    acts = [["2025-01-10T10:00", "bedroom", celsius], ["2025-01-15T10:00", "bedroom", "22.000"]]
    return season("22", "2025-01-10T00:00") | {
        "rooms": {"bedroom": []}, "requests": ["2025-01-10T08:00"], "acts": acts,
        "contract": {"agreed": promised, "bands": BANDS}, "contract_changes": rows_of,
    }  # fmt: skip


@BOTH
@pytest.mark.parametrize(
    ("celsius", "promised", "then", "total"),
    [("15.000", "18", "20", "100.00"), ("17.000", "20", "18", "50.00")],
)
def test_the_band_of_a_day_is_that_of_the_value_as_it_was_measured(
    settled: str, celsius: str, promised: str, then: str, total: str
) -> None:
    """A contract that promises more never pays less."""
    for scenario in (recorded(celsius, promised), recorded(celsius, promised, then)):
        if settled == "twin":
            assert TWINS[URUMQI](scenario)["total"] == total
            continue
        result = settle_facts(scenario, load(URUMQI))
        assert str(result.total) == total
        told = {each["numbers"].get("celsius") for each in result.steps if each["step"] == "day"}
        assert told == {celsius}, "nobody measured anything else"


@BOTH
def test_a_deficit_is_below_what_is_promised_on_the_day(settled: str) -> None:
    """Beijing: 15 °C is 3 below 18, a share of 60 %, and 5 below 20: all of the fee."""
    beijing = "CN-BJ-BF2022-0501"
    scenario = recorded("15.000", "18") | {
        "policy": beijing, "contract": {"agreed": "18"}, "room_area": {"bedroom": "60"}, "area": "60",
    }  # fmt: skip
    more = {"contract_changes": [{"since": "2025-01-12T00:00", "agreed": "20"}]}
    answers = [
        TWINS[beijing](each) if settled == "twin" else answer_of(settle_facts(each, load(beijing)))
        for each in (scenario, scenario | {"contract": {"agreed": "20"}}, scenario | more)
    ]
    shares = [[line["share"] for line in each["lines"]] for each in answers]
    assert len(shares[0]) == len(shares[1]) == 1
    assert shares[2] == [*shares[0], *shares[1]]
    assert shares[0] != shares[1]
