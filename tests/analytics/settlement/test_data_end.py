"""Data that end while cold, or on a compliance that was not held yet (7.20, "longer unknown")."""

import pytest

from tests.analytics.facts import facts, rows
from tests.analytics.settlement.owing import HENAN, WARM, WEIFANG, at, owed


def days(policy: str, *last: str, rooms: int = 2) -> list[str]:
    """Paid days where 17.000 lasts from the 10th to the last sample of the 12th, 23:45, which is that."""
    cold = rows(("2025-01-10T00:00", "2025-01-12T23:45", "17.000"))
    samples = {
        f"room{i}": [*cold, ["2025-01-12T23:45", last[min(i, len(last) - 1)]]] for i in range(rooms)
    }
    answer = owed(facts(policy, samples, requests=at("10T00:00")))
    assert answer["undetermined"]
    assert answer["total"] == f"{10 * sum(int(line['days']) for line in answer['lines'])}.00"
    return [line["to"] for line in answer["lines"]]


@pytest.mark.parametrize("rooms", [1, 2])
def test_known_compliance_that_runs_into_the_unknown_is_where_recovery_is_supposed(
    rooms: int,
) -> None:
    """The sample of 23:45 stands to 0:15 of the 13th; the dwelling was compliant since 23:45.

    With two rooms the 12th was paid as well, 30.00 for 20.00.
    """
    assert days(HENAN, WARM, rooms=rooms) == ["2025-01-11"]
    assert days(WEIFANG, WARM, rooms=rooms) == ["2025-01-12"], "the day of recovery counts"


def test_where_a_room_was_below_to_the_end_recovery_is_supposed_where_its_sample_stops() -> None:
    assert days(HENAN, WARM, "17.000") == ["2025-01-12"]
    assert days(HENAN, "17.000") == ["2025-01-12"]
