"""Tasks are opened once, done once, and by somebody who can say why."""

import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, insert

from analytics.law.policy import load
from cases.tasks import close_by_evidence, finish, open_of_season, tasks
from domain.actor import By
from domain.errors import WrongCall
from store.books.watch import CaseTask
from store.registry.importing import import_registry
from tests.actors import TEST, TESTER, at
from tests.cases.runs import NOW, SEASON, home, measurements

HENAN = load("CN-HA-2018").policy


def test_a_task_is_finished_once(busy: Engine) -> None:
    open_of_season(busy, SEASON, HENAN, at(NOW))
    task = measurements(busy, NOW)[0].id
    assert finish(busy, task, at(NOW))
    assert not finish(busy, task, at(NOW))
    assert not finish(busy, 999, at(NOW))


def test_two_processes_that_open_at_once_open_each_task_once(busy: Engine) -> None:
    threads = [
        threading.Thread(target=open_of_season, args=(busy, SEASON, HENAN, at(NOW)))
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(measurements(busy, NOW)) == 3


def test_a_later_request_opens_another_task(busy: Engine) -> None:
    open_of_season(busy, SEASON, HENAN, at(NOW))
    assert open_of_season(busy, SEASON, HENAN, at(NOW + timedelta(days=20)))["requests"] == 1


def test_a_task_without_evidence_is_finished_with_a_reason_only(busy: Engine) -> None:
    open_of_season(busy, SEASON, HENAN, at(NOW))
    ids = {each.household: each.id for each in measurements(busy, NOW)}
    with pytest.raises(
        WrongCall, match="no signed measurement record and no refusal since its cause"
    ):
        finish(busy, ids["H3"], at(NOW))
    assert finish(busy, ids["H1"], at(NOW)), "H1 was measured"
    assert finish(busy, ids["H3"], By(TESTER, NOW, "moved out"))
    [done] = [each for each in measurements(busy, NOW, every=True) if each.household == "H3"]
    assert done.done_reason == "moved out"


def test_a_task_of_a_kind_that_is_gone_is_listed_and_finished_with_a_reason_only(
    busy: Engine,
) -> None:
    row = {
        "kind": "visit", "household_id": home(busy, "H1"), "cause": "call", "clause": "§ 1",
        "cause_at": datetime(2025, 12, 1, tzinfo=UTC), "due_at": NOW, "opened_at": NOW,
        "opened_by": TESTER,
    }  # fmt: skip
    with busy.begin() as connection:
        connection.execute(insert(CaseTask), [row])
    [task] = tasks(busy, NOW)
    assert (task.kind, task.cause) == ("visit", "call")
    assert sum(close_by_evidence(busy, at(NOW)).values()) == 0
    with pytest.raises(WrongCall, match="of a kind that is not known any more"):
        finish(busy, task.id, at(NOW))
    assert finish(busy, task.id, By(TESTER, NOW, "no such visits any more"))


def test_tasks_of_two_kinds_for_one_event_are_two(busy: Engine) -> None:
    open_of_season(busy, SEASON, HENAN, at(NOW))
    [asked] = [each for each in measurements(busy, NOW) if each.household == "H3"]
    row = {
        "kind": "visit", "household_id": home(busy, "H3"), "cause": "request", "clause": "§ 1",
        "cause_at": asked.cause_at, "due_at": NOW, "opened_at": NOW, "opened_by": TESTER,
    }  # fmt: skip
    with busy.begin() as connection:
        connection.execute(insert(CaseTask), [row])
    kinds = {each.kind for each in tasks(busy, NOW) if each.household == "H3"}
    assert kinds >= {"measurement", "visit"}


def test_a_person_finishes_a_task_by_what_would_close_it(busy: Engine, tmp_path: Path) -> None:
    """One signature of two let `case done` close it without a reason, and never the worker."""
    open_of_season(busy, SEASON, HENAN, at(NOW))
    rows = "room,at,celsius,signed_by\nH3-bed,2025-12-06T10:00:00+08:00,15.0,Li Wei\n"
    (tmp_path / "measurements.csv").write_text(rows, encoding="utf-8")
    assert import_registry(busy, [tmp_path / "measurements.csv"], by=TEST).refused == ()
    (task,) = (each.id for each in measurements(busy, NOW) if each.household == "H3")
    with pytest.raises(WrongCall, match="no signed measurement record"):
        finish(busy, task, at(NOW), law_of=lambda *_: HENAN)
    assert finish(busy, task, at(NOW), law_of=lambda *_: load("CN-TJ-2010").policy)
