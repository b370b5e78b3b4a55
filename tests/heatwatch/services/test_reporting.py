"""Reports are filed once a day, also after days off, and only inside a season."""

import json
import subprocess
import sys
import threading
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import cast

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from domain.actor import By
from domain.errors import ServerMissing, WrongCall
from heatwatch import output
from heatwatch.cli.app import run
from heatwatch.demo.config import Ports, write_config
from heatwatch.selection import company_of
from heatwatch.services import reporting
from heatwatch.services.reporting import Order, file_missing_reports, write_report
from heatwatch.services.workers import alerts, maintenance
from heatwatch.wiring import World, open_world
from reports.render import render
from store.books.changes import record
from store.books.registry import Season
from tests.actors import TEST, at
from tests.tiny import MIDNIGHT, NOW, tiny_city


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    """A tiny city; its PDF is left out here, it has tests of its own."""
    tiny_city(tmp_path)
    monkeypatch.delitem(render.FORMATS, "pdf")
    return open_world(write_config(tmp_path, Ports(1, 2)))


def days(paths: list[Path]) -> list[str]:
    return [path.stem for path in paths if path.suffix == ".json"]


def test_yesterdays_report_is_filed_once(world: World) -> None:
    assert days(file_missing_reports(world, NOW)) == ["daily_2026-01-15"]
    assert file_missing_reports(world, NOW + timedelta(hours=1)) == []


def test_days_off_are_made_good(world: World) -> None:
    file_missing_reports(world, NOW)
    later = file_missing_reports(world, NOW + timedelta(days=3))
    assert days(later) == [f"daily_2026-01-{day}" for day in (16, 17, 18)]


def test_summer_has_no_reports(world: World) -> None:
    assert file_missing_reports(world, NOW + timedelta(days=180)) == []


def test_json_is_one_file_for_every_language(world: World) -> None:
    names = [path.name for path in file_missing_reports(world, NOW)]
    assert sorted(names) == [
        "daily_2026-01-15.en.html",
        "daily_2026-01-15.json",
        "daily_2026-01-15.zh.html",
    ]


def test_a_set_that_a_crash_left_without_its_json_is_filed_again_whole(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = render.to_json

    def crash(*_: object) -> bytes:
        raise RuntimeError("the power is gone")

    monkeypatch.setitem(render.FORMATS, "json", crash)
    with pytest.raises(RuntimeError, match="power"):
        file_missing_reports(world, NOW)
    monkeypatch.setitem(render.FORMATS, "json", write)
    assert days(file_missing_reports(world, NOW)) == ["daily_2026-01-15"]
    assert file_missing_reports(world, NOW) == []


def test_a_report_filed_by_hand_leaves_no_gap_behind_it(world: World) -> None:
    file_missing_reports(world, NOW)
    later, folder = NOW + timedelta(days=3), world.config.reports.folder
    write_report(
        world, Order("daily", company_of(world.config), date(2026, 1, 18)), folder, at(later)
    )
    assert days(file_missing_reports(world, later)) == ["daily_2026-01-16", "daily_2026-01-17"]


def test_reports_filed_by_an_earlier_version_are_not_filed_again(world: World) -> None:
    old = world.config.reports.folder / "daily" / "demo" / "2026-01-14.json"
    old.parent.mkdir(parents=True)
    old.write_text("{}")
    assert days(file_missing_reports(world, NOW)) == ["daily_2026-01-15"]


def test_the_configuration_says_which_kinds_are_filed_and_each_once_its_period_is_over(
    world: World,
) -> None:
    kinds = ("weekly", "half_month")
    reports = world.config.reports.model_copy(update={"file": kinds})
    world.config = world.config.model_copy(update={"reports": reports})
    assert days(file_missing_reports(world, NOW)) == [
        "weekly_2026-01-05_2026-01-11",
        "half_month_2026-01-01_2026-01-15",
    ]
    monday = NOW + timedelta(days=3)
    before, after = monday.replace(hour=15, minute=59), monday.replace(hour=16)
    assert before.date() == date(2026, 1, 18)
    assert file_missing_reports(world, before) == [], "Sunday 23:59 in the city"
    assert days(file_missing_reports(world, after)) == ["weekly_2026-01-12_2026-01-18"]
    assert days(file_missing_reports(world, after + timedelta(days=15))) == [
        "weekly_2026-01-19_2026-01-25",
        "weekly_2026-01-26_2026-02-01",
        "half_month_2026-01-16_2026-01-31",
    ]


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("en", "Half-monthly heat-supply compliance report, 2026-02-01 to 2026-02-15: nothing was"),
        ("zh", "（2026-02-01至2026-02-15）：未测得任何数据"),
    ],
)
def test_a_report_of_days_without_a_reading_is_written_with_a_warning(
    world: World, language: str, told: str, capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr(output, "_SPOKEN", [language])
    for day, warned in ((date(2026, 1, 15), False), (date(2026, 2, 15), True)):
        order = Order("half_month", company_of(world.config), day, formats=["json"])
        later = at(NOW + timedelta(days=40))
        assert len(write_report(world, order, world.config.reports.folder, later)) == 1
        assert (told in capsys.readouterr().err) == warned


def test_a_report_names_the_data_version_it_was_asked_for(world: World) -> None:
    order = Order("daily", company_of(world.config), date(2026, 1, 15), as_of=1, formats=["json"])
    (path,) = write_report(world, order, world.config.reports.folder, at(NOW))
    assert json.loads(path.read_bytes())["data_version"] == 1
    with pytest.raises(WrongCall, match="--as-of 9: no such data version; allowed: 1 to 1"):
        write_report(world, replace(order, as_of=9), world.config.reports.folder, at(NOW))


def no_pango(_report: object, _language: str) -> bytes:
    raise ServerMissing("Pango, which draws PDF,", render.PANGO)


def test_without_pango_the_other_formats_are_written_and_the_hint_is_said(
    world: World, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(render.FORMATS, "pdf", no_pango)
    reporting._note_once.cache_clear()  # where Pango is really missing it was said before
    written = file_missing_reports(world, NOW)
    assert {path.suffix for path in written} == {".html", ".json"}
    assert capsys.readouterr().err.count("apt-get install libpango-1.0-0") == 1
    order = Order("daily", company_of(world.config), date(2026, 1, 15), formats=["pdf"])
    with pytest.raises(ServerMissing, match="Pango"):
        write_report(world, order, world.config.reports.folder, at(NOW))


def test_weasyprint_without_pango_is_a_missing_server_and_keeps_stdout_clean() -> None:
    code = """
import sys, types
import ctypes.util, cffi
from domain.actor import By
from domain.errors import ServerMissing, WrongCall
cffi.FFI.dlopen = lambda *_: (_ for _ in ()).throw(OSError("cannot load library"))
from reports.render import render
from store.books.registry import Season
render.page, render.digest = (lambda *_: "<p>"), (lambda *_: "0" * 64)
try:
    render.to_pdf(None, "zh")
except ServerMissing as missing:
    print(missing.hint)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert (done.stdout, done.stderr) == (f"{render.PANGO}\n", "")


def test_maintenance_that_can_file_no_report_says_so_once_and_goes_on_flushing(
    world: World, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    rounds: list[float] = []

    class Stop:
        """Set after three rounds."""

        def wait(self, seconds: float) -> bool:
            rounds.append(seconds)
            return len(rounds) > 3

        def is_set(self) -> bool:
            return False

    with world.books.begin() as link:
        record(link, TEST, "test")
        link.execute(update(Season).values(policy="NOPE-2099"))
    monkeypatch.setattr(world, "now", lambda: NOW)
    maintenance(world, cast(threading.Event, Stop()))
    said = capsys.readouterr().err
    assert len(rounds) == 4
    assert said.count("no report can be filed: policy 'NOPE-2099' is not known") == 1


def test_alerts_run_by_defaults_where_the_policy_cannot_be_read(
    world: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    with world.books.begin() as link:
        record(link, TEST, "test")
        link.execute(update(Season).values(policy="NOPE-2099"))
    monkeypatch.setattr(world, "now", lambda: NOW)
    stop = threading.Event()
    stop.set()
    alerts(world, stop)
    assert "go by defaults: policy 'NOPE-2099' is not known" in caplog.text


def test_a_report_that_cannot_be_filed_does_not_keep_the_next_from_being_filed(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    right, failed = reporting.write_report, list[str]()

    def first_fails(world: World, order: Order, folder: Path, made: By) -> list[Path]:
        if not failed:
            failed.append(order.kind)
            raise WrongCall("policy")
        return right(world, order, folder, made)

    monkeypatch.setattr(reporting, "write_report", first_fails)
    twice = world.config.reports.model_copy(update={"file": ("daily", "daily")})
    world.config = world.config.model_copy(update={"reports": twice})
    assert days(file_missing_reports(world, NOW)) == ["daily_2026-01-15"]


def test_a_report_filed_anew_keeps_the_one_before(world: World) -> None:
    folder = world.config.reports.folder
    order = Order("daily", company_of(world.config), date(2026, 1, 15))
    first = {path: path.read_bytes() for path in write_report(world, order, folder, at(NOW))}
    write_report(world, order, folder, at(NOW + timedelta(hours=1)))
    kept = sorted(path.read_bytes() for path in folder.rglob("earlier/*"))
    assert kept == sorted(first.values())
    assert [path for path in file_missing_reports(world, NOW) if "daily" in path.name] == []


def test_seasons_that_meet_at_noon_have_a_report_each_of_their_own_half_by_their_own_policy(
    world: World,
) -> None:
    noon = MIDNIGHT + timedelta(hours=12)
    with Session(world.books) as session, session.begin():
        record(session.connection(), TEST, "test")
        first = session.scalars(select(Season)).one()
        whole = {name: getattr(first, name) for name in ("company_id", "zone", "until")}
        first.until = noon
        session.add(Season(**whole, code="new", policy="CN-SD-WEIFANG-2021", since=noon))
    paths = file_missing_reports(world, NOW)
    assert days(paths) == ["daily_2026-01-15_2025-26", "daily_2026-01-15_new"]
    early, late = (json.loads(each.read_bytes()) for each in paths if each.suffix == ".json")
    assert (early["policy"], early["other_seasons"]) == ("CN-HA-2018", ["new"])
    assert (late["policy"], late["other_seasons"]) == ("CN-SD-WEIFANG-2021", ["2025-26"])
    assert [each["total"]["home_h"] for each in (early, late)] == ["36.00", "36.00"]
    assert [each["total"]["degree_hours"] for each in (early, late)] == ["12.00", "0.00"]
    assert [each["stations"][0]["outage_h"] for each in (early, late)] == ["0.00", "4.00"]
    assert "the other days of the period are in the report of season new" in paths[1].read_text()
    assert file_missing_reports(world, NOW) == []


def test_a_report_names_who_made_it(world: World, tmp_path: Path) -> None:
    filed = [path for path in file_missing_reports(world, NOW) if path.suffix == ".json"]
    assert json.loads(filed[0].read_bytes())["made_by"] == "program:maintenance"
    order = ["report", "daily", "--date", "2026-01-15", "--out", str(tmp_path / "own")]
    assert run([*order, "--by", "Li Wei", "-c", str(world.path)]) == 0
    (path,) = (tmp_path / "own").rglob("*.json")
    assert json.loads(path.read_bytes())["made_by"] == "user:Li Wei"
    (page,) = (tmp_path / "own").rglob("*.zh.html")
    assert "Li Wei" in page.read_text("utf-8")
    assert run([*order, "--by", "program:alerts", "-c", str(world.path)]) == 2


def test_one_format_alone_is_not_filed(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["report", "daily", "--format", "json", "-c", str(world.path)]) == 2
    assert "--format needs --out" in capsys.readouterr().err


def test_filing_ends_between_two_reports_when_the_worker_is_stopped(world: World) -> None:
    assert file_missing_reports(world, NOW, lambda: True) == []
    assert file_missing_reports(world, NOW)


def test_a_report_by_hand_of_long_ago_starts_no_filing_of_what_lies_between(world: World) -> None:
    file_missing_reports(world, NOW)
    order = Order("daily", company_of(world.config), date(2026, 1, 12))
    write_report(world, order, world.config.reports.folder, at(NOW))
    assert file_missing_reports(world, NOW) == []
