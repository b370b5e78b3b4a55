"""Where reports are filed, and which are missing.

`FOLDER/KIND/COMPANY/KIND_PERIOD.LANGUAGE.FORMAT`, the JSON without a language as it is the same in
each. The JSON is written last: where it is, the report is filed, and a crash before it files the
whole set again.
"""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from reports.filing.make import newest_over
from reports.filing.seasons import season_days, season_in
from reports.report import Head, Period, Report
from store.books.registry import Season

#: The format whose file says that the set is whole.
LAST = "json"


def report_path(folder: Path, head: Head, language: str, format_: str) -> Path:
    """The file of one report."""
    suffix = "" if format_ == LAST else f".{language}"
    name = f"{head.kind}_{head.period}{suffix}.{format_}"
    return folder / head.kind / head.company / name


def filed(folder: Path, kind: str, company: str, report: Report) -> set[Period]:
    """The periods of a kind whose set is whole, also under the names of earlier versions."""
    found = set()
    for path in (folder / kind / company).glob(f"*.{LAST}"):
        first = path.stem.removeprefix(f"{kind}_").partition("_")[0]
        with suppress(ValueError):  # somebody else's file
            found.add(report.period(date.fromisoformat(first)))
    return found


def missing(
    report: Report,
    have: set[Period],
    seasons: Sequence[Season],
    now: datetime,
    zone: ZoneInfo,
) -> Iterator[Period]:
    """Periods that are over, touch a season and are not filed, oldest first.

    They begin with the first that was filed in the newest season that has any; where nothing was
    ever filed, with the newest period that is over.
    """
    newest = newest_over(report, now, zone)
    period = _first_filed(have, seasons) or newest
    while period.first <= newest.first:
        if season_in(seasons, period) is not None and period not in have:
            yield period
        period = report.period(period.after())


def _first_filed(have: set[Period], seasons: Sequence[Season]) -> Period | None:
    for season in reversed(seasons):
        if own := [each for each in have if season_days(season, each)]:
            return min(own, key=lambda each: each.first)
    return None


def write_whole(path: Path, content: bytes) -> None:
    """A reader never sees half of a file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(path.name + ".part")
    part.write_bytes(content)
    part.replace(path)
