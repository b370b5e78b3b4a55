"""Who is behind the journal, by worker; what is open and what waits to be sent."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from prometheus_client import CollectorRegistry
from sqlalchemy.orm import Session

from domain.actor import program
from heatwatch.metrics.behind import AlertMetrics, LagMetrics
from store.books.registry import Place
from store.books.watch import Checkpoint, Episode
from tests.alerts.follower.test_sender import outbox
from tests.alerts.world import at, build
from tests.books import place_books
from tests.heatwatch.diagnosis.towns import world_in
from tests.store.batches import batch, hours


@pytest.mark.parametrize(("age_min", "health"), [(1, ""), (20, "behind the journal: alerts 0:")])
def test_each_worker_tells_of_its_own_followers(tmp_path: Path, age_min: int, health: str) -> None:
    world = world_in(tmp_path)
    place_books(tmp_path / "books.sqlite")
    at = datetime.now(UTC) - timedelta(minutes=age_min)
    world.journal.append(batch(hours(1)), messages=1, now=at)
    world.readings.flush(datetime.now(UTC))
    world.journal.append(batch(hours(2)), messages=1, now=at)
    with Session(world.books) as session, session.begin():
        session.add(Checkpoint(follower="alerts", batch=0, state={}))
        session.add(Checkpoint(follower="influx-mirror", batch=2, state={}))
    alerts, mirror = LagMetrics(world, "alerts"), LagMetrics(world, "mirror")
    assert alerts.health().startswith(health)
    assert mirror.health() == ""
    registry = CollectorRegistry()
    registry.register(alerts)
    seconds = registry.get_sample_value("heatwatch_follower_lag_seconds", {"follower": "alerts"})
    assert seconds is not None
    assert age_min * 60 <= seconds < age_min * 60 + 60
    batches = registry.get_sample_value("heatwatch_follower_lag_batches", {"follower": "alerts"})
    assert batches == 2


def test_open_alerts_and_messages_are_counted_by_kind_and_state(tmp_path: Path) -> None:
    city = build(tmp_path / "city")
    outbox(city)
    with Session(city.engine) as session, session.begin():
        place = session.scalars(sa.select(Place.id)).first()
        for hour, cleared in ((1, None), (2, None), (3, at(4))):
            session.add(
                Episode(
                    kind="cold_home", place_id=place, opened_at=at(hour), updated_at=at(hour),
                    cleared_at=cleared, evidence={}, opened_by=program("test"),
                )
            )  # fmt: skip
    changes = {'books = "books.sqlite"': f'books = "{city.engine.url.database}"'}
    registry = CollectorRegistry()
    registry.register(AlertMetrics(world_in(tmp_path / "own", changes)))
    assert registry.get_sample_value("heatwatch_alerts_open", {"kind": "cold_home"}) == 2
    assert registry.get_sample_value("heatwatch_outbox_messages", {"state": "due"}) == 1
    city.engine.dispose()
