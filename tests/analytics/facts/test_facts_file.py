"""One household's facts from a file: exact, and refused by key where they can't be."""

from typing import Any

import pytest

from analytics.facts.facts_file import from_facts
from domain.errors import WrongCall
from domain.time import HOUR_US
from tests.analytics.facts import facts, rows

HENAN = "CN-HA-2018"


def given(**change: Any) -> dict[str, Any]:
    bedroom = rows(("2025-01-09T00:00", "2025-01-09T01:00", "17.250"))
    return {**facts(HENAN, {"bedroom": bedroom}), **change}


@pytest.mark.parametrize(
    ("change", "key"),
    [
        ({"season": ["0001-01-01T00:00", "2025-03-16T00:00"]}, "season"),
        ({"season": ["2024-11-15", "x"]}, "season"),
        ({"outages": [["9999-12-31T23:00", "9999-12-31T23:30"]]}, "outages"),
        ({"user_faults": [["noon", "2025-01-10T06:00"]]}, "user_faults"),
        ({"requests": ["2025-03-30T25:00"]}, "requests"),
        ({"refusals": ["1800-01-01T00:00"]}, "refusals"),
        ({"acts": [["1800-01-01T00:00", "bedroom", "17"]]}, "measurements"),
        ({"rooms": {"bedroom": [["0001-01-01T00:00", "18"]]}}, "rooms.bedroom"),
    ],
    ids=str,
)
def test_a_time_that_can_not_be_is_refused_with_its_key(change: dict[str, Any], key: str) -> None:
    with pytest.raises(WrongCall, match=f"^facts: {key}: '"):
        from_facts(given(**change), HENAN)


def test_local_times_and_temperatures_are_read_exactly() -> None:
    found = from_facts(given(outages=[["2025-01-10T06:00", "2025-01-10T07:00"]]), HENAN)
    snapshot = found.snapshot
    assert set(found.columns.value.tolist()) == {17_250}
    since, until = (int(column[0]) for column in snapshot.outages.columns)
    assert until - since == HOUR_US
    assert (snapshot.season.policy, snapshot.room_code) == (HENAN, ("bedroom",))


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"zone": "Mars/Base"}, "Mars/Base"),
        ({"season": ["2025-03-16T00:00", "2024-11-15T00:00"]}, "season"),
        ({"user_faults": [["2025-01-10T06:00", "2025-01-10T06:00"]]}, "user_faults"),
        ({"acts": [["2025-01-10T06:00", "kitchen", "17.0"]]}, "kitchen"),
        ({"season_fee": "much"}, "much"),
        ({"season_fee": "1830.005"}, "1830.005"),
        ({"season_fee": "NaN"}, "NaN"),
        ({"season_fee": "inf"}, "inf"),
        ({"season_fee": "1e30"}, "1e30"),
        ({"currency": "QQQ"}, "QQQ"),
        ({"season": ["0001-01-01T00:00", "2025-01-01T00:00"]}, "0001-01-01"),
        ({"acts": [["2025-01-10T06:00", "bedroom", "1e30"]]}, "1e30"),
        ({"outages": [["2025-01-10T06:00", "2025-01-01T06:00"]]}, "outages"),
        ({"measurements": []}, "acts and measurements"),
        ({"requests": [object()]}, "requests"),
        ({"requests": ["yesterday"]}, "yesterday"),
        ({"no_such_key": 1}, "no_such_key"),
    ],
)
def test_what_can_not_be_is_refused_by_key_or_value(change: dict[str, Any], why: str) -> None:
    with pytest.raises(WrongCall, match=why):
        from_facts(given(**change), HENAN)


def test_under_a_policy_of_another_currency_the_zone_must_be_named_and_the_currency_is_the_policys() -> (
    None
):
    with pytest.raises(WrongCall, match="zone is missing; under a policy in EUR"):
        from_facts(given(), HENAN, "EUR")
    found = from_facts(given(zone="Europe/Belgrade"), HENAN, "EUR").snapshot
    assert (found.currency, found.season.zone) == (("EUR",), "Europe/Belgrade")
    chinese = from_facts(given(), HENAN).snapshot
    assert (chinese.currency, chinese.season.zone) == (("CNY",), "Asia/Shanghai")


@pytest.mark.parametrize("key", ["outages", "user_faults"])
def test_an_instant_is_named_as_the_file_writes_it(key: str) -> None:
    wrong = facts("CN-HA-2018", {"bedroom": []}) | {key: [["2025-01-11T06:00", "2025-01-10T06:00"]]}
    with pytest.raises(WrongCall, match="ends 2025-01-10T06:00 before it begins"):
        from_facts(wrong, "CN-HA-2018")
