"""Values that contradict each other are kept, counted and told, and used by nobody."""

import json
from pathlib import Path

import pytest

from heatwatch.cli.app import run as call
from store.readings.readings import Readings
from tests.heatwatch.cli.nis_copy import city
from tests.heatwatch.cli.test_readings import answer
from tests.ingest.files.small_files import LONG, at, lake_rows, readings, run

__all__ = ["city", "readings"]  # fixtures

HEAD = "device,channel,time,value\n"


def rows(*values: str, device: str = "A1") -> str:
    return "".join(f"{device},t,2026-11-22T0{v[0]}:00:00Z,{v[2:]}\n" for v in values)


def test_another_value_for_a_known_instant_is_in_conflict(
    readings: Readings, tmp_path: Path
) -> None:
    first = run(readings, tmp_path / "a.csv", LONG, HEAD + rows("5=20", "6=20.5", "7=21"))
    assert (first.in_conflict, first.conflicts) == (0, [])
    report = run(readings, tmp_path / "b.csv", LONG, HEAD + rows("5=20", "6=19", "8=22"))
    assert (report.readings, report.known, report.in_conflict) == (2, 1, 1)
    (conflict,) = report.conflicts
    assert (conflict.device, conflict.channel, conflict.time) == ("A1", "t", at(6).isoformat())
    assert conflict.values == ["19.000 Cel", "20.500 Cel"]
    assert len(lake_rows(readings)) == 5  # both are kept
    again = run(readings, tmp_path / "b.csv", LONG)
    assert (again.known, again.in_conflict) == (3, 0)  # nothing new


def test_values_of_one_file_contradict_each_other_too(readings: Readings, tmp_path: Path) -> None:
    text = HEAD + rows("5=20", "5=21", "5=22", "6=20", "6=20", "6=20.0") + rows("5=1", device="B2")
    report = run(readings, tmp_path / "a.csv", LONG, text)
    assert (report.readings, report.known, report.in_conflict) == (5, 2, 1)
    assert report.conflicts[0].values == ["20.000 Cel", "21.000 Cel", "22.000 Cel"]
    third = run(readings, tmp_path / "b.csv", LONG, HEAD + rows("5=23", "6=24"))
    assert third.in_conflict == 2


def test_a_later_revision_is_no_conflict(readings: Readings, tmp_path: Path) -> None:
    mapping = {**LONG, "columns": {**LONG["columns"], "revision": "revision"}}
    head = "device,channel,time,value,revision\n"
    run(readings, tmp_path / "a.csv", mapping, head + "A1,t,2026-11-22T06:00:00Z,20,0\n")
    report = run(readings, tmp_path / "b.csv", mapping, head + "A1,t,2026-11-22T06:00:00Z,21,1\n")
    assert (report.readings, report.in_conflict) == (1, 0)


def test_only_the_first_conflicts_are_listed(readings: Readings, tmp_path: Path) -> None:
    times = [f"2026-11-{d:02}T{h:02}:00:00Z" for d in (20, 21) for h in range(24)]
    for name, value in (("a", 20), ("b", 21)):
        text = HEAD + "".join(f"A1,t,{time},{value}\n" for time in times)
        report = run(readings, tmp_path / f"{name}.csv", LONG, text)
    assert (report.in_conflict, len(report.conflicts)) == (48, 20)


def test_the_import_and_the_coverage_tell_of_conflicts(
    city: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = "datetime,probe_id,name,temperature,relative_humidity,co2\n"
    for name, value in (("a", 20.5), ("b", 19.25)):
        lines = f"2024-12-01 00:00:00,10326,x,{value},,\n2024-12-01 00:15:00,10326,x,-1010.0,,\n"
        (city / f"{name}.csv").write_text(text + lines)
    bring = ("readings", "import", "--mapping", "rooms_raw.toml")
    assert answer(capsys, *bring, "a.csv")["in_conflict"] == 0
    assert call([*bring, "b.csv"]) == 3
    out = capsys.readouterr().out
    assert "Not kept: stored readings say otherwise" in out
    assert "19.250 °C, 20.500 °C" in out
    assert call([*bring, "b.csv", "--reason", "logger read out again"]) == 0
    out = capsys.readouterr().out
    assert "In conflict: all are kept" in out
    assert "19.250 °C, 20.500 °C" in out
    span = ("--since", "2024-12-01T01:00", "--until", "2024-12-01T02:00", "--place", "37_2")
    found = answer(capsys, "readings", "coverage", *span)["series"]
    row = next(r for r in found if r["device"] == "10326" and r["channel"] == "temperature")
    assert (row["readings"], row["unusable"], row["in_conflict"]) == (2, 1, 1), json.dumps(row)
