"""A worker is there while it holds its lock."""

import threading
from pathlib import Path

from heatwatch.diagnosis import workers
from heatwatch.supervisor.single_instance import single_worker
from tests.heatwatch.diagnosis.towns import states, world_in


def test_who_holds_its_lock_runs_and_the_others_do_not(tmp_path: Path) -> None:
    world = world_in(tmp_path)
    assert set(states(workers.check, world).values()) == {"warning"}
    with single_worker(world, "ingest", threading.Event()):
        found = states(workers.check, world)
    assert found.pop("worker ingest") == "well"
    assert found == {"worker alerts": "warning", "worker maintenance": "warning"}


def test_on_postgresql_as_well(tmp_path: Path, postgres_books: str) -> None:
    changes = {'books = "books.sqlite"': f'books = "{postgres_books}"'}
    world, other = world_in(tmp_path, changes), world_in(tmp_path / "other", changes)
    with single_worker(world, "alerts", threading.Event()):
        assert states(workers.check, other)["worker alerts"] == "well"
    world.books.dispose()
    other.books.dispose()
