"""`heatwatch registry template`, from the command line to a workbook that imports."""

from pathlib import Path

import openpyxl
import pytest

from heatwatch.cli.app import run
from store.registry.examples import EXAMPLES
from tests.heatwatch.cli.sample import asked, config

__all__ = ["config"]  # fixtures


def test_a_template_in_chinese_imports_through_the_command(
    config: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "city.xlsx"
    assert run(["registry", "template", "--out", str(out), "--lang", "zh"]) == 0
    assert "换热站" not in openpyxl.load_workbook(out).sheetnames
    capsys.readouterr()
    code, report = asked(capsys, "registry", "import", str(out), "-c", config)
    assert (code, report["refused"]) == (0, [])
    assert report["counts"]["places"]["added"] == len(EXAMPLES["places"])


def test_an_import_and_an_export_call_kinds_as_the_readers_sheets_are_called(
    config: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = str(tmp_path / "city.xlsx")
    for call in (
        ["template", "--out", out],
        ["import", out, "-c", config],
        ["export", str(tmp_path / "out"), "-c", config],
    ):
        assert run(["registry", *call, "--lang", "zh"]) == 0
        shown = capsys.readouterr().out
        assert ("测点序列" in shown, "series" in shown) == (True, False), call


def test_kinds_are_named_in_both_languages_and_nothing_is_written_over(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = str(tmp_path / "visits.xlsx")
    kinds = ["--kind", "测温申请", "--kind", "measurements"]
    code, made = asked(capsys, "registry", "template", "--out", out, *kinds)
    assert (code, made["kinds"]) == (0, ["requests", "measurements"])
    assert run(["registry", "template", "--out", out]) == 2
    assert run(["registry", "template", "--out", f"{out}.csv"]) == 2
    assert run(["registry", "template", "--out", f"{out}.xlsx", "--kind", "visits"]) == 2
    said = capsys.readouterr().err
    for words in (
        "is there already",
        "a name that ends with .xlsx",
        "--kind 'visits' is not known",
    ):
        assert words in said
