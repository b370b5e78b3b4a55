"""Who has not done what has waited for minutes is named with its worker."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from heatwatch.diagnosis import followers
from store.books.watch import Checkpoint
from tests.books import place_books
from tests.heatwatch.diagnosis.towns import lines, states, world_in
from tests.store.batches import batch, hours


@pytest.mark.parametrize(("age_min", "state"), [(1, "well"), (20, "warning")])
def test_what_waits_for_long_is_a_warning(tmp_path: Path, age_min: int, state: str) -> None:
    world = world_in(tmp_path)
    place_books(tmp_path / "books.sqlite")
    at = datetime.now(UTC) - timedelta(minutes=age_min)
    world.journal.append(batch(hours(1)), messages=1, now=at)
    with Session(world.books) as session, session.begin():
        session.add(Checkpoint(follower="alerts", batch=0, state={}))
    assert states(followers.check, world) == {"follower alerts": state, "follower lake": state}
    if state == "warning":
        assert any("worker maintenance runs" in line for line in lines(followers.check(world)))


def test_who_has_done_all_is_well(tmp_path: Path) -> None:
    world = world_in(tmp_path)
    place_books(tmp_path / "books.sqlite")
    world.journal.append(batch(hours(1)), messages=1, now=datetime.now(UTC) - timedelta(hours=1))
    world.readings.flush(datetime.now(UTC))
    assert states(followers.check, world) == {"follower lake": "well"}
