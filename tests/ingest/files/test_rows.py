"""Whose rows are, and which hold no readings."""

from pathlib import Path

from store.readings.readings import Readings
from tests.ingest.files.small_files import LONG, lake_rows, readings, run

__all__ = ["readings"]  # fixtures


def test_codes_are_read_without_what_programs_put_around_them(
    readings: Readings, tmp_path: Path
) -> None:
    text = "device,channel,time,value\n"
    written = ["A1", "A1\t", " A1 ", '"=""A1"""', "\u3000A1"]
    text += "".join(f"{code},t ,2026-11-22T0{i}:00:00Z,20\n" for i, code in enumerate(written))
    report = run(readings, tmp_path / "a.csv", LONG, text)
    assert (report.readings, report.refused) == (5, 0)
    assert {row[0] for row in lake_rows(readings)} == {1}


def test_a_channel_that_begins_as_totals_do_is_refused_where_its_time_cannot_be_read(
    readings: Readings, tmp_path: Path
) -> None:
    text = "device,channel,time,value\n"
    text += "A1,累计热量,01/11/2026 08:00,1\nA1,total_energy_kwh,soon,1\nMax-1,t,soon,1\n"
    text += "A1,累计热量,,1\n合计：,t,,40\nA1,Total,,3\n"
    report = run(readings, tmp_path / "a.csv", LONG, text)
    assert (report.left_out, report.refused) == (2, 4)
    assert sorted(cell.row for cell in report.listed) == [2, 3, 4, 5]


def test_only_rows_without_a_time_are_totals(readings: Readings, tmp_path: Path) -> None:
    text = "device,channel,time,value\n"
    text += "合计,t,,40\nMin,t,,1\nminsk,t,,1\n,,,\nA1,t,Average: ,1\nA1,t,noon,1\n"
    text += "sum,t,2026-11-22T06:00:00Z,1\n"
    report = run(readings, tmp_path / "a.csv", LONG, text)
    assert (report.left_out, report.refused) == (4, 3)
    assert sorted(cell.row for cell in report.listed) == [4, 7, 8]
    report = run(readings, tmp_path / "a.csv", {**LONG, "totals": []}, text)
    assert (report.left_out, report.refused) == (1, 6)
