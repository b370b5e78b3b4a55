"""What is seen and not registered, as a workbook that a person fills in and imports."""

import json
from pathlib import Path

import openpyxl
import pytest

from heatwatch.cli.app import run
from heatwatch.cli.codes import ANSWER_IS_NO
from heatwatch.services.to_register import write_unregistered
from ingest.codecs.message import Sample
from ingest.connect.seen import as_lines
from tests.heatwatch.cli.nis_copy import city
from tests.ingest.connect.messages import LEVELS, sent

__all__ = ["city"]  # fixtures


@pytest.mark.parametrize(
    ("language", "sheets", "role"),
    [("en", ("devices", "series"), "humidity"), ("zh", ("设备", "测点序列"), "湿度")],
)
def test_what_was_seen_is_filled_in_imported_and_then_registered(
    language: str,
    sheets: tuple[str, str],
    role: str,
    city: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    (city / "seen.txt").write_bytes(as_lines([*LEVELS, sent("house/37_2/t", "21.5")]))
    look = ["connect", "--samples", "seen.txt", "--devices-to"]
    assert run([*look, "new.xlsx", "--lang", language]) == 0
    assert "`heatwatch registry import new.xlsx`" in " ".join(capsys.readouterr().out.split())
    book = openpyxl.load_workbook(city / "new.xlsx")
    devices, series = (book[each] for each in sheets)
    assert [row[0] for row in devices.iter_rows(min_row=2, values_only=True)] == ["101", "102"]
    assert [row[:4] for row in series.iter_rows(min_row=2, values_only=True)] == [
        (device, channel, None, None)
        for device in ("101", "102")
        for channel in ("temperature", "humidity")
    ]
    assert run(["registry", "check", "new.xlsx"]) == ANSWER_IS_NO
    cells: list[str | int] = [role, "37_2-living", 900, "2026-11-01"]
    for row in range(2, 6):
        for column, cell in enumerate(cells, 3):
            series.cell(row, column).value = cell
    book.save(city / "new.xlsx")
    assert run(["registry", "import", "new.xlsx"]) == 0
    capsys.readouterr()
    assert run([*look, "again.xlsx", "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert (answer["unregistered"], answer["to_fill_in"]) == ([], None)
    assert not (city / "again.xlsx").exists()


def test_a_device_that_has_another_series_gets_no_second_row_and_what_is_none_of_ours_none(
    city: Path,
) -> None:
    samples = {
        "37_2": [Sample("37_2", "co2", None, None)],
        "9": [Sample("9", "noise", None, None, aside=True)],
    }
    books = str(city / "var" / "books.sqlite")
    assert write_unregistered(city / "a.xlsx", samples, books, "en")
    book = openpyxl.load_workbook(city / "a.xlsx")
    assert book["devices"].max_row == 1
    assert book["series"].cell(2, 1).value == "37_2"
    assert write_unregistered(city / "b.xlsx", samples, "", "en")
    assert openpyxl.load_workbook(city / "b.xlsx")["devices"].max_row == 2
    assert not write_unregistered(city / "c.xlsx", {"9": samples["9"]}, "", "en")


@pytest.mark.parametrize(
    ("name", "said"),
    [("new.csv", "--devices-to new.csv: allowed: a name that ends with .xlsx"), ("there.xlsx", "there already")],
)  # fmt: skip
def test_a_name_that_can_not_be_made_is_refused_before_anything_is_listened_to(
    name: str, said: str, city: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (city / "there.xlsx").touch()
    assert run(["connect", "--devices-to", name]) == 2
    assert said in capsys.readouterr().err
