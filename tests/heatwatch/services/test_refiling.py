"""Late readings file a report anew: once, as a new version that names what changed."""

import json
from datetime import timedelta
from pathlib import Path

import pytest

from heatwatch.demo.config import Ports, write_config
from heatwatch.services.refiling import CHECKED, EVERY, refile_changed
from heatwatch.services.reporting import file_missing_reports
from heatwatch.wiring import World, open_world
from reports.render import render
from tests.tiny import MIDNIGHT, NOW, Row, table, tiny_city

NAME = "daily_2026-01-15"
LATER = NOW + EVERY


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    """A tiny city whose report of yesterday is filed."""
    tiny_city(tmp_path)
    monkeypatch.delitem(render.FORMATS, "pdf")
    made = open_world(write_config(tmp_path, Ports(1, 2)))
    file_missing_reports(made, NOW)
    assert refile_changed(made, NOW) == []
    return made


def late(world: World, *, day: int = 0) -> None:
    """Readings of the home that was silent from noon on, of the day or one after it."""
    begin = MIDNIGHT + timedelta(days=day, hours=12)
    rows: list[Row] = [(3, begin + timedelta(minutes=15 * i), 21_000 + i % 3) for i in range(48)]
    world.readings.import_table(table(rows), NOW)


def folder(world: World) -> Path:
    return world.config.reports.folder / "daily" / "demo"


def test_late_readings_file_a_report_anew_that_names_what_changed(world: World) -> None:
    before = (folder(world) / f"{NAME}.json").read_bytes()
    late(world)
    assert refile_changed(world, LATER - timedelta(minutes=1)) == [], "not every half minute"
    written = refile_changed(world, LATER)
    assert {path.name for path in written} == {f"{NAME}.json", f"{NAME}.zh.html", f"{NAME}.en.html"}
    report = json.loads((folder(world) / f"{NAME}.json").read_bytes())
    replaces = report["replaces"]
    assert (replaces["data_version"], report["data_version"]) == (1, 2)
    changed = {each["figure"]: (each["before"], each["after"]) for each in replaces["changed"]}
    assert changed["total.unknown"] == ("1", "0")
    assert changed["total.at_standard"] == ("1", "2")
    assert not any(name.startswith("refunds") for name in changed)
    kept = folder(world) / "earlier" / f"{NAME}.v1.json"
    assert kept.read_bytes() == before
    page = (folder(world) / f"{NAME}.en.html").read_text("utf-8")
    assert "takes the place of the one of data version 1" in page
    assert "Compliant: 1 → 2" in page
    assert "取代" in (folder(world) / f"{NAME}.zh.html").read_text("utf-8")
    assert refile_changed(world, LATER + EVERY) == [], "once"


def test_readings_of_other_days_and_ones_that_change_no_figure_file_nothing(world: World) -> None:
    late(world, day=1)
    assert refile_changed(world, LATER) == []
    rows: list[Row] = [(1, MIDNIGHT + timedelta(hours=2), 21_000)]  # it was there
    world.readings.import_table(table(rows), NOW)
    refile_changed(world, LATER + EVERY)
    assert not (folder(world) / "earlier").exists()


def test_what_was_kept_of_the_last_look_may_be_lost(world: World) -> None:
    (folder(world) / CHECKED).write_text("{")
    late(world)
    assert refile_changed(world, NOW) != []
    assert refile_changed(world, NOW) == []
