"""A home that is a dwelling for a part of the season: which rooms count when, and what sums of both uses come to."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from analytics.law.policy import load
from analytics.law.reasons import NOT_BY_MEASUREMENT, USE_CHANGED
from analytics.settlement.settle import settle_facts
from simulators.law import record_worlds
from simulators.law.twins import world_of
from tests.analytics.cities import answer_of
from tests.analytics.facts import Scenario, rows
from tests.analytics.settlement.test_new_terms import (
    BOTH,
    amounts,
    paid,
    records_of,
)
from tests.analytics.settlement.test_settle import cold_week


@pytest.mark.parametrize("policy", [record_worlds.ORDOS, "RU-354", "US-NYC-HEAT"])
def test_where_there_is_nothing_to_judge_a_change_of_use_leaves_nothing_open(policy: str) -> None:
    base = world_of(policy, 0)
    rooms: dict[str, list[Any]] = {room: [] for room in base["rooms"]}
    nothing = base | {"requests": [], "acts": [], "outages": [], "rooms": rooms}
    since = datetime.fromisoformat(base["season"][0]).replace(hour=0) + timedelta(days=3)
    shop = {"since": since.isoformat(timespec="minutes"), "use": "non_residential"}
    law = load(policy)
    whole, changed = (
        settle_facts(nothing | {"contract_changes": rows}, law) for rows in ([], [shop])
    )
    assert whole.undetermined == changed.undetermined
    assert (changed.upper, changed.reason) == (whole.upper, whole.reason)


def test_a_sum_of_days_of_one_use_is_paid_and_the_other_days_are_open() -> None:
    scenario = records_of(record_worlds.ORDOS, "2024-11-01", "2024-11-03", "2024-11-05")
    shop = {"since": "2025-03-12T00:00", "use": "non_residential"}
    law = load(record_worlds.ORDOS)
    whole = settle_facts(scenario, law)
    changed = settle_facts(scenario | {"contract_changes": [shop]}, law)
    assert whole.total > 0
    assert (changed.total, changed.lower) == (whole.total, whole.total)
    assert changed.undetermined
    assert changed.reason.code != "use_changed"
    assert changed.upper < whole.total + Decimal(1820) / 5


def test_a_change_of_use_is_undetermined_where_a_sum_is_of_days_of_both() -> None:
    scenario = records_of(record_worlds.ORDOS, "2025-01-02", "2025-01-14", "2025-01-20")
    shop = {"since": "2025-01-12T00:00", "use": "non_residential"}
    result = settle_facts({**scenario, "contract_changes": [shop]}, load(record_worlds.ORDOS))
    assert (result.undetermined, result.reason.code) == (True, "use_changed")


SHOP = {
    "use": "non_residential", "agreed": "18", "bands": [["18", "1/2"], ["14", "1"]], "document": "No. 7",
}  # fmt: skip


def with_bathroom(celsius: str, **more: Any) -> Scenario:
    """The cold week, and a bathroom as cold as this from 8 to 13 January and warm from then on."""
    bath = rows(
        ("2025-01-08T00:00", "2025-01-13T00:00", celsius), ("2025-01-13T00:00", "2025-01-17T00:00", "20.000"),
    )  # fmt: skip
    base = cold_week()
    rooms = base["rooms"] | {"bath": bath}
    return base | {"rooms": rooms, "room_use": {"bath": "bathroom"}} | more


@BOTH
@pytest.mark.parametrize(
    ("since", "lines"),
    [
        ("2025-03-01", [("2025-01-10", "2025-01-14", "50.00")]),
        ("2025-01-12", [
            ("2025-01-10", "2025-01-11", "20.00"), ("2025-01-12", "2025-01-12", "20.00"),
            ("2025-01-13", "2025-01-14", "20.00"),
        ]),
    ],
)  # fmt: skip
def test_of_days_as_a_dwelling_the_rooms_that_the_act_names_count_alone(
    settled: str, since: str, lines: list[Any]
) -> None:
    """Henan, art. 26: of a shop every recorded room does."""
    home = with_bathroom("12.000")
    row = {"since": f"{since}T00:00", **SHOP}
    assert amounts(paid(settled, home, row)) == lines
    assert not paid(settled, home, row)["undetermined"]


@BOTH
def test_a_shop_that_becomes_a_dwelling_has_the_act_s_rooms_from_then_on(settled: str) -> None:
    home = with_bathroom("12.000", contract=SHOP)
    assert amounts(paid(settled, home, {"since": "2025-01-12T00:00"})) == [
        ("2025-01-10", "2025-01-11", "40.00"), ("2025-01-12", "2025-01-14", "30.00"),
    ]  # fmt: skip


@BOTH
def test_a_cold_bathroom_keeps_no_visit_from_answering_a_dwelling_s_request(settled: str) -> None:
    visit = [["2025-01-10T09:00", "bedroom", "19.000"]]
    warm = rows(("2025-01-09T00:00", "2025-01-12T00:00", "20.000"))
    cold = cold_week()["rooms"]["bedroom"]
    later = [each for each in cold if each[0] >= "2025-01-12"]
    home = with_bathroom("12.000", acts=visit)
    home["rooms"]["bedroom"] = warm + later
    row = {"since": "2025-03-01T00:00", **SHOP}
    assert paid(settled, home, row)["total"] == "0.00"
    assert paid(settled, home | {"contract": SHOP})["total"] != "0.00"


@pytest.mark.parametrize("policy", [record_worlds.ORDOS, record_worlds.LIAONING])
def test_a_record_of_a_bathroom_is_no_failing_test_of_a_dwelling(policy: str) -> None:
    scenario = records_of(policy, "2025-01-02", "2025-01-14", "2025-01-20")
    scenario |= {"rooms": {"bedroom": [], "bath": []}, "room_use": {"bath": "bathroom"}}
    acts = [[at, "bath", celsius] for at, _, celsius in scenario["acts"]]
    shop = {"since": "2025-03-12T00:00", "use": "non_residential"}
    result = settle_facts(scenario | {"acts": acts, "contract_changes": [shop]}, load(policy))
    assert (result.total, result.lower) == (Decimal(0), Decimal(0))


@pytest.mark.parametrize("outcome", ["below", "compliant"])
@pytest.mark.parametrize("policy", [record_worlds.ORDOS, record_worlds.LIAONING])
def test_a_decision_about_the_rooms_does_not_say_what_a_sum_of_two_uses_comes_to(
    policy: str, outcome: str
) -> None:
    """It is no question of how warm it was, and nobody is sent to measure it."""
    scenario = records_of(policy, "2025-01-02", "2025-01-14", "2025-01-20")
    shop = {"since": "2025-01-12T00:00", "use": "non_residential"}
    decision = {
        "since": scenario["season"][0], "until": scenario["season"][1], "outcome": outcome,
        "basis": "authority", "document": "No. 9", "clause": "art. 1",
    }  # fmt: skip
    before = settle_facts({**scenario, "contract_changes": [shop]}, load(policy))
    after = settle_facts(
        {**scenario, "contract_changes": [shop], "decisions": [decision]}, load(policy)
    )
    assert (after.undetermined, after.reason) == (True, USE_CHANGED)
    assert answer_of(after) == answer_of(before)
    assert (after.upper, after.lower) == (before.upper, before.lower)
    assert USE_CHANGED in NOT_BY_MEASUREMENT

    same = [
        {**shop, "use": "residential"}
    ]  # the decision is what settles no season of one use, either
    one = settle_facts(
        {**scenario, "contract_changes": same, "decisions": [decision]}, load(policy)
    )
    assert one.undetermined is False


OTHER = {"since": "2025-01-20T00:00", "use": "non_residential"}


def with_tests(policy: str, *acts: tuple[str, str]) -> Scenario:
    base = record_worlds.season(policy, requests=["2025-01-26T09:00"])
    return base | {"acts": [[f"{day}T10:00", "bedroom", celsius] for day, celsius in acts]}


@BOTH
@pytest.mark.parametrize(
    ("policy", "own", "later", "total"),
    [
        (record_worlds.LIAONING, [("2025-01-05", "17.000")], ("2025-01-25", "12.000"), "16.00"),
        (
            record_worlds.CHANGCHUN, [("2025-01-05", "17.500"), ("2025-01-10", "17.500")],
            ("2025-01-25", "5.000"), "0.00",
        ),
    ],
)  # fmt: skip
def test_what_was_measured_in_a_shop_does_not_decide_what_the_dwelling_is_paid(
    settled: str, policy: str, own: list[Any], later: tuple[str, str], total: str
) -> None:
    """Nothing says what a shop is owed, so that its record is no failing test: what it would add is open."""
    for acts in (own, [*own, later]):
        answer = paid(settled, with_tests(policy, *acts), OTHER)
        assert (answer["total"], answer["undetermined"]) == (total, True)
    law = load(policy)
    least, most = (
        settle_facts(with_tests(policy, *acts) | {"contract_changes": [OTHER]}, law)
        for acts in (own, [*own, later])
    )
    assert least.upper < most.upper
    assert most.lower == Decimal(total)
    assert most.reason in NOT_BY_MEASUREMENT


@BOTH
def test_tests_in_a_dwelling_that_was_a_shop_before_are_its_own(settled: str) -> None:
    scenario = with_tests(
        record_worlds.LIAONING, ("2025-01-05", "12.000"), ("2025-01-25", "17.000")
    )
    scenario |= {"contract": {"use": "non_residential"}}
    dwelling = {"since": "2025-01-20T00:00"}
    answer = paid(settled, scenario, dwelling)
    assert (amounts(answer), answer["undetermined"]) == (
        [("2025-01-25", "2025-01-26", "16.00")], True,
    )  # fmt: skip


def in_moscow(first: str, last: str, **more: Any) -> Scenario:
    """14 °C from one day of January to before another, 100.00 a day."""
    cold = rows(
        ("2025-01-01T00:00", f"{first}T00:00", "20.000"), (f"{first}T00:00", f"{last}T00:00", "14.000"),
        (f"{last}T00:00", "2025-01-31T00:00", "20.000"),
    )  # fmt: skip
    return {
        "id": 0, "policy": "RU-354", "zone": "Europe/Moscow", "season_fee": "21200.00",
        "season": ["2024-10-01T00:00", "2025-05-01T00:00"], "interval_min": 15, "acts": [],
        "rooms": {"bedroom": cold}, "requests": [f"{first}T00:00"], "outages": [],
    } | more  # fmt: skip


@BOTH
@pytest.mark.parametrize("fee", ["21200.00", "106000.00"])
def test_a_month_of_days_of_both_uses_is_open_whatever_days_were_cold(
    settled: str, fee: str
) -> None:
    """A part of a month's fee is a part of all its days' fees."""
    home = in_moscow("2025-01-03", "2025-01-05")
    assert paid(settled, home)["total"] == "753.30"
    shop = {"since": "2025-01-17T00:00", "use": "non_residential", "season_fee": fee}
    answer = paid(settled, home, shop)
    assert (answer["lines"], answer["undetermined"]) == ([], True)
    was = in_moscow("2025-01-20", "2025-01-22", contract={"use": "non_residential"})
    answer = paid(settled, was, {"since": "2025-01-17T00:00", "season_fee": fee})
    assert (answer["lines"], answer["undetermined"]) == ([], True)


@BOTH
def test_a_month_of_days_as_a_dwelling_is_paid(settled: str) -> None:
    home = in_moscow("2025-01-03", "2025-01-05")
    shop = {"since": "2025-02-01T00:00", "use": "non_residential"}
    answer = paid(settled, home, shop)
    assert (answer["total"], answer["undetermined"]) == ("753.30", True)


@pytest.mark.parametrize(
    "shop", [{}, {"heat_price": "0.2"}, {"heat_price": "0.2", "basic_fee": "600.00"}], ids=str
)
def test_at_most_of_a_shop_without_terms_is_what_was_charged_for_its_days(
    shop: dict[str, str],
) -> None:
    """2,420.00 ÷ 121 × 58 days and 24,200.00 ÷ 121 × 63."""
    own = {"use": "non_residential", **shop}
    row = {"since": "2025-01-12T00:00", "season_fee": "24200.00", **own}
    scenario = cold_week() | {"contract": own, "contract_changes": [row]}
    result = settle_facts(scenario, load("CN-HA-2018"))
    assert (result.lower, result.upper) == (Decimal(0), Decimal(13760))
    assert result.reason.code == "terms_missing"
