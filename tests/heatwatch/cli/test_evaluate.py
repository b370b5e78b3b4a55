"""`heatwatch evaluate` from the outside."""

import json

import pytest

from heatwatch.cli.app import run
from heatwatch.evaluate import law
from simulators.law.twins import TWINS

YINCHUAN = "CN-NX-YINCHUAN-2010"
ARGUMENTS = ["evaluate", "law", "--policy", YINCHUAN, "--worlds", "12", "--seed", "3"]


def test_the_command_answers_with_its_score(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["evaluate", "tamper", "--count", "2", "--seed", "11", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["mutations"], told["named"], told["failures"]) == (2, 2, [])
    assert run(["evaluate", "tamper", "--count", "1", "--seed", "11", "--lang", "en"]) == 0
    assert "1 of 1 mutation named by its kind" in capsys.readouterr().out


def test_the_same_seed_gives_the_same_answer(capsys: pytest.CaptureFixture[str]) -> None:
    answers = []
    for _ in range(2):
        assert run([*ARGUMENTS, "--json"]) == 0
        answers.append(json.loads(capsys.readouterr().out))
    (score,) = answers[0]
    assert answers[0] == answers[1]
    assert score["policy"] == YINCHUAN
    assert score["worlds"] == score["compared"]["twin"] == 12
    assert score["wrong"] == []


def test_a_difference_ends_with_5_and_shows_the_smallest_season(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    twin = {YINCHUAN: lambda world: TWINS[YINCHUAN](world) | {"total": "-1.00"}}
    monkeypatch.setattr(law, "TWINS", twin)
    assert run(ARGUMENTS) == 5
    shown = capsys.readouterr()
    assert "12" in shown.out
    assert "seed 3, twin: -1.00 was expected, 0.00 was found" in " ".join(shown.err.split())
    assert '"outages": []' in shown.err


def test_a_policy_that_is_not_known_is_a_wrong_call(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["evaluate", "law", "--policy", "CN-NOWHERE"]) == 2
    assert "CN-HA-2018" in capsys.readouterr().err


def test_terms_that_change_are_other_seasons_of_the_same_seeds(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A twin that knows nothing of changes differs where there are some, and there alone."""
    blind = {YINCHUAN: lambda world: TWINS[YINCHUAN](world | {"contract_changes": []})}
    monkeypatch.setattr(law, "TWINS", blind)
    assert run(ARGUMENTS) == 0
    assert run([*ARGUMENTS, "--new-terms"]) == 5
    assert '"contract_changes": [{' in capsys.readouterr().err
    monkeypatch.undo()
    assert run([*ARGUMENTS, "--new-terms"]) == 0


def test_acts_that_are_amended_are_tried_by_their_own_days(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert run([*ARGUMENTS, "--amended", "--json"]) == 0
    (found,) = json.loads(capsys.readouterr().out)
    assert (found["policy"], found["wrong"]) == (YINCHUAN, [])
    assert found["compared"]["twin"] == found["worlds"]
    capsys.readouterr()
    assert run(["evaluate", "law", "--policy", "CN-TJ-2010", "--amended"]) == 2
    assert "CN-NX-YINCHUAN-2010" in capsys.readouterr().err
