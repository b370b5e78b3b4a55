"""Findings of non-compliance as steps, and back from them."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from analytics.law.calculators.non_compliance import Limit
from analytics.law.findings import Finding, FindingSteps, Found, found_in, listed, runs
from analytics.law.steps import LocalTimes, shown
from domain.time import HOUR_US

LIMITS = [Limit(since="22:00", until="06:00", below=Decimal(62), clause="by night")]
TELL = FindingSteps(LocalTimes("UTC"), "F", LIMITS, "heat season")
DAY_US = 24 * HOUR_US
FIRST = date(2025, 1, 10)
BEGIN = 1_736_460_000_000_000  # 2025-01-09T22:00Z


def finding(day: int, room: str = "bedroom", lowest: int = 16_000) -> Finding:
    at = BEGIN + day * DAY_US
    return Finding(room, 0, FIRST + timedelta(days=day - 1), at, at + 2 * HOUR_US, HOUR_US, lowest)


def told(*findings: Finding, silent: tuple[str, ...] = ()) -> list[dict[str, Any]]:
    return list(TELL.steps(findings, silent, [FIRST]))


def test_consecutive_days_of_a_room_are_one_step_with_every_finding_in_it() -> None:
    found = [finding(0), finding(1), finding(3), finding(1, "living")]
    assert [[each.day.day for each in run] for run in runs(found)] == [[9, 10], [12], [10]]
    steps = told(*found, silent=("kitchen",))
    assert [each["step"] for each in steps] == [
        "room_not_measured", "finding", "finding", "finding", "findings", "findings_open",
    ]  # fmt: skip
    assert len(listed(steps)) == len(found)
    assert listed(steps)[0] == {
        "room": "bedroom", "clause": "by night", "since": "2025-01-09T22:00+00:00",
        "until": "2025-01-10T00:00+00:00", "hours": "1.00", "lowest": "16.000",
    }  # fmt: skip
    assert shown(steps[1], "en") == (
        "bedroom: below 62 °F (16 2/3 °C) between 22:00 and 06:00, 2 times from 2025-01-09 22:00 to "
        "2025-01-11 00:00: 2.00 h in all, at the lowest 60.8 °F (16.000 °C)"
    )


def test_all_findings_are_counted_in_one_step_and_read_back() -> None:
    steps = told(finding(0), finding(3, lowest=15_500))
    assert found_in(steps) == Found(2, 2 * HOUR_US, 15_500)
    assert Found(2, 2 * HOUR_US, 15_500).hours == "2.00"
    assert found_in(told()) is None
    assert shown(steps[-2], "en") == (
        "2 findings of non-compliance: 2.00 h of all rooms together, at the lowest 59.9 °F (15.500 °C)"
    )
