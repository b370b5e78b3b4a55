"""Days that are known to be warm are one line of a sheet, however many they are."""

from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

from analytics.law.steps import Step, shown
from reports.letters.page import to_text
from reports.letters.warm_days import LEAST, summed
from tests.analytics.facts import rows
from tests.reports.letters.cases import made


def day(iso: str, celsius: str = "20.000", share: str = "0", **other: Any) -> Step:
    numbers = {"first": iso, "last": iso, "share": share, "celsius": celsius, "room": "bed"}
    own = numbers | {"made_by": "hour_mean"} | other
    return {"step": "day", "clause": "art. 26", "text": {"message": iso}, "numbers": own}


def said(steps: list[Step]) -> list[str]:
    return [shown(each, "en", {"bed": "Bedroom"}) for each in summed(steps)]


def test_days_that_follow_each_other_are_one_with_the_coldest() -> None:
    days = [day("2025-12-04"), day("2025-12-05", "19.100"), day("2025-12-06")]
    assert said(days) == [
        "2025-12-04 to 2025-12-06, 3 days: what is known of them refunds nothing; the coldest is "
        "19.100 °C (Bedroom)"
    ]
    assert len(said(days[: LEAST - 1])) == LEAST - 1


def test_a_day_that_pays_a_gap_and_another_supposition_part_them() -> None:
    days = [
        day("2025-12-01"), day("2025-12-02"), day("2025-12-03"),
        day("2025-12-04", "17.0", "1/2"),
        day("2025-12-05", unknown_as="below"), day("2025-12-06", unknown_as="below"),
        day("2025-12-06", share="0", unknown_as="compliant"),
        day("2025-12-07", unknown_as="below"), day("2025-12-09", unknown_as="below"),
    ]  # fmt: skip
    assert [each.split(":")[0] for each in said(days)] == [
        "2025-12-01 to 2025-12-03, 3 days", "2025-12-04", "unknown as below",
        "2025-12-06", "2025-12-09",
    ]  # fmt: skip


def test_a_sheet_of_a_home_with_one_of_two_rooms_measured_has_no_line_a_day() -> None:
    """A sensor in the living room, none in the bedroom: 19 days of 20 °C were as many lines."""
    first = datetime(2025, 1, 9)  # noqa: DTZ001 - local, as the file writes it
    days = [(first + i * timedelta(hours=6)).isoformat()[:16] for i in range(4 * 20 + 1)]
    warm = rows(
        *(
            (a, b, "17.000" if i == 5 else f"20.{i % 7}00")
            for i, (a, b) in enumerate(pairwise(days))
        )
    )
    own = made(rooms={"living": warm, "bed": []}, requests=["2025-01-10T06:00"])
    text = to_text(own, "en").decode()
    assert "2025-01-11 to 2025-01-28, 18 days: what is known of them refunds nothing" in text
    assert "2025-01-20:" not in text
