"""Each day's money is by the terms in force at its first instant; all but money runs through a change."""

import random
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from analytics.facts.facts_file import from_facts
from analytics.law.policy import load
from analytics.law.steps import shown
from analytics.settlement.settle import settle_facts, settle_one
from heatwatch.evaluate.law_city import comparable, settled_together
from simulators.law import record_worlds
from simulators.law.spans import with_payers
from simulators.law.term_worlds import said_twice, with_new_terms
from simulators.law.twins import TWINS, world_of
from tests.analytics.cities import answer_of
from tests.analytics.facts import Scenario, facts, rows
from tests.analytics.settlement.test_settle import cold_week

HALF = {"since": "2025-01-12T00:00", "season_fee": "1310.00"}
BOTH = pytest.mark.parametrize("settled", ["kernels", "twin"])


def paid(settled: str, scenario: Scenario, *rows: dict[str, Any], **more: Any) -> dict[str, Any]:
    given = {**scenario, **more} | ({"contract_changes": list(rows)} if rows else {})
    if settled == "twin":
        return TWINS[given["policy"]](given)
    return answer_of(settle_facts(given, load(given["policy"])))


def amounts(answer: dict[str, Any]) -> list[tuple[str, str, str]]:
    return sorted((each["from"], each["to"], each["amount"]) for each in answer["lines"])


@BOTH
def test_a_line_whose_fee_changes_is_two_lines_each_rounded_once(settled: str) -> None:
    """2,420.00 ÷ 121 × 2 × ½, then 1,310.00 ÷ 121 × 3 × ½ = 16.2396…; the 48 hours run through."""
    assert amounts(paid(settled, cold_week())) == [("2025-01-10", "2025-01-14", "50.00")]
    assert amounts(paid(settled, cold_week(), HALF)) == [
        ("2025-01-10", "2025-01-11", "20.00"), ("2025-01-12", "2025-01-14", "16.24"),
    ]  # fmt: skip


#: Qingdao, 10 to 14 January at 15 °C, in 20 of 100 m², 20.00 a day: 20 % of it, and half of that.
BY_ROOM = facts(
    "CN-SD-QINGDAO-2017",
    {"bedroom": rows(("2025-01-10T00:00", "2025-01-15T00:00", "15.000"), ("2025-01-15T00:00", "2025-01-16T00:00", "20.000"))},
    requests=["2025-01-10T00:00"], room_area={"bedroom": "20"}, area="100",
)  # fmt: skip


@BOTH
@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"season_fee": "2538.00", "area": "90"}, ["4.00", "6.00"]),  # 18.00 a day for less
        ({"season_fee": "2538.00"}, ["4.00", "5.40"]),
        ({"area": "90"}, ["4.00", "6.67"]),
        ({"area": "100.00"}, ["10.00"]),
    ],
)
def test_a_room_has_its_part_of_the_fee_by_the_heated_area_of_the_day(
    settled: str, change: dict[str, str], expected: list[str]
) -> None:
    row = {"since": "2025-01-12T00:00", **change}
    assert [each[2] for each in amounts(paid(settled, BY_ROOM, row))] == expected


def test_the_sheet_says_which_area_held_when() -> None:
    row = {"since": "2025-01-12T00:00", "season_fee": "2538.00", "area": "90"}
    result = settle_facts({**BY_ROOM, "contract_changes": [row]}, load("CN-SD-QINGDAO-2017"))
    told = [shown(each, "en") for each in result.steps]
    assert sum("heated area 100 m²" in each for each in told) == 1
    assert sum("heated area 90 m²" in each for each in told) == 1


def test_where_the_rooms_do_not_fit_into_the_area_of_a_day_it_is_open() -> None:
    row = {"since": "2025-01-12T00:00", "area": "15"}
    result = settle_facts({**BY_ROOM, "contract_changes": [row]}, load("CN-SD-QINGDAO-2017"))
    assert [str(each.amount) for each in result.lines] == ["4.00"]
    assert (result.undetermined, str(result.open_since)) == (True, "2025-01-12")


@BOTH
def test_an_act_that_settles_the_dwelling_reads_no_area(settled: str) -> None:
    row = {"since": "2025-01-12T00:00", "area": "90"}
    assert amounts(paid(settled, cold_week(), row)) == amounts(paid(settled, cold_week()))


@BOTH
def test_cold_that_is_long_enough_only_as_a_whole_is_long_enough(settled: str) -> None:
    """The rooms are below from 10 January, 6:00, to the 15th, 12:00: neither side of the 11th has 48 hours
    before the 12th, and of the 14th and 15th one side has less."""
    for at in ("2025-01-11", "2025-01-14"):
        lines = paid(settled, cold_week(), HALF | {"since": f"{at}T00:00"})["lines"]
        assert [each["from"] for each in lines] == ["2025-01-10", at]
        assert lines[-1]["to"] == "2025-01-14"


@BOTH
def test_an_outage_over_a_change_is_long_as_a_whole_and_paid_by_the_fee_of_its_days(
    settled: str,
) -> None:
    stopped = cold_week(requests=[], outages=[["2025-01-11T18:00", "2025-01-12T09:00"]])
    ((first, last, whole),) = amounts(paid(settled, stopped))
    assert (first, last, whole) == ("2025-01-11", "2025-01-12", "12.50")
    assert amounts(paid(settled, stopped, HALF)) == [
        ("2025-01-11", "2025-01-11", "5.00"), ("2025-01-12", "2025-01-12", "4.06"),
    ]  # fmt: skip


def records_of(policy: str, *days: str) -> Scenario:
    base = record_worlds.random_season(0, policy)
    acts = [[f"{day}T10:00", "bedroom", "15.000"] for day in days]
    return {
        **base, "acts": acts, "outages": [], "user_faults": [], "refusals": [], "season_fee": "1820.00",
        "rooms": {"bedroom": []}, "requests": ["2025-04-10T00:00"],
    }  # fmt: skip


@BOTH
def test_three_tests_across_a_change_pay_a_month_of_which_each_day_has_its_fee(
    settled: str,
) -> None:
    """Ordos: thirty daily fees from the first test on, ten before the change and twenty behind it."""
    scenario = records_of(record_worlds.ORDOS, "2025-01-02", "2025-01-14", "2025-01-20")
    ((first, last, whole),) = amounts(paid(settled, scenario))
    assert (first, last) == ("2025-01-02", "2025-01-31")
    half = {"since": "2025-01-12T00:00", "season_fee": "910.00"}
    before, after = amounts(paid(settled, scenario, half))
    daily = float(whole) / 30
    assert (before[:2], after[:2]) == (("2025-01-02", "2025-01-11"), ("2025-01-12", "2025-01-31"))
    assert float(before[2]) == pytest.approx(10 * daily, abs=0.005)
    assert float(after[2]) == pytest.approx(10 * daily, abs=0.01)


@BOTH
@pytest.mark.parametrize(("tests", "total"), [(21, "2100.00"), (39, "3900.00"), (42, "3930.00")])
def test_sums_of_daily_fees_end_with_what_was_charged_and_not_with_the_seasons_days(
    settled: str, tests: int, total: str
) -> None:
    """Ordos, 10.00 a day until the year ends, then 30.00: 3,930.00 are due; three failing days pay 300.00."""
    days = [f"{date(2024, 10, 15) + timedelta(days=n)}" for n in range(tests)]
    scenario = records_of(record_worlds.ORDOS, *days) | {"season_fee": "1830.00"}
    dearer = {"since": "2025-01-01T00:00", "season_fee": "5490.00"}
    found = paid(settled, scenario, dearer)
    assert found["total"] == total
    assert all(float(each["amount"]) > 0 for each in found["lines"])
    assert paid(settled, scenario)["total"] == "1830.00"


@BOTH
def test_a_block_of_hours_is_of_the_day_on_which_it_is_full(settled: str) -> None:
    """Korea: two blocks by day and four by night on the 31st, two by night on the 1st, at twice the fee."""
    outage = ["2024-12-31T14:00", "2025-01-01T02:00"]
    scenario = record_worlds.season("KR-KDHC", outages=[outage], season_fee="181000.00")
    twice = {"since": "2025-01-01T00:00", "season_fee": "362000.00"}
    assert [each[2] for each in amounts(paid(settled, scenario, twice))] == ["6000.00", "4000.00"]
    assert [each[2] for each in amounts(paid(settled, scenario))] == ["8000.00"]


@BOTH
def test_hours_that_take_a_part_of_a_month_take_it_of_all_the_months_days(settled: str) -> None:
    """Decree 354: the fee of the billing month, whatever day an hour is on."""
    base = {
        "policy": "RU-354", "season": ["2024-10-01T00:00", "2025-05-01T00:00"], "id": 0,
        "season_fee": "21200.00", "zone": "Europe/Moscow", "interval_min": 60, "acts": [],
        "rooms": {"bedroom": []}, "requests": [], "outdoor_excused_days": [],
        "outages": [["2025-01-01T00:00", "2025-01-02T06:00"]],
    }  # fmt: skip
    assert paid(settled, base)["total"] == paid(settled, base)["total"]
    late = {"since": "2025-01-22T00:00", "season_fee": "0.00"}
    whole, less = (float(paid(settled, base, *own)["total"]) for own in ((), (late,)))
    assert whole > 0
    assert less == pytest.approx(whole * 21 / 31, abs=0.01)


@BOTH
def test_the_season_pays_at_most_what_is_due_over_its_spans(settled: str) -> None:
    """Liaoning: full fees of tests in more than three months are the season, 121 of 151 days of nothing."""
    days = [
        f"{month}-{day}"
        for month in ("2024-11", "2024-12", "2025-01", "2025-02")
        for day in ("05", "12", "20")
    ]
    scenario = records_of(record_worlds.LIAONING, *days)
    free = {"since": "2024-12-01T00:00", "season_fee": "0.00"}
    whole, cut = paid(settled, scenario), paid(settled, scenario, free)
    assert whole["total"] == "1820.00"
    count = 151
    assert float(cut["total"]) == pytest.approx(1820 * 30 / count, abs=0.01)


def test_the_sheet_shows_each_fee_its_days_and_its_document() -> None:
    row = HALF | {"document": "price notice 7", "agreed": "20"}
    result = settle_facts({**cold_week(), "contract_changes": [row]}, load("CN-HA-2018"))
    told = [shown(each, "en") for each in result.steps if each["step"] == "terms_of_days"]
    assert len(told) == 2
    assert "2,420.00 ÷ 121 days = " in told[0]
    assert "1,310.00 ÷ 121 days" in told[1]
    assert "agreed temperature 20 °C" in told[1]
    assert told[1].endswith("contract: price notice 7")
    assert not [each for each in result.steps if each["step"] == "daily_fee"]


LUOYANG = "CN-HA-LY-2018"
SAME_PRICE = {"since": "2025-01-12T00:00", "heat_price": "0.2", "basic_fee": "600.00"}


def metered(every_kwh: str | None = "2", first_minute: int = 7) -> Scenario:
    """Below from 10 to 14 January; the meter's register, hourly, a little behind the hour."""
    at, end = (datetime.fromisoformat(f"2025-01-{day}T00:00") for day in ("08", "18"))
    at, register, meter = at + timedelta(minutes=first_minute), Decimal(100), []
    while every_kwh and at < end:
        meter.append([at.isoformat(timespec="minutes"), str(register)])
        register, at = register + Decimal(every_kwh), at + timedelta(hours=1)
    return cold_week() | {
        "policy": LUOYANG, "requests": ["2025-01-10T00:00"], "meter": meter,
        "contract": {"heat_price": "0.2", "basic_fee": "600.00"},
    }  # fmt: skip


@BOTH
@pytest.mark.parametrize("minute", [0, 7])
def test_a_fee_by_which_counted_heat_is_not_paid_cuts_nothing(settled: str, minute: int) -> None:
    scenario = metered(first_minute=minute)
    other_fee = SAME_PRICE | {"season_fee": "2000.00"}
    assert paid(settled, scenario) == paid(settled, scenario, other_fee)


@BOTH
def test_heat_over_the_midnight_of_a_new_price_pays_the_lower_one(settled: str) -> None:
    """Half of 2 kWh an hour; of the hour over midnight, at 0.20, no reading tells the days apart."""
    dearer = paid(settled, metered(), SAME_PRICE | {"heat_price": "0.3"})
    whole = paid(settled, metered())
    before, after = amounts(dearer)
    assert (before[1], after[0]) == ("2025-01-11", "2025-01-12")
    assert dearer["undetermined"]
    hours_after = (Decimal(whole["total"]) - Decimal(before[2])) / Decimal("0.2")
    assert Decimal(after[2]) == hours_after * Decimal("0.3")


def test_a_silent_meter_leaves_open_what_was_charged_for_heat_once() -> None:
    law = load(LUOYANG)
    whole = settle_facts(metered(None), law)
    changed = metered(None) | {"contract_changes": [SAME_PRICE | {"heat_price": "0.3"}]}
    assert (whole.upper, settle_facts(changed, law).upper) == (Decimal(1820), Decimal(1820))


@BOTH
@pytest.mark.parametrize("policy", ["CN-SD-LINYI-2017", record_worlds.YINCHUAN, LUOYANG])
@pytest.mark.parametrize(
    "other", [{"heat_price": "0.3"}, {"agreed": "20"}, {"basic_fee": "100.00"}], ids=str
)
def test_an_outage_is_cut_by_no_term_that_its_rule_does_not_read(
    settled: str, policy: str, other: dict[str, str]
) -> None:
    """Each outage is its own line, rounded once."""
    stopped = cold_week(requests=[], outages=[["2025-01-08T18:07", "2025-01-12T09:11"]])
    stopped |= {"policy": policy, "season_fee": "1999.99"}
    if policy == LUOYANG:  # of a metered household the basic fee matters
        stopped |= {"contract": {"heat_price": "0.2", "basic_fee": "1000.00"}}
        other = {name: value for name, value in other.items() if name != "basic_fee"}
    row = {"since": "2025-01-10T00:00", **stopped.get("contract", {}), **other}
    whole = paid(settled, stopped)
    assert len(whole["lines"]) == 1
    assert paid(settled, stopped, row) == whole


@BOTH
def test_blocks_of_cold_go_on_over_a_change_that_leaves_their_share(settled: str) -> None:
    tianjin = {
        **cold_week(), "policy": "CN-TJ-2010", "season_fee": "1999.99", "contract": {"agreed": "18"},
        "acts": [["2025-01-10T08:00", "bedroom", "17.000"]], "room_area": {"bedroom": "20"}, "area": "60",
    }  # fmt: skip
    whole = paid(settled, tianjin)
    assert len(whole["lines"]) == 1
    warmer = {"since": "2025-01-12T00:00", "agreed": "18.1"}
    assert amounts(paid(settled, tianjin, warmer)) == amounts(whole)


@BOTH
def test_cold_that_a_decision_left_half_of_each_day_goes_on_over_a_change(settled: str) -> None:
    decision = {
        "since": "2025-01-09T00:00", "until": "2025-01-20T00:00", "share": "0.5", "basis": "authority",
        "document": "No. 7", "clause": "art. 9",
    }  # fmt: skip
    scenario = cold_week(outages=[["2025-01-10T00:00", "2025-01-16T00:00"]]) | {
        "policy": "CN-XJ-URUMQI-2002", "contract": {"agreed": "18", "bands": [["18", "1/2"]]},
        "outage_decisions": [decision],
    }  # fmt: skip
    row = {"since": "2025-01-12T00:00", "agreed": "18", "bands": [["18", "1/2"], ["10", "1"]]}
    whole = paid(settled, scenario)
    assert {each["kind"] for each in whole["lines"]} == {"outage_decided", "temperature"}
    assert amounts(paid(settled, scenario, row)) == amounts(whole)


@BOTH
def test_a_multiple_of_an_outages_time_has_no_limit_of_the_season(settled: str) -> None:
    """Yinchuan: five days at 20.00, twice; from then on nothing is charged."""
    scenario = cold_week(requests=[], outages=[["2024-11-16T00:00", "2024-11-21T00:00"]])
    scenario |= {"policy": record_worlds.YINCHUAN}
    free = {"since": "2024-11-21T00:00", "season_fee": "0.00"}
    assert paid(settled, scenario, free)["total"] == paid(settled, scenario)["total"] == "200.00"


@pytest.mark.parametrize("requests", [[], ["2025-07-10T00:00"]], ids=["not on record", "too late"])
def test_a_decision_on_a_claim_is_about_the_whole_sum_whose_fee_changes(
    requests: list[str],
) -> None:
    """Liaoning: ten days of 1,820.00 ÷ 151, of which five are of half the fee."""
    decision = {
        "since": "2025-01-10T00:00", "until": "2025-01-11T00:00", "outcome": "below",
        "basis": "authority", "document": "No. 1", "clause": "art. 1",
    }  # fmt: skip
    scenario = {
        **records_of(record_worlds.LIAONING, "2025-01-10", "2025-01-20"),
        "requests": requests, "decisions": [decision],
    }  # fmt: skip
    half = {"since": "2025-01-15T00:00", "season_fee": "910.00"}
    law = load(record_worlds.LIAONING)
    whole, cut = (settle_facts(scenario | {"contract_changes": rows}, law) for rows in ([], [half]))
    assert [str(each.total) for each in (whole, cut)] == ["120.53", "90.39"]
    assert [each.undetermined for each in (whole, cut)] == [False, False]


EVERY = sorted(TWINS)


@pytest.mark.compiled
@pytest.mark.parametrize("policy", EVERY)
def test_terms_recorded_anew_as_they_were_change_no_byte(policy: str) -> None:
    worlds = [world_of(policy, seed) for seed in range(6)]
    results = settled_together(load(policy), [*worlds, *map(said_twice, worlds)])
    for before, after in zip(results[:6], results[6:], strict=True):
        assert answer_of(before) == answer_of(after)
        assert [*before.steps] == [*after.steps]


@pytest.mark.compiled
@pytest.mark.parametrize("policy", EVERY)
def test_kernels_and_twin_agree_on_terms_that_change(policy: str) -> None:
    worlds = [with_new_terms(world_of(policy, seed)) for seed in range(10)]
    results = settled_together(load(policy), worlds)
    for seed, (world, result) in enumerate(zip(worlds, results, strict=True)):
        assert comparable(answer_of(result)) == comparable(TWINS[policy](world)), seed
        assert result.total <= result.lower <= result.upper, seed
    assert sum("contract_changes" in world for world in worlds) > 4


def shuffled(rows: Sequence[Any], seed: int) -> list[Any]:
    return random.Random(seed).sample(list(rows), len(rows))


def test_the_order_of_rows_says_nothing_seeds_0_to_19() -> None:
    for seed in range(20):
        world = with_payers(with_new_terms(world_of("CN-HA-2018", seed)))
        rows = shuffled(world.get("contract_changes", ()), seed)
        before, after = (
            settle_one(from_facts(each, "CN-HA-2018"), load("CN-HA-2018"))
            for each in (world, {**world, "contract_changes": rows})
        )
        assert [*before.steps] == [*after.steps]
