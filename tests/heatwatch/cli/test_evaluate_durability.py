"""What `heatwatch evaluate durability` shows; the run itself is tested beside it."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from heatwatch.cli.app import run
from heatwatch.durability import run as durability
from heatwatch.durability.run import Plan, Score

GOOD = Score(
    engine="rabbitmq", hits={"kill broker": 3}, seconds=40.0, sent=1200, acknowledged=1200,
    kept=1200, queued=0, lost=0, outside=0, oldest_lost_s=None, doubled=0, stored_again=7,
    telegraf_lost=None, restarts_s=[2.5, 2.9],
)  # fmt: skip


@pytest.mark.parametrize(
    ("score", "code", "told"),
    [
        (GOOD, 0, "The broker's promise holds"),
        (replace(GOOD, engine="mosquitto", lost=40, oldest_lost_s=0.9), 0, "promise holds"),
        (replace(GOOD, lost=1, outside=1, oldest_lost_s=3.0), 5, "The promise does not hold"),
        (replace(GOOD, doubled=1), 5, "The promise does not hold"),
        (replace(GOOD, queued=1), 5, "The promise does not hold"),
        (replace(GOOD, acknowledged=0, kept=0), 5, "The promise does not hold"),
    ],
)
def test_what_breaks_the_promise_ends_with_5(
    score: Score, code: int, told: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:  # fmt: skip
    """The kills are left out: only what is made of a score is looked at here."""
    plans: list[Plan] = []

    def found(_folder: Path, plan: Plan, _progress: Callable[[int, int], None]) -> Score:
        plans.append(plan)
        return score

    monkeypatch.setattr(durability, "durability", found)
    call = ["evaluate", "durability", "--kills", "3", "--seed", "7", "--engine", score.engine]
    assert run([*call, "--json"]) == code
    answer = json.loads(capsys.readouterr().out)
    assert (answer["lost"], answer["holds"]) == (score.lost, code == 0)
    assert run([*call, "--lang", "en"]) == code
    shown = capsys.readouterr().out
    assert told in shown
    assert "not both on PATH" in shown
    assert plans == [Plan(3, 7, score.engine)] * 2
