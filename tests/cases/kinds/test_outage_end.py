"""An outage without an end opens a task that its recorded end closes."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine

from analytics.law.policy import load
from cases.case import Limit
from cases.kinds.outage_end import KIND, NAME
from cases.tasks import Task, close_by_evidence, finish, open_of_season, tasks
from domain.actor import By
from domain.errors import WrongCall
from store.evidence.withdraw import Withdrawal, withdraw
from store.registry.importing import import_registry
from store.registry.series import tree
from tests.actors import TEST, TESTER, at
from tests.cases.runs import NOW, SEASON
from tests.store.city import write_city

HENAN = load("CN-HA-2018").policy
BEGAN = datetime(2025, 12, 4, tzinfo=UTC)


def waiting(books: Engine) -> list[Task]:
    return [each for each in tasks(books, NOW) if each.kind == NAME]


@pytest.fixture
def opened(busy: Engine) -> Engine:
    assert open_of_season(busy, SEASON, HENAN, at(NOW))["outages"] == 1
    assert open_of_season(busy, SEASON, HENAN, at(NOW))["outages"] == 0
    return busy


def ended(books: Engine, folder: Path, since: str, until: str) -> None:
    rows = {"outages": [["S1-02", since, until, *[""] * 6]]}
    by = By(TESTER, NOW - timedelta(hours=1), "log of the station")
    assert import_registry(books, [write_city(folder, rows)], by=by).clean


def test_it_is_due_when_the_outage_begins_to_pay_and_names_the_station(opened: Engine) -> None:
    [task] = waiting(opened)
    assert (task.household, task.cause_at) == ("S1-02", BEGAN)
    assert task.due_at == BEGAN + timedelta(hours=12)
    assert task.overdue


def test_its_recorded_end_closes_it_and_that_of_another_outage_does_not(
    opened: Engine, tmp_path: Path
) -> None:
    ended(opened, tmp_path / "other", "2025-12-02T00:00:00Z", "2025-12-05T00:00:00Z")
    assert close_by_evidence(opened, at(NOW))[NAME] == 0
    ended(opened, tmp_path / "own", BEGAN.isoformat(), "2025-12-05T12:00:00Z")
    assert close_by_evidence(opened, at(NOW))[NAME] == 1
    assert waiting(opened) == []
    [done] = [each for each in tasks(opened, NOW, every=True) if each.kind == NAME]
    assert done.done_at == NOW - timedelta(hours=1)  # when it was recorded


def test_an_outage_that_is_withdrawn_waits_for_no_end(opened: Engine) -> None:
    gone = [Withdrawal("outages", f"S1-02 / {BEGAN.isoformat()}", "of the other station")]
    withdraw(opened, gone, TEST, tree(opened), UTC)
    assert close_by_evidence(opened, at(NOW))[NAME] == 1


def test_without_an_end_it_is_finished_with_a_reason_only(opened: Engine) -> None:
    [task] = waiting(opened)
    with pytest.raises(WrongCall, match="has no recorded end"):
        finish(opened, task.id, at(NOW))
    assert finish(opened, task.id, By(TESTER, NOW, "kept on paper"))


@pytest.mark.parametrize(
    ("policy", "limit"),
    [
        ("CN-HA-2018", 12), ("CN-SD-LINYI-2017", 24), ("CN-NX-YINCHUAN-2010", 72),
        ("CN-SD-QINGDAO-2017", None),
    ],
)  # fmt: skip
def test_the_limit_is_the_length_from_which_the_act_pays(policy: str, limit: int | None) -> None:
    found = KIND.limit(load(policy).policy)
    if limit is None:
        assert found is None
    else:
        assert isinstance(found, Limit)
        assert found.within == timedelta(hours=limit)
