"""`heatwatch readings import`, as somebody types it."""

import json
from pathlib import Path
from typing import Any

import pytest

from heatwatch.cli.app import run
from tests.at_once import both
from tests.heatwatch.cli.nis_copy import city

__all__ = ["city"]  # fixtures

ROWS = "datetime,t_amb,t_ref,t_sup_prim,t_ret_prim,t_sup_sec,t_ret_sec,e,pe\n2024-01-01 12:00:00,1,2,3,4,5,6,7,8\n"


def answer(capsys: pytest.CaptureFixture[str], *arguments: str, code: int = 0) -> Any:
    capsys.readouterr()
    assert run([*arguments, "--json"]) == code
    return json.loads(capsys.readouterr().out)


def test_an_import_reports_and_exits_with_3_when_something_was_refused(
    city: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = city / "data.csv"
    data.write_text(ROWS)
    call = ("readings", "import", "--mapping", "substation_raw.toml", "data.csv")
    assert answer(capsys, *call)["readings"] == 8
    assert answer(capsys, *call)["known"] == 8
    data.write_text(ROWS + "2024-01-01 13:00:00,cold,,,,,,,\n")
    report = answer(capsys, *call, code=3)
    assert report["listed"][0] | {"file": ""} == {
        "file": "", "row": 3, "column": "t_amb", "value": "cold", "readings": 1,
        "why": "no value of a temperature; allowed: digits with a decimal point, such as 18.5, without thousands separator, unit or formula",
    }  # fmt: skip
    assert run(list(call)) == 3
    shown = capsys.readouterr()
    assert "there already" in shown.out
    assert "1 cell was refused" in shown.err


@pytest.mark.parametrize(
    "lines", [None, "datetime,wrong\n", ROWS.splitlines()[0] + "\n2024-01-01 13:00:00,cold,,,,,,,\n"],
    ids=["not-there", "other-header", "every-cell-refused"],
)  # fmt: skip
def test_an_import_that_is_refused_leaves_nothing_in_the_books(
    city: Path, capsys: pytest.CaptureFixture[str], lines: str | None
) -> None:
    if lines is not None:
        (city / "data.csv").write_text(lines)
    before = answer(capsys, "registry", "history")
    call = ("readings", "import", "--mapping", "substation_raw.toml", "--feed", "new", "data.csv")
    code = run([*call, "--lang", "en"])
    assert code in (2, 3)
    assert ("Import: nothing was kept" in capsys.readouterr().out) == (code == 3)
    assert answer(capsys, "registry", "history") == before
    (city / "data.csv").write_text(ROWS)
    assert answer(capsys, *call)["readings"] == 8
    actions = [each["action"] for each in answer(capsys, "registry", "history")]
    assert actions[: len(actions) - len(before)] == ["readings import", "feed"]


def test_refused_rows_come_back_in_the_readers_language(
    city: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (city / "data.csv").write_text(ROWS + "2024-01-01 13:00:00,cold,,,,,,,\n")
    call = ["readings", "import", "--mapping", "substation_raw.toml", "data.csv"]
    assert run([*call, "--refused-to", "back", "--lang", "zh"]) == 3
    assert "被拒的行在 back/data.csv.refused.csv 中" in capsys.readouterr().err
    header, row = (city / "back/data.csv.refused.csv").read_text("utf-8-sig").splitlines()
    assert header.startswith("被拒原因,datetime")
    assert ",2024-01-01 13:00:00,cold," in row
    assert "温度" in row
    (city / "taken").touch()
    assert run([*call, "--refused-to", "taken"]) == 2
    assert "--refused-to taken can't be written" in capsys.readouterr().err


def test_a_folder_comes_in_by_name_with_what_cannot_be_read_named_and_again_adds_nothing(
    city: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = city / "history"
    folder.mkdir()
    head = ROWS.splitlines()[0]
    for day in (1, 2, 4):
        cell = "cold" if day == 4 else "1"
        row = f"2024-01-0{day} 12:00:00,{cell},2,3,4,5,6,7,8\n"
        (folder / f"{day}.csv").write_text(f"{head}\n{row}")
    (folder / "3.parquet").write_bytes(b"PAR1 cut off")
    (folder / "about.docx").write_text("")
    call = ("readings", "import", "--mapping", "substation_raw.toml", "history")
    report = answer(capsys, *call, code=3)
    assert (report["rows"], report["readings"], report["refused"]) == (3, 23, 1)
    assert [Path(each["file"]).name for each in report["unread"]] == ["3.parquet"]
    assert {Path(name).name: n for name, n in report["refused_in"].items()} == {"4.csv": 1}
    assert run([*call, "--refused-to", "back"]) == 3
    shown = capsys.readouterr()
    assert "3.parquet" in shown.out
    assert "1 file can't be read" in shown.err
    assert "1 file in the folder is no table, and not read: about.docx" in shown.err
    assert (city / "back" / "4.csv.refused.csv").is_file()
    (folder / "3.parquet").unlink()
    (folder / "4.csv").unlink()
    again = answer(capsys, *call)
    assert (again["readings"], again["known"], again["unread"]) == (0, 16, [])


def test_a_folder_of_which_nothing_can_be_read_is_a_wrong_call(
    city: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = city / "history"
    folder.mkdir()
    for name in ("a.xls", "b.parquet"):
        (folder / name).write_bytes(b"x")
    before = answer(capsys, "registry", "history")
    call = ["readings", "import", "--mapping", "substation_raw.toml", "history"]
    assert run([*call, "--lang", "en"]) == 2
    assert "none of 2 files can be read; the first: " in capsys.readouterr().err
    assert answer(capsys, "registry", "history") == before


def test_a_file_that_is_named_and_cannot_be_read_stops_the_call(
    city: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (city / "a.parquet").write_bytes(b"x")
    (city / "b.csv").write_text(ROWS)
    call = ["readings", "import", "--mapping", "substation_raw.toml", "a.parquet", "b.csv"]
    assert run([*call, "--lang", "en"]) == 2
    assert "a.parquet can't be read" in capsys.readouterr().err


def test_two_imports_of_a_file_at_once_add_each_reading_once(city: Path) -> None:
    (city / "data.csv").write_text(ROWS)
    words = ("readings", "import", "--mapping", "substation_raw.toml", "data.csv")
    told = both("ingest.files.run", "_split", *words)
    assert sorted((each["readings"], each["known"]) for each in told) == [(0, 8), (8, 0)]
