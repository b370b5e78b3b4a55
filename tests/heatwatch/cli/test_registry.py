"""`heatwatch registry` and `heatwatch case`, from the command line to the exit code."""

import json
import re
from pathlib import Path

import pytest

from heatwatch.cli import registry
from heatwatch.cli.app import run
from heatwatch.config import system_user
from store.registry.kinds import KIND_OF, KINDS
from tests.heatwatch.cli.sample import asked, config
from tests.store.city import change, write_city
from tests.store.city import city_without_runs as city
from tests.store.registry.sheets import workbook

__all__ = ["config"]  # fixtures


def test_import_check_and_export_go_round(
    config: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = str(write_city(tmp_path / "city", city()))
    code, checked = asked(capsys, "registry", "check", folder, "-c", config)
    assert (code, checked["written"], checked["refused"]) == (0, False, [])
    code, report = asked(capsys, "registry", "import", folder, "-c", config)
    assert (code, report["written"], report["counts"]["places"]["added"]) == (0, True, 14)
    code, paths = asked(capsys, "registry", "export", str(tmp_path / "out"), "-c", config)
    assert (code, paths["rows"]["places"], len(paths["files"])) == (0, 14, len(KINDS))
    code, again = asked(capsys, "registry", "import", str(tmp_path / "out"), "-c", config)
    assert (code, again["counts"]["places"]["unchanged"]) == (0, 14)


def test_a_file_under_its_old_name_is_imported_with_a_warning(
    config: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = write_city(tmp_path / "city", city())
    (folder / "measurements.csv").rename(folder / "acts.csv")
    assert run(["registry", "import", str(folder), "--json", "-c", config]) == 0
    said = capsys.readouterr()
    assert json.loads(said.out)["counts"]["measurements"]["added"] == 1
    assert "acts.csv is now called measurements.csv" in said.err


def test_an_import_says_which_measurement_records_lack_signatures(
    config: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = change(city(), "measurements", "H1-bed", "signed_by", "张三")
    folder = str(write_city(tmp_path / "city", rows))
    assert run(["registry", "import", folder, "--json", "-c", config]) == 0
    said = capsys.readouterr().err
    assert "season 2025: 1 measurement record has fewer signatures than the 2" in said
    assert "H1-bed, 2025-12-01 18:00;" in said
    folder = str(write_city(tmp_path / "again", city()))
    assert run(["registry", "import", folder, "--json", "-c", config]) == 3
    assert "is recorded with '张三'" in capsys.readouterr().out
    why = ["--reason", "both signed"]
    assert run(["registry", "import", folder, "--json", "-c", config, *why]) == 0
    assert "signatures" not in capsys.readouterr().err


def test_a_check_says_which_measurement_records_lack_signatures(
    config: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    whole = str(write_city(tmp_path / "whole", city()))
    doubted = asked(capsys, "registry", "check", whole, "-c", config)[1]["doubtful"]
    assert "measurements.csv" not in {each["file"] for each in doubted}
    assert run(["registry", "import", whole, "-c", config]) == 0
    capsys.readouterr()
    rows = change(city(), "measurements", "H1-bed", "signed_by", "张三")
    folder = str(write_city(tmp_path / "city", {"measurements": rows["measurements"]}))
    why = ["--reason", "one signed"]
    code, checked = asked(capsys, "registry", "check", folder, *why, "-c", config)
    assert (code, [each["column"] for each in checked["doubtful"]]) == (0, ["signed_by"])
    assert run(["registry", "check", folder, *why, "-c", config]) == 0
    assert "has 1 of the 2 signatures that CN-HA-2018 requires" in capsys.readouterr().err


def test_records_of_hours_at_which_nobody_may_measure_are_named(
    config: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = change(city(), "seasons", "2025", "policy", "CN-HL-2021")
    rows = change(rows, "measurements", "H1-bed", "at", "2025-12-02T10:00:00+08:00")
    whole = str(write_city(tmp_path / "whole", rows))
    assert run(["registry", "import", whole, "-c", config]) == 0
    said = " ".join(capsys.readouterr().err.split())
    assert (
        "season 2025: 1 measurement record was made from 10:00 to 14:00, when the act lets" in said
    )
    assert "room H1-bed, 2025-12-02 10:00; measure again at another time" in said
    rows = change(rows, "measurements", "H1-bed", "at", "2025-12-02T13:59:00+08:00")
    folder = str(write_city(tmp_path / "more", {"measurements": rows["measurements"]}))
    code, checked = asked(capsys, "registry", "check", folder, "-c", config)
    assert (code, [each["column"] for each in checked["doubtful"]]) == (0, ["at"])
    rows = change(rows, "measurements", "H1-bed", "at", "2025-12-02T14:00:00+08:00")
    folder = str(write_city(tmp_path / "open", {"measurements": rows["measurements"]}))
    code, checked = asked(capsys, "registry", "check", folder, "-c", config)
    assert (code, checked["doubtful"]) == (0, [])


def test_what_is_wrong_is_listed_before_what_is_refused_because_of_it(
    config: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = change(city(), "devices", "bath", "verified", "maybe")
    folder = str(write_city(tmp_path / "city", rows))
    assert run(["registry", "check", folder, "-c", config]) == 5
    lines = capsys.readouterr().err.splitlines()
    said = [line for line in lines if line.startswith("refused")]
    assert said == [said[0]]
    assert any(re.match(r"\d+ more rows? (is|are) refused only because of these", e) for e in lines)
    assert "devices.csv row 5, verified = 'maybe'" in said[0]


def test_a_device_with_certificates_needs_no_word_on_its_verification(
    config: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = change(city(), "devices", "bath", "verified", "")
    folder = str(write_city(tmp_path / "city", rows))
    code, checked = asked(capsys, "registry", "check", folder, "-c", config)
    assert (code, checked["refused"]) == (0, [])


def test_a_correction_shows_times_before_and_after_as_local_ones(
    config: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["registry", "import", str(write_city(tmp_path / "a", city())), "-c", config]) == 0
    rows = change(city(), "outages", "S1-01", "until", "2025-12-20 14:30")
    folder = str(write_city(tmp_path / "b", {"outages": rows["outages"]}))
    capsys.readouterr()
    assert run(["registry", "import", folder, "-c", config]) == 3
    assert "is recorded with '2025-12-20 13:00';" in capsys.readouterr().err
    why = ["--reason", "the crew's report"]
    assert run(["registry", "import", folder, "-c", config, *why]) == 0
    said = capsys.readouterr().err
    assert "until '2025-12-20 13:00' -> '2025-12-20 14:30'" in said
    assert run(["registry", "history", "S1-01", "-c", config]) == 0
    said = "".join(capsys.readouterr().out.replace("│", "").split())  # the table breaks long cells
    assert "2025-12-2014:30" in said
    assert "2025-12-20T06:30:00Z" not in said


def test_refused_rows_are_listed_and_told_by_the_exit_code(
    config: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = str(
        write_city(tmp_path / "city", change(city(), "measurements", "H1-bed", "celsius", "warm"))
    )
    code, checked = asked(capsys, "registry", "check", folder, "-c", config)
    assert (code, checked["refused"][0]["value"]) == (5, "warm")
    code, strict = asked(capsys, "registry", "import", folder, "--strict", "-c", config)
    assert (code, strict["written"]) == (3, False)
    code, report = asked(capsys, "registry", "import", folder, "-c", config)
    assert code == 3
    assert report["refused"] == [
        {
            "file": "measurements.csv",
            "row": 2,
            "column": "celsius",
            "value": "warm",
            "why": "is not a number; expected digits with a point, such as 18.5, without comma, blank, unit or formula",
        }
    ]


def test_a_terminal_gets_a_table_and_the_first_lines_of_a_long_list(
    config: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(registry, "SHOWN", 3)
    run(["registry", "import", str(write_city(tmp_path / "city", city())), "-c", config])
    rows = change(change(city(), "places", "B1", "since", "x"), "places", "H3", "name", "三号")
    rows["places"] += [[f"H {n}", "flat", "", "", "", "", "x", "", "", ""] for n in range(4)]
    capsys.readouterr()
    assert run(["registry", "import", str(write_city(tmp_path / "city", rows)), "-c", config]) == 3
    said = capsys.readouterr()
    assert "places" in said.out
    assert "changed: places H3: name '201室' -> '三号'" in said.err
    assert "refused: places.csv row 7, since = 'x': is not a time" in said.err
    wrong = [line for line in said.err.splitlines() if "'H 1'" in line]  # a line, whatever it lacks
    assert len(wrong) == 1
    assert "kind = 'flat'" in wrong[0]
    assert "since: must not be empty" in wrong[0]
    assert "2 more refused; --json lists all" in said.err


def test_columns_and_kinds_are_called_as_the_readers_sheets_are(
    config: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(["registry", "import", str(write_city(tmp_path / "a", city())), "-c", config])
    rows = change(city(), "places", "H3", "name", "三号")
    rows["series"][1][3] = "nowhere"
    capsys.readouterr()
    folder = str(write_city(tmp_path / "b", rows))
    assert run(["registry", "import", folder, "--lang", "zh", "-c", config]) == 3
    said = capsys.readouterr().err
    assert "名称" in next(line for line in said.splitlines() if "三号" in line)
    assert "本次导入的 位置 中" in said
    assert run(["registry", "history", "--lang", "zh", "-c", config]) == 0
    assert "名称" in capsys.readouterr().out


def test_rows_of_a_sheet_that_names_one_that_could_not_be_read_are_summed_in_a_line(
    config: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = str(write_city(tmp_path / "city", city()))
    places = tmp_path / "city" / "places.csv"
    places.write_text(places.read_text("utf-8").replace("code,", "kod,", 1), "utf-8")
    assert run(["registry", "check", folder, "-c", config]) == 5
    lines = capsys.readouterr().err.splitlines()
    said = [line for line in lines if line.startswith("refused")]
    assert said
    assert all(line.startswith("refused: places.csv row 1") for line in said)
    assert any("more rows are refused only because of these" in line for line in lines)


def test_a_workbook_with_empty_cells_has_a_line_for_each_row(
    config: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    names = KIND_OF["series"].names
    row = [{"device": "d1", "channel": "t"}.get(name, "") for name in names]
    workbook(tmp_path / "new.xlsx", {"series": [list(names), row, [*row[:1], "rh", *row[2:]]]})
    assert run(["registry", "check", str(tmp_path / "new.xlsx"), "-c", config]) == 5
    said = [e for e in capsys.readouterr().err.splitlines() if e.startswith("refused")]
    assert [each.split(": ")[1].split("]")[1] for each in said] == [" row 2", " row 3"]
    assert "role, place, interval_s, since: must not be empty" in said[0]


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (["registry", "import", "gone.csv"], "gone.csv: there is no such file"),
        (["registry", "export", "out", "--format", "pdf"], "allowed: csv, xlsx"),
        (["registry", "import"], "Missing argument"),
        (["case", "open", "--season", "2031"], "the registry is empty"),
    ],
    ids=lambda each: str(each)[:30],
)
def test_a_wrong_call_gets_one_message_and_exit_2(
    config: str, capsys: pytest.CaptureFixture[str], arguments: list[str], why: str
) -> None:
    assert run([*arguments, "-c", config]) == 2
    said = capsys.readouterr()
    assert why in said.err
    assert "Traceback" not in said.err + said.out


@pytest.mark.parametrize("words", [("import",), ("check",)], ids=" ".join)
@pytest.mark.parametrize("policy", ["NOPE-2099", "gone.toml"])
def test_a_season_needs_a_policy_that_there_is(
    config: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], words: tuple[str], policy: str
) -> None:
    rows = change(city(), "seasons", "2025", "policy", policy)
    folder = str(write_city(tmp_path / "city", rows))
    code, report = asked(capsys, "registry", *words, folder, "-c", config)
    (first,) = [each for each in report["refused"] if each["file"] == "seasons.csv"]
    assert code == {"import": 3, "check": 5}[words[0]]
    assert (first["row"], first["column"], first["value"]) == (2, "policy", policy)
    assert "CN-HA-2018" in first["why"] or "does not exist" in first["why"]


def test_a_misnamed_file_in_a_folder_is_refused_with_the_nearest_name(
    config: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = write_city(tmp_path / "city", city())
    (folder / "contracts.csv").rename(folder / "contract.csv")
    (folder / "foo.csv").write_text("a\n", encoding="utf-8")
    (folder / "city.xlsx").write_text("a\n", encoding="utf-8")
    (folder / ".~lock.csv").write_text("a\n", encoding="utf-8")
    code, report = asked(capsys, "registry", "import", str(folder), "-c", config)
    assert (code, report["written"]) == (3, True)
    why = {each["file"]: each["why"] for each in report["refused"]}
    # what a contract says has no contract without that file
    assert why.keys() == {"contract.csv", "contract_terms.csv", "foo.csv", "city.xlsx"}
    assert "did you mean contracts.csv?" in why["contract.csv"]
    assert "allowed: places.csv" in why["foo.csv"]
    assert "name this file itself" in why["city.xlsx"]


def test_the_history_names_who_changed_what_in_the_readers_language(
    config: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first, second = city(), change(city(), "places", "H1", "area_m2", "91")
    run(["registry", "import", str(write_city(tmp_path / "a", first)), "-c", config])
    call = ["registry", "import", str(write_city(tmp_path / "b", second)), "-c", config]
    run([*call, "--by", "李伟", "--reason", "复测"])
    code, found = asked(capsys, "registry", "history", "H1", "-c", config)
    assert (code, [each["actor"] for each in found]) == (0, ["user:李伟", str(system_user())])
    assert found[0]["edits"][0]["after"] == "91"
    assert run(["registry", "history", "--lang", "zh", "-c", config]) == 0
    lines = capsys.readouterr().out.replace("┃", "│").splitlines()
    rows = zip(*(line.split("│") for line in lines if "│" in line), strict=True)
    shown = ["".join(cell.strip() for cell in column) for column in rows]  # cells go on below
    for words in ("变更", "操作人", "李伟", "复测", "基础档案导入", "新增"):
        assert any(words in column for column in shown)


def test_sensors_marked_verified_without_a_certificate_are_counted(
    config: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = city() | {"certificates": [["new", "2025-09-01T00:00", "", "GB 7"]]}
    assert run(["registry", "import", str(write_city(tmp_path / "c", rows)), "-c", config]) == 0
    said = capsys.readouterr().err
    assert "2 sensors are marked verified in devices.csv and have no certificate" in said


def test_refused_rows_come_back_in_the_users_own_file_and_import_from_there(
    config: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = str(
        write_city(tmp_path / "city", change(city(), "devices", "new", "verified", "soon"))
    )
    back = tmp_path / "back"
    call = ["registry", "import", folder, "--refused-to", str(back), "--lang", "zh", "-c", config]
    assert run(call) == 3
    assert f"{back / 'devices.csv'}" in capsys.readouterr().err
    assert {each.name for each in back.iterdir()} >= {"devices.csv", "series.csv"}
    text = (back / "devices.csv").read_text("utf-8-sig")
    assert text.startswith("被拒原因,code,model,verified")
    (back / "devices.csv").write_text(text.replace("soon", "是"), "utf-8")
    assert run(["registry", "import", str(back), "-c", config]) == 0
    assert run(call) == 2
    assert "已存在，可能已经更正过" in capsys.readouterr().err


def test_codes_in_full_width_are_imported_and_looked_up_as_plain_ones(
    config: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["registry", "import", str(write_city(tmp_path / "a", city())), "-c", config]) == 0
    plain = asked(capsys, "evidence", "list", "H1", "-c", config)
    assert asked(capsys, "evidence", "list", "Ｈ１", "-c", config) == plain
    key = ["2025-12-01T08:00", "-c", config]
    shown = asked(capsys, "evidence", "show", "requests", "H1", *key)
    assert asked(capsys, "evidence", "show", "requests", "Ｈ１", *key) == shown
    history = asked(capsys, "registry", "history", "Ｓ１－０１", "-c", config)
    assert history == asked(capsys, "registry", "history", "S1-01", "-c", config)
    cells = ["household=Ｈ１", "at=2025-12-05 08:00"]
    assert run(["evidence", "record", "requests", *cells, "-c", config]) == 0
    assert "1 row has a code in full width" in capsys.readouterr().err
    why = ["--reason", "twice", "-c", config]
    assert run(["evidence", "withdraw", "requests", "Ｈ１", "2025-12-05T08:00", *why]) == 0
