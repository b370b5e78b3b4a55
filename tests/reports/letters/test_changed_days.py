"""The days that a correction pays otherwise."""

from dataclasses import replace
from typing import Any

from reports.letters.letter import Letter
from reports.letters.page import to_text
from tests.reports.letters.cases import case, made


def text(letter: Letter, language: str) -> str:
    return to_text(letter, language).decode()


def test_a_difference_names_the_days_that_are_paid_otherwise() -> None:
    """One day of seven differed, and the letter named all seven."""
    asked: dict[str, Any] = {"requests": ["2025-01-10T06:00"]}
    own = made(before=(2, case(**asked).kept), **asked)
    assert own.earlier is not None
    one: dict[str, Any] = {
        "kind": "low_temperature",
        "first_day": "2025-01-03",
        "last_day": "2025-01-09",
    }
    one |= {"before": "70.00", "after": "80.00", "days": ["2025-01-05", "2025-01-06", "2025-01-08"]}
    every = one | {"days": [f"2025-01-0{day}" for day in range(3, 10)]}
    told = replace(
        own, earlier=replace(own.earlier, differences=[one, every, every | {"days": []}])
    )
    said = "2025-01-03 to 2025-01-09: CNY 70.00 before, CNY 80.00 now"
    changed = "; paid otherwise: 2025-01-05 to 2025-01-06, 2025-01-08"
    assert (text(told, "en").count(said), text(told, "en").count(said + changed)) == (3, 1)
    assert "其中变动的日期：2025年1月5日至2025年1月6日、2025年1月8日" in text(told, "zh")
