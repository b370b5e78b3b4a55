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
