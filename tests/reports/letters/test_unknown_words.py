"""What was unknown, in a reader's language."""

from zoneinfo import ZoneInfo

import pytest

from domain.formats import Formats
from domain.time import HOUR_US, to_us
from reports.letters.unknown import Stretch, Unknown
from reports.letters.unknown_words import told_unknown
from tests.reports.letters.cases import at

BEGIN = to_us(at("2025-01-10T00:00"))
DAY = 24 * HOUR_US


def unknown(count: int, judged_us: int, cause: str = "unchanged") -> Unknown:
    own = tuple(
        Stretch(BEGIN + i * DAY, BEGIN + i * DAY + (3 + (i == 2)) * HOUR_US, cause)
        for i in range(count)
    )
    return Unknown(("bed", "living"), cause, own, judged_us)


def said(own: list[Unknown], by: str = "requests", language: str = "en") -> list[str]:
    formats = Formats(language, ZoneInfo("Asia/Shanghai"))
    return [*told_unknown(own, by, formats, lambda code: f"<{code}>")]


def test_a_stretch_says_when_how_long_why_and_that_it_could_matter() -> None:
    lines = said([unknown(1, 3 * HOUR_US)])
    assert lines == [
        "<bed>, <living> · readings that can't be used: unchanged for too long · 2025-01-10 00:00 to "
        "2025-01-10 03:00 (3.0 h) · if it were known it could change the result",
        "What is unknown is taken neither as warm nor as cold.",
        "Only what was unknown while a request stood, or under a standing consent, can change the result.",
    ]  # fmt: skip
    assert said([]) == []


def test_two_hundred_stretches_are_one_line() -> None:
    (line, *_) = said([unknown(200, 50 * HOUR_US, "silent")])
    assert line == (
        "<bed>, <living> · no reading came in · 200 stretches from 2025-01-10 00:00 to 2025-07-28 03:00, "
        "601.0 h together; the longest 2025-01-12 00:00 to 2025-01-12 04:00 (4.0 h) · if it were known "
        "50.0 h of it could change the result"
    )  # fmt: skip


@pytest.mark.parametrize(
    ("judged", "end"), [(0, "不影响结果"), (6 * HOUR_US, "如能查明，可能影响结果")]
)
def test_in_chinese_it_is_said_as_a_company_writes_it(judged: int, end: str) -> None:
    (line, *_) = said([unknown(2, judged)], language="zh")
    assert line.startswith("<bed>、<living> · 读数不可用：")
    assert "2025-01-10 00:00至2025-01-10 03:00（3.0 小时）；2025-01-11" in line
    assert line.endswith(end)


@pytest.mark.parametrize("by", ["requests", "outages", "season", "nothing"])
def test_what_makes_readings_decide_is_said_in_each_case(by: str) -> None:
    assert len({*said([unknown(1, 0)], by)}) == 3
