"""Which reports are missing, and what becomes of the files of one that is filed anew."""

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast
from zoneinfo import ZoneInfo

import pytest

from reports.filing.files import missing, report_path, set_aside
from reports.filing.seasons import season_days
from reports.kinds import kind_of
from reports.report import Head, Period
from store.books.registry import Season

ZONE = ZoneInfo("Asia/Shanghai")
HALF = kind_of("half_month")


def season(since: datetime, until: datetime) -> Season:
    return Season(code=f"{since.year}", zone=ZONE.key, since=since, until=until)


def head(day: date = date(2026, 1, 15)) -> Head:
    known: Any = SimpleNamespace(kind="daily", company="co", period=Period(day, day))
    return cast(Head, known)


WINTERS = [
    season(datetime(2024, 11, 1, tzinfo=ZONE), datetime(2025, 4, 16, tzinfo=ZONE)),
    season(datetime(2025, 10, 1, tzinfo=ZONE), datetime(2026, 4, 1, tzinfo=ZONE)),
]


def test_a_later_report_hides_none_that_was_missed_before_it() -> None:
    now = datetime(2025, 12, 2, tzinfo=UTC)
    have = {HALF.period(date(2025, 3, 1)), HALF.period(date(2025, 11, 1))}
    found = [str(period.first) for period in missing(HALF, have, WINTERS, now, ZONE)]
    assert found == ["2025-03-16", "2025-04-01", "2025-10-01", "2025-10-16", "2025-11-16"]


def test_a_season_from_noon_has_half_of_its_first_and_of_its_last_day() -> None:
    noon = season(datetime(2025, 11, 14, 12, tzinfo=ZONE), datetime(2026, 3, 15, 12, tzinfo=ZONE))
    days = season_days(noon, Period(date(2025, 11, 13), date(2026, 3, 16)))
    assert (days[0], days[-1]) == (date(2025, 11, 14), date(2026, 3, 15))


def test_midnight_begins_the_next_day_and_ends_the_one_before() -> None:
    whole = season(datetime(2025, 11, 15, tzinfo=ZONE), datetime(2026, 3, 16, tzinfo=ZONE))
    days = season_days(whole, Period(date(2025, 11, 14), date(2026, 3, 17)))
    assert (days[0], days[-1]) == (date(2025, 11, 15), date(2026, 3, 15))


def file(folder: Path, format_: str, content: bytes) -> Path:
    path = report_path(folder, head(), "zh", format_)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def test_what_was_filed_is_kept_with_its_data_version(tmp_path: Path) -> None:
    paths = [file(tmp_path, "json", b'{"data_version": 4}'), file(tmp_path, "html", b"four")]
    set_aside(tmp_path, head(), dict.fromkeys(paths, b"new"))
    earlier = tmp_path / "daily" / "co" / "earlier"
    assert {path.name: path.read_bytes() for path in earlier.iterdir()} == {
        "daily_2026-01-15.v4.json": b'{"data_version": 4}',
        "daily_2026-01-15.v4.zh.html": b"four",
    }
    assert not any(path.exists() for path in paths)


def test_nothing_moves_where_nothing_changes(tmp_path: Path) -> None:
    path = file(tmp_path, "json", b'{"data_version": 4}')
    set_aside(tmp_path, head(), {path: path.read_bytes()})
    assert path.exists()


def test_a_file_that_the_new_set_lacks_does_not_stay_beside_it(tmp_path: Path) -> None:
    whole, page = file(tmp_path, "json", b'{"data_version": 4}'), file(tmp_path, "html", b"four")
    set_aside(tmp_path, head(), {whole: b'{"data_version": 1}'})
    assert not page.exists()


@pytest.mark.parametrize("content", [b"", b"[]", b"{}", b'{"data_version": null}'])
def test_a_damaged_file_is_kept_too_and_never_replaces_another(
    tmp_path: Path, content: bytes
) -> None:
    for number in range(3):
        path = file(tmp_path, "json", content + b" " * number)
        set_aside(tmp_path, head(), {path: json.dumps(number).encode()})
    names = sorted(each.name for each in (path.parent / "earlier").iterdir())
    assert names == [
        "daily_2026-01-15.v0.2.json", "daily_2026-01-15.v0.3.json", "daily_2026-01-15.v0.json",
    ]  # fmt: skip


def test_days_follow_each_other() -> None:
    assert HALF.period(date(2026, 1, 15)).after() - date(2026, 1, 15) == timedelta(days=1)
