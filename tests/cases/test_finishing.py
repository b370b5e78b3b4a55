"""Who finished a task first stays who did it."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine

from analytics.law.policy import load
from cases import tasks as tasks_
from cases.kinds import measurement
from cases.tasks import close_by_evidence, finish, open_of_season, tasks
from domain.actor import By, program
from tests.actors import TESTER, at
from tests.cases.runs import NOW, SEASON, measurements

HENAN = load("CN-HA-2018").policy


@pytest.mark.parametrize("closes", ["evidence", "end"])
def test_who_finished_a_task_first_stays_who_did(
    busy: Engine, closes: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The clerk's name and reason were written over by the worker that had looked before."""
    open_of_season(busy, SEASON, HENAN, at(NOW))
    mine = {each.household: each.id for each in measurements(busy, NOW)}["H1"]
    module, name = (tasks_, "_done") if closes == "evidence" else (measurement, "_ended")
    real = getattr(module, name)
    looked: list[bool] = []

    def slow(*arguments: Any) -> Any:
        found = real(*arguments) if closes == "evidence" else measurement.WITHDRAWN
        if found and not looked:
            looked.append(finish(busy, mine, By(TESTER, NOW, "seen by me")))
        return found

    monkeypatch.setattr(module, name, slow)
    worker = By(program("tasks"), NOW + timedelta(hours=1))
    if closes == "evidence":
        close_by_evidence(busy, worker)
    else:
        measurement.close_ended(busy, worker)
    assert looked == [True]
    task = next(each for each in tasks(busy, NOW, every=True) if each.id == mine)
    assert (task.done_at, task.done_by, task.done_reason) == (NOW, TESTER, "seen by me")
