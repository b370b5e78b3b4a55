"""What time a file means."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from ingest.files.report import ImportReport
from store.readings.readings import Readings
from tests.ingest.files.small_files import WIDE, lake_rows, readings, run

__all__ = ["readings"]  # fixtures


def local(
    zone: str, times: list[str], readings: Readings, path: Path, **more: Any
) -> tuple[list[datetime], ImportReport]:
    text = "time,t_sup\n" + "".join(f"{time},{i}\n" for i, time in enumerate(times))
    report = run(readings, path, {**WIDE, "zone": zone, **more}, text)
    found = sorted((value, when) for _, when, value, _ in lake_rows(readings))
    return [when for _, when in found], report


def utc(*text: str) -> list[datetime]:
    return [datetime.fromisoformat(each).replace(tzinfo=UTC) for each in text]


NIGHT = ["2023-10-29 01:30:00", "2023-10-29 02:00:00", "2023-10-29 02:30:00", "2023-10-29 02:00:00", "2023-10-29 02:30:00", "2023-10-29 03:00:00"]  # fmt: skip


NIGHT_UTC = utc("2023-10-28 23:30", "2023-10-29 00:00", "2023-10-29 00:30", "2023-10-29 01:00", "2023-10-29 01:30", "2023-10-29 02:00")  # fmt: skip


def test_the_repeated_hour_is_told_apart_by_the_order_of_the_rows(
    readings: Readings, tmp_path: Path
) -> None:
    found, _ = local("Europe/Belgrade", NIGHT, readings, tmp_path / "a.csv")
    assert found == NIGHT_UTC


def test_newest_first_is_told_apart_too(readings: Readings, tmp_path: Path) -> None:
    found, _ = local("Europe/Belgrade", NIGHT[::-1], readings, tmp_path / "a.csv")
    assert found == NIGHT_UTC[::-1]


@pytest.mark.parametrize(
    ("rule", "want"),
    [("first", "2023-10-29 00:00"), ("second", "2023-10-29 01:00"), ("order", "2023-10-29 00:00")],
)
def test_a_lone_time_in_the_repeated_hour_follows_the_rule(
    readings: Readings, tmp_path: Path, rule: str, want: str
) -> None:
    found, _ = local(
        "Europe/Belgrade", NIGHT[1:2], readings, tmp_path / "a.csv", repeated_hour=rule
    )
    assert found == utc(want)


def test_a_time_that_never_was_is_refused_or_read_with_the_old_offset(
    readings: Readings, tmp_path: Path
) -> None:
    times = ["2021-03-28 01:00:00", "2021-03-28 02:00:00"]
    found, report = local("Europe/Belgrade", times, readings, tmp_path / "a.csv")
    assert found == utc("2021-03-28 00:00")
    assert [(c.row, c.value) for c in report.listed] == [(3, times[1])]
    found, report = local(
        "Europe/Belgrade", times, readings, tmp_path / "a.csv", skipped_hour="shift"
    )
    assert (found, report.refused) == (utc("2021-03-28 00:00", "2021-03-28 01:00"), 0)


def test_a_clock_with_a_fixed_offset_has_no_jump(readings: Readings, tmp_path: Path) -> None:
    found, _ = local(
        "+01:00", ["2025-03-30 02:30:00", "2025-07-01 12:00:00"], readings, tmp_path / "a.csv"
    )
    assert found == utc("2025-03-30 01:30", "2025-07-01 11:00")


def test_epoch_numbers_are_read_in_their_unit(readings: Readings, tmp_path: Path) -> None:
    text = "time,t_sup\n1764000000,1\nsoon,2\n"
    report = run(readings, tmp_path / "a.csv", {**WIDE, "time_unit": "s"}, text)
    assert [row[1] for row in lake_rows(readings)] == utc("2025-11-24 16:00")
    assert report.refused == 1
