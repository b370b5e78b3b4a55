"""Filed reports that late readings made wrong: filed anew as a new version that names what changed."""

import json
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo

from domain.actor import By, program
from domain.errors import Refused, WrongCall
from domain.language import msg, sentence_of
from domain.validity import with_lead
from heatwatch.config_tables import CompanyConfig
from heatwatch.services.reporting import Order, note_once, write_report
from heatwatch.wiring import World
from reports.filing.changes import filed_json
from reports.filing.files import LAST, filed, write_whole
from reports.filing.seasons import seasons_in, seasons_of
from reports.kinds import kind_of
from reports.report import Period
from store.books.registry import Season

#: Readings come late all day long; so often a filed report is looked at again.
EVERY = timedelta(hours=6)
#: Beside the reports of a kind: when they were looked at, and up to which data version each.
CHECKED = ".checked"


class _Checked(NamedTuple):
    """What is kept between two looks."""

    at: datetime
    versions: dict[str, int]  # name of a filed report -> data version up to which it is right


def refile_changed(
    world: World, now: datetime, stop: Callable[[], bool] = lambda: False
) -> list[Path]:
    """Files anew what readings that came since say otherwise; a report that says the same stays.

    A kind of a company is looked at every few hours. Ends between two reports where `stop` says so.
    """
    written: list[Path] = []
    for company in world.config.all_companies:
        for kind in company.file or world.config.reports.file:
            try:
                written += _refiled(world, company, kind, now, stop)
            except (WrongCall, Refused) as wrong:
                note_once(msg("no report can be filed: {why}", why=sentence_of(wrong)))
    return written


def _refiled(
    world: World, company: CompanyConfig, kind: str, now: datetime, stop: Callable[[], bool]
) -> list[Path]:
    folder = world.config.reports.folder
    path = folder / kind / company.code / CHECKED
    checked = _read(path)
    if checked is None or now - checked.at >= EVERY:
        version = world.readings.lake.last_flush().number
        known, written = {} if checked is None else checked.versions, list[Path]()
        for period, season, name in _filed(world, company, kind):
            if stop():
                return written
            report = filed_json(folder / kind / company.code / f"{name}.{LAST}")
            if report is None:
                continue
            since = max(known.get(name, 0), report["data_version"])
            span = with_lead(period.span(ZoneInfo(season.zone)))
            if world.readings.touched(since, version, span).size:
                order = Order(kind, company, period.first, version, season=season.code)
                by = By(program("maintenance"), now)
                written += write_report(world, order, folder, by, only_changed=True)
            known[name] = version
        _write(path, _Checked(now, known))
        return written
    return []


def _filed(world: World, company: CompanyConfig, kind: str) -> Iterator[tuple[Period, Season, str]]:
    """What is filed, with its season and the name of its files."""
    folder, seasons = world.config.reports.folder, seasons_of(world.books, company.code)
    for period, code in sorted(
        filed(folder, kind, company.code, kind_of(kind)), key=lambda each: (each[0].first, each[1])
    ):
        for season in seasons_in(seasons, period):
            if code in {"", season.code}:
                yield period, season, f"{kind}_{period}" + (f"_{code}" if code else "")


def _read(path: Path) -> _Checked | None:
    """None where nothing was looked at yet, or what was kept is damaged."""
    with suppress(OSError, ValueError, KeyError, TypeError, AttributeError):
        found = json.loads(path.read_bytes())
        versions = {str(name): int(version) for name, version in found["versions"].items()}
        return _Checked(datetime.fromisoformat(found["at"]), versions)
    return None


def _write(path: Path, checked: _Checked) -> None:
    if path.parent.is_dir():
        told = {"at": checked.at.isoformat(), "versions": checked.versions}
        write_whole(path, json.dumps(told).encode())
