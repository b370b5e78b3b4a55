"""The naive twin of findings without money, on days that a reader can count."""

from typing import Any

import pytest

from simulators.law.findings import OTHERS, ZONE, new_york, random_season


def day(celsius: str, outside: str) -> dict[str, Any]:
    """One whole January day at one temperature."""
    hours = [f"2025-01-10T{h:02d}:{m}" for h in range(24) for m in ("00", "30")]
    return {
        "season": ["2025-01-10T00:00", "2025-01-11T00:00"], "season_fee": "0.00", "zone": ZONE,
        "interval_min": 30, "rooms": {"bedroom": [[at, celsius] for at in hours]}, "acts": [],
        "outdoor": [[at, outside] for at in hours],
    }  # fmt: skip


@pytest.mark.parametrize(
    ("celsius", "outside", "minutes"),
    [
        ("20.000", "5.000", []), ("19.999", "5.000", [960]), ("19.999", "12.778", []),
        ("16.667", "12.777", [960]), ("16.666", "12.777", [960, 360, 120]),
        ("16.666", "20.000", [360, 120]),
    ],
)  # fmt: skip
def test_a_day_has_one_finding_by_day_and_one_in_each_of_its_nights(
    celsius: str, outside: str, minutes: list[int]
) -> None:
    answer = new_york(day(celsius, outside))
    assert [each[4] for each in answer["findings"]] == minutes
    assert not answer["undetermined"]


def test_what_is_not_known_is_open_and_no_finding() -> None:
    unknown = new_york(day("12.000", "5.000") | {"outdoor": []})
    assert [each[1] for each in unknown["findings"]] == [1, 1]  # by night only
    assert unknown["undetermined"]


def test_random_seasons_share_the_outdoor_temperature_and_avoid_hours_told_twice() -> None:
    for ends in OTHERS:
        seasons = [random_season(seed, ends) for seed in range(3)]
        assert len({str(each["outdoor"]) for each in seasons}) == 1
        times = [at for each in seasons for rows in each["rooms"].values() for at, _ in rows]
        assert not any("2024-11-03T01:00" <= at < "2024-11-03T02:00" for at in times)
        assert not any("2025-03-09T02:00" <= at < "2025-03-09T03:00" for at in times)
