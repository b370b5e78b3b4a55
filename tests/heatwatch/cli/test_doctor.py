"""`heatwatch doctor` from the outside."""

import json
from pathlib import Path

import pytest

from heatwatch.cli.app import run
from tests.heatwatch.diagnosis.towns import world_in


def test_a_fault_ends_with_5_and_each_part_has_its_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = str(world_in(tmp_path).path)
    assert run(["doctor", "-c", path, "--json"]) == 5  # nothing answers at the broker's port
    told = {each["what"]: each["state"] for each in json.loads(capsys.readouterr().out)}
    assert told["books"] == told["journal"] == told["lake"] == "unused"
    assert [state for what, state in told.items() if what.startswith("broker at")] == ["fault"]
    assert run(["doctor", "-c", path, "--lang", "en"]) == 5
    shown = " ".join(capsys.readouterr().out.split())
    assert "This installation: faults 1" in shown
    assert "heatwatch run" in shown


def test_its_words_are_not_those_of_policies_and_tests(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(["doctor", "-c", str(world_in(tmp_path).path), "--lang", "zh"])
    said = capsys.readouterr().out
    assert "检查结果" in said
    assert "起算时刻" not in said
    assert "实为" not in said
