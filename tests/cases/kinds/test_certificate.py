"""A certificate that lapses opens a task that the next certificate closes."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine

from analytics.law.policy import load
from cases.kinds.certificate import AHEAD, NAME
from cases.tasks import Task, close_by_evidence, finish, open_of_season, tasks
from domain.errors import WrongCall
from store.registry.importing import import_registry
from tests.actors import TEST, at
from tests.cases.runs import NOW, SEASON
from tests.store.city import write_city

HENAN = load("CN-HA-2018").policy
END = datetime(2025, 12, 24, 16, tzinfo=UTC)


def waiting(books: Engine) -> list[Task]:
    return [each for each in tasks(books, NOW) if each.kind == NAME]


@pytest.fixture
def opened(busy: Engine) -> Engine:
    early = END - AHEAD - timedelta(seconds=1)
    assert open_of_season(busy, SEASON, HENAN, at(early))["certificates"] == 0
    assert open_of_season(busy, SEASON, HENAN, at(NOW))["certificates"] == 1
    return busy


def test_it_opens_ahead_and_is_due_when_the_certificate_ends(opened: Engine) -> None:
    [task] = waiting(opened)
    assert (task.household, task.due_at, task.overdue) == ("H1", END, False)
    [late] = [each for each in tasks(opened, END + timedelta(seconds=1)) if each.kind == NAME]
    assert late.overdue
    with pytest.raises(WrongCall, match="no later certificate"):
        finish(opened, task.id, at(NOW))


def test_the_next_certificate_closes_it_and_none_is_opened_again(
    opened: Engine, tmp_path: Path
) -> None:
    assert close_by_evidence(opened, at(NOW))[NAME] == 0
    rows = {"certificates": [["liv", END.isoformat(), "", "b"]]}
    assert import_registry(opened, [write_city(tmp_path / "b", rows)], by=TEST).clean
    assert close_by_evidence(opened, at(NOW))[NAME] == 1
    assert open_of_season(opened, SEASON, HENAN, at(NOW))["certificates"] == 0
