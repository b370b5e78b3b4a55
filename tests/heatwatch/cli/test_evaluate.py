"""`heatwatch evaluate tamper` damages a town of its own and says what was named."""

import json

import pytest

from heatwatch.cli.app import run


def test_the_command_answers_with_its_score(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["evaluate", "tamper", "--count", "2", "--seed", "11", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["mutations"], told["named"], told["failures"]) == (2, 2, [])
    assert run(["evaluate", "tamper", "--count", "1", "--seed", "11", "--lang", "en"]) == 0
    assert "1 of 1 mutations named by their kind" in capsys.readouterr().out
