"""What time a file means."""

from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from domain.quality import Quality
from domain.time import from_us
from ingest.files.report import ImportReport
from ingest.mapping.times import read_time
from store.readings.readings import Readings
from tests.ingest.files.small_files import LONG, WIDE, lake_rows, readings, run

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


@pytest.mark.parametrize(
    ("form", "times"),
    [
        ([], ["2025/1/5 8:00", "2025年1月5日 08:00:00", "2025-1-5 8:00", "2025-01-05T00:00:00.000000000Z"]),
        ([], ["2025-01-05 08:00:00+0800", "2025.01.05 08:00", "2025年1月5日8时00分"]),
        ("%d.%m.%Y %H:%M", ["5.1.2025 8:00", "05.01.2025 08:00"]),
        ("%m/%d/%Y %I:%M %p", ["1/5/2025 8:00 AM"]),
        (["%d/%m/%Y %H:%M", "%d/%m/%Y"], ["5/1/2025 8:00"]),
        ("excel", ["45662.33333", "45662.333333333336"]),
        ("excel-1904", ["44200.33333"]),
        (["%d.%m.%Y %H:%M", "excel"], ["5.1.2025 8:00", "45662.33333"]),
    ],
)  # fmt: skip
def test_times_as_people_write_them(
    readings: Readings, tmp_path: Path, form: Any, times: list[str]
) -> None:
    found, report = local(
        "Asia/Shanghai", times[:1], readings, tmp_path / "a.csv", time_format=form
    )
    assert (found, report.refused) == (utc("2025-01-05 00:00"), 0)
    for time in times[1:]:
        _, report = local("Asia/Shanghai", [time], readings, tmp_path / "a.csv", time_format=form)
        assert (report.refused, report.known, report.readings) == (0, 1, 0), time


def test_the_last_midnight_of_a_day_is_the_next_days_first(
    readings: Readings, tmp_path: Path
) -> None:
    times = ["2025-12-31 24:00", "2025-12-31 24:00:00.5", "2025-12-31 24:10"]
    found, report = local("Asia/Shanghai", times, readings, tmp_path / "a.csv")
    assert found == utc("2025-12-31 16:00")
    assert [cell.row for cell in report.listed] == [3, 4]


def test_a_time_that_is_not_as_the_mapping_says_is_refused_with_what_it_says(
    readings: Readings, tmp_path: Path
) -> None:
    times = ["13/1/2025 8:00", "1/13/2025 8:00", "2025-01-05 08:00"]
    _, report = local("+08:00", times, readings, tmp_path / "a.csv", time_format="%d/%m/%Y %H:%M")
    assert [cell.row for cell in report.listed] == [3, 4]
    assert "time_format = '%d/%m/%Y %H:%M'" in str(report.listed[0].why)


EPOCHS = ["1764000001", "1764000001000", "1.764000001E+12", "1764000001000000", "1764000001000000000", " 1764000001000.0"]  # fmt: skip


@pytest.mark.parametrize("unit", ["s", "ms", "us", "ns"])
def test_numbers_in_another_unit_than_declared_are_corrected_and_marked_as_of_messages(
    readings: Readings, tmp_path: Path, unit: str
) -> None:
    text = "time,t_sup\n" + "".join(f"{time},20\n" for time in EPOCHS)
    report = run(readings, tmp_path / "a.csv", {**WIDE, "time_unit": unit}, text)
    marks = {read_time(Decimal(time.strip()), unit)[1] for time in EPOCHS}
    assert {row[1] for row in lake_rows(readings)} == {from_us(1_764_000_001_000_000)}
    assert report.refused == 0
    want = {Quality.CLOCK_CORRECTED if corrected else Quality.GOOD for corrected in marks}
    assert {row[3] for row in lake_rows(readings)} == want


def test_a_number_that_a_spreadsheet_cut_is_no_time(readings: Readings, tmp_path: Path) -> None:
    times = ["1.764E+12", "1,764,000,001,000", "0x6b07a9c0", "nan", "inf", ""]
    text = "time,t_sup\n" + "".join(f'"{time}",20\n' for time in times)
    report = run(readings, tmp_path / "a.csv", {**WIDE, "time_unit": "ms"}, text)
    assert (report.refused, report.readings) == (len(times), 0)
    assert "lost its last digits" in str(report.listed[0].why)


def test_the_repeated_hour_is_told_apart_per_channel_and_whichever_comes_first(
    readings: Readings, tmp_path: Path
) -> None:
    text = "time,device,channel,value\n"
    channels = [("S1", "t_sup"), ("S1", "p"), ("A1", "t")]
    for (device, channel), order in zip(channels, (NIGHT, NIGHT, NIGHT[::-1]), strict=True):
        text += "".join(f"{time},{device},{channel},1\n" for time in order)
    report = run(readings, tmp_path / "a.csv", {**LONG, "zone": "Europe/Belgrade"}, text)
    assert (report.readings, report.in_conflict) == (18, 0)
    assert sorted({row[1] for row in lake_rows(readings)}) == NIGHT_UTC


@pytest.mark.parametrize(
    ("time", "says"),
    [
        ("5.1.2025 8:00", "is the mapping's time_format = '%d.%m.%Y %H:%M'?"),
        ("5/1/2025 8:00", "time_format = '%d/%m/%Y %H:%M' / '%m/%d/%Y %H:%M'?"),
        ("13/1/2025 8:00", "time_format = '%d/%m/%Y %H:%M'?"),
        ("1/13/25 8:00:01 PM", "time_format = '%m/%d/%y %I:%M:%S %p'?"),
        ("2025/1/5", "time_format = '%Y/%m/%d'?"),
        ("2025年1月5日 下午3:05", "time_format = '%Y年%m月%d日 %p%I:%M'?"),
        ("45662.33333", "time_format = 'excel'?"),
        ("1764000001", "time_unit = 's'?"),
        ("1764000001000", "time_unit = 'ms'?"),
        ("1764000001000000000", "time_unit = 'ns'?"),
        ("noon", "2024-11-17 06:00:00"),
    ],
)
def test_a_time_that_is_not_read_says_what_the_mapping_may_lack(
    readings: Readings, tmp_path: Path, time: str, says: str
) -> None:
    _, report = local("+08:00", [time], readings, tmp_path / "a.csv")
    assert str(report.listed[0].why).endswith(says)


def test_grouped_digits_of_a_number_of_seconds_are_read_where_the_mapping_says_so(
    readings: Readings, tmp_path: Path
) -> None:
    text = 'time,t_sup\n"1,764,000,001,000",20\n'
    values = {**WIDE, "time_unit": "ms", "thousands": ","}
    assert run(readings, tmp_path / "a.csv", values, text).readings == 1
