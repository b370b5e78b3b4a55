"""`heatwatch evaluate seasons` from the outside."""

import json
from pathlib import Path

import pytest

from heatwatch.cli.app import run
from tests.heatwatch.evaluate.test_seasons import ANSWERS, folder


def test_the_command_answers_with_what_is_equal_and_ends_with_5_where_one_differs(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    call = ["evaluate", "seasons", str(folder(tmp_path, ANSWERS))]
    assert run([*call, "--lang", "en"]) == 0
    assert "2 of 2 seasons come to their answer" in capsys.readouterr().out
    assert run([*call, "--as-stored", "--json"]) == 5
    told = json.loads(capsys.readouterr().out)
    assert (told["seasons"], told["equal"], told["as_stored"]) == (2, 1, True)
    (one,) = told["differing"]
    assert (one["season"], one["differs"]) == ("7", ["total", "lines"])
    assert run([*call, "--as-stored", "--lang", "zh"]) == 5
    shown = capsys.readouterr().out
    assert "2 个采暖季中 1 个与答案一致" in shown
    assert "合计、明细行" in shown
