"""Which reports are missing, and what becomes of the files of one that is filed anew."""

import errno
import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast
from zoneinfo import ZoneInfo

import pytest

from reports.filing.files import begun, filed, missing, report_path, set_aside, whole, write_whole
from reports.filing.make import newest_over
from reports.kinds import kind_of
from reports.report import Head, Period
from store.books.registry import Season

ZONE = ZoneInfo("Asia/Shanghai")
HALF = kind_of("half_month")


def season(since: datetime, until: datetime) -> Season:
    return Season(code=f"{since.year}", zone=ZONE.key, since=since, until=until)


def head(
    day: date = date(2026, 1, 15), season: str = "winter", others: tuple[str, ...] = ()
) -> Head:
    known: Any = SimpleNamespace(
        kind="daily", company="co", period=Period(day, day), season=season, other_seasons=others
    )
    return cast(Head, known)


WINTERS = [
    season(datetime(2024, 11, 1, tzinfo=ZONE), datetime(2025, 4, 16, tzinfo=ZONE)),
    season(datetime(2025, 10, 1, tzinfo=ZONE), datetime(2026, 4, 1, tzinfo=ZONE)),
]


def test_a_later_report_hides_none_that_was_missed_before_it() -> None:
    now = datetime(2025, 12, 2, tzinfo=UTC)
    have = {(HALF.period(date(2025, 3, 1)), ""), (HALF.period(date(2025, 11, 1)), "")}
    newest = newest_over(HALF, now, ZONE)
    since = date(2025, 3, 1)
    found = [str(period.first) for period, _ in missing(HALF, have, WINTERS, since, newest)]
    assert found == ["2025-03-16", "2025-04-01", "2025-10-01", "2025-10-16", "2025-11-16"]


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


def test_outside_of_every_season_nothing_is_missing() -> None:
    now = datetime(2026, 7, 20, tzinfo=UTC)
    have = {(HALF.period(date(2026, 3, 31)), "")}
    newest = newest_over(HALF, now, ZONE)
    assert list(missing(HALF, have, WINTERS, date(2026, 3, 16), newest)) == []


def test_each_season_of_a_period_is_filed_and_missed_by_itself(tmp_path: Path) -> None:
    autumn, winter = (
        season(datetime(2025, 10, 1, tzinfo=ZONE), datetime(2026, 1, 10, 12, tzinfo=ZONE)),
        season(datetime(2026, 1, 10, 12, tzinfo=ZONE), datetime(2026, 4, 1, tzinfo=ZONE)),
    )
    newest = HALF.period(date(2026, 1, 1))

    def lacking() -> list[str]:
        have = filed(tmp_path, "half_month", "co", HALF)
        found = missing(HALF, have, [autumn, winter], newest.first, newest)
        return [each.code for _, each in found]

    folder, name = tmp_path / "half_month" / "co", "half_month_2026-01-01_2026-01-15"
    assert lacking() == ["2025", "2026"]
    write_whole(folder / f"{name}_2026.json", b"{}")
    assert lacking() == ["2025"]
    write_whole(folder / f"{name}.json", b"{}")
    assert lacking() == ["2025"], "a report of the whole period is neither's"
    write_whole(folder / f"{name}_2025.json", b"{}")
    assert lacking() == []


def test_what_was_filed_of_the_whole_day_does_not_stay_beside_its_seasons(tmp_path: Path) -> None:
    whole = file(tmp_path, "json", b'{"data_version": 4}')
    split = head(season="late", others=("early",))
    path = report_path(tmp_path, split, "zh", "html")
    assert path.name == "daily_2026-01-15_late.zh.html"
    write_whole(path, b"three")
    set_aside(tmp_path, split, {path: b"five"})
    assert sorted(each.name for each in (path.parent / "earlier").iterdir()) == [
        "daily_2026-01-15.v4.json", "daily_2026-01-15_late.v0.zh.html",
    ]  # fmt: skip
    assert not whole.exists()


def test_a_set_is_filed_when_its_json_is_there_and_others_files_do_not_disturb(
    tmp_path: Path,
) -> None:
    folder = tmp_path / "half_month" / "co"
    write_whole(folder / "half_month_2026-01-01_2026-01-15.json", b"{}")
    write_whole(folder / "half_month_2026-01-16_2026-01-31.zh.html", b"half a set")
    write_whole(folder / "notes.json", b"{}")
    assert filed(tmp_path, "half_month", "co", HALF) == {(HALF.period(date(2026, 1, 1)), "")}


def test_a_file_is_replaced_whole_and_leaves_nothing_beside_it(tmp_path: Path) -> None:
    path = tmp_path / "new" / "a.html"
    write_whole(path, b"old")
    write_whole(path, b"new")
    assert path.read_bytes() == b"new"
    assert list(path.parent.iterdir()) == [path]


def test_files_that_belong_together_are_all_put_in_place_or_none(tmp_path: Path) -> None:
    paths = [tmp_path / name for name in ("sums", "lines", "last")]

    def write(content: str, broken: bool = False) -> None:
        with whole(paths) as parts:
            for part in parts:
                part.write_text(content)
                if broken:
                    raise OSError(errno.ENOSPC, "full")

    write("old")
    with pytest.raises(OSError, match="full"):
        write("new", broken=True)
    assert [path.read_text() for path in paths] == ["old"] * 3
    write("new")
    assert [path.read_text() for path in paths] == ["new"] * 3
    assert len([*tmp_path.iterdir()]) == 3


def test_automatic_filing_begins_once_and_no_report_by_hand_moves_it(tmp_path: Path) -> None:
    first, other = HALF.period(date(2025, 11, 1)), HALF.period(date(2024, 11, 1))
    assert begun(tmp_path, "half_month", "co", first) == first.first
    assert begun(tmp_path, "half_month", "co", other) == first.first
    (tmp_path / "half_month" / "co" / ".filed-since").write_text("never")
    assert begun(tmp_path, "half_month", "co", other) == other.first
