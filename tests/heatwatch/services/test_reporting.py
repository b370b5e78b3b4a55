"""Reports are filed once a day, also after days off, and only inside a season."""

import subprocess
import sys
import threading
from datetime import date, timedelta
from pathlib import Path
from typing import cast

import pytest
from sqlalchemy import update

from domain.errors import ServerMissing
from heatwatch.demo.config import Ports, write_config
from heatwatch.services.reporting import file_missing_reports, report_path, write_daily
from heatwatch.services.workers import keeper
from heatwatch.wiring import World, open_world
from reports.render import render
from store.books.registry import Season
from tests.tiny import NOW, tiny_city


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    """A tiny city; its PDF is left out here, it has tests of its own."""
    tiny_city(tmp_path)
    monkeypatch.delitem(render.FORMATS, "pdf")
    return open_world(write_config(tmp_path, Ports(1, 2)))


def days(paths: list[Path]) -> list[str]:
    return [path.stem for path in paths if path.suffix == ".json"]


def test_yesterdays_report_is_filed_once(world: World) -> None:
    assert days(file_missing_reports(world, NOW)) == ["2026-01-15"]
    assert file_missing_reports(world, NOW + timedelta(hours=1)) == []


def test_days_off_are_made_good(world: World) -> None:
    file_missing_reports(world, NOW)
    later = file_missing_reports(world, NOW + timedelta(days=3))
    assert days(later) == ["2026-01-16", "2026-01-17", "2026-01-18"]


def test_summer_has_no_reports(world: World) -> None:
    assert file_missing_reports(world, NOW + timedelta(days=180)) == []


def test_json_is_one_file_for_every_language(tmp_path: Path) -> None:
    zh, en = (report_path(tmp_path, "c", NOW.date(), each, "json") for each in ("zh", "en"))
    assert zh == en


def no_pango(_report: object, _language: str) -> bytes:
    raise ServerMissing("Pango, which draws PDF,", render.PANGO)


def test_without_pango_the_other_formats_are_written_and_the_mend_is_said(
    world: World, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(render.FORMATS, "pdf", no_pango)
    written = file_missing_reports(world, NOW)
    assert {path.suffix for path in written} == {".html", ".json"}
    assert capsys.readouterr().err.count("apt-get install libpango-1.0-0") == 1
    with pytest.raises(ServerMissing, match="Pango"):
        write_daily(world, date(2026, 1, 15), world.config.reports.folder, NOW, ["pdf"])


def test_weasyprint_without_pango_is_a_missing_server_and_keeps_stdout_clean() -> None:
    code = """
import sys, types
import ctypes.util, cffi
from domain.errors import ServerMissing
cffi.FFI.dlopen = lambda *_: (_ for _ in ()).throw(OSError("cannot load library"))
from reports.render import render
from store.books.registry import Season
render._page = lambda *_: "<p>"
try:
    render.to_pdf(None, "zh")
except ServerMissing as missing:
    print(missing.hint)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert (done.stdout, done.stderr) == (f"{render.PANGO}\n", "")


def test_a_keeper_that_can_file_no_report_says_so_once_and_goes_on_flushing(
    world: World, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    rounds: list[float] = []

    class Stop:
        """Set after three rounds."""

        def wait(self, seconds: float) -> bool:
            rounds.append(seconds)
            return len(rounds) > 3

    with world.books.begin() as link:
        link.execute(update(Season).values(policy="NOPE-2099"))
    monkeypatch.setattr(world, "now", lambda: NOW)
    keeper(world, cast(threading.Event, Stop()))
    said = capsys.readouterr().err
    assert len(rounds) == 4
    assert said.count("no report can be filed: policy 'NOPE-2099' is not known") == 1
