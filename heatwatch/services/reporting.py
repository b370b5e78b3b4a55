"""Files reports: every ended day once, in every configured language and format."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

from domain.errors import ServerMissing
from domain.time import local_day
from heatwatch.output import note
from heatwatch.wiring import World
from reports.kinds.daily import Sources, daily_report, in_season, season_of
from reports.render.render import FORMATS
from reports.render.view import DailyReport


def report_path(folder: Path, company: str, day: date, language: str, format_: str) -> Path:
    """The file of one report; JSON is the same in every language."""
    suffix = "" if format_ == "json" else f".{language}"
    return folder / "daily" / company / f"{day}{suffix}.{format_}"


def write_daily(
    world: World, day: date, folder: Path, now: datetime, formats: Sequence[str] = ()
) -> list[Path]:
    """Builds one day's report and writes its files whole (a reader never sees half of one).

    Without named `formats` every one that this machine can draw; a named one must be possible.
    """
    from analytics.law.policy import load
    from heatwatch.services.stops import outage_limits

    company = world.config.city.company
    season = season_of(world.books, company, day)
    sources = Sources(
        world.books,
        world.readings,
        load(season.policy).policy,
        sum(world.journal.counts().refused.values()),
        Decimal(str(world.config.reports.known_share)),
        outage_limits(world.config.alerts.outage),
    )
    report = daily_report(sources, company, season, day, now)
    paths = []
    for format_ in formats or FORMATS:
        for language in world.config.reports.languages:
            path = report_path(folder, company, day, language, format_)
            if path not in paths and (content := _drawn(format_, report, language, formats)):
                _write(path, content)
                paths.append(path)
    return paths


def _drawn(format_: str, report: DailyReport, language: str, named: Sequence[str]) -> bytes | None:
    try:
        return FORMATS[format_](report, language)
    except ServerMissing as missing:
        if named:
            raise
        note_once(f"no {format_} of the report: {missing}")
        return None


@cache
def note_once(line: str) -> None:
    """What is missing is so for each report of a process; it is said with the first."""
    note(line)


def file_missing_reports(world: World, now: datetime) -> list[Path]:
    """The reports since the newest one filed; the first time yesterday's only.

    A day outside every season has none.
    """
    folder, company = world.config.reports.folder, world.config.city.company
    yesterday = local_day(now, ZoneInfo(world.config.city.zone)) - timedelta(days=1)
    filed = [
        date.fromisoformat(path.stem)
        for path in (folder / "daily" / company).glob("????-??-??.json")
    ]
    day = max(filed) + timedelta(days=1) if filed else yesterday
    written: list[Path] = []
    while day <= yesterday:
        if in_season(world.books, company, day):
            written += write_daily(world, day, folder, now)
        day += timedelta(days=1)
    return written


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(path.name + ".part")
    part.write_bytes(content)
    part.replace(path)
