"""A mirror and what it mirrors."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from influxdb_client.client.influxdb_client import InfluxDBClient
from sqlalchemy import Engine

from store.books.registry import Device, Place, Series
from store.config import InfluxConfig
from store.influx.mirror import Mirror
from store.journal.journal import Journal
from store.lake.lake import Lake
from store.readings.followers import follow_once
from store.readings.readings import Readings
from tests.actors import changing
from tests.books import new_books
from tests.servers.influx import Bucket
from tests.store.batches import START

#: place code -> kind; each stands under the one before it.
PLACES = {
    "demo": "company",
    "S 1": "source",
    "S1,01": "station",
    "S1-01-B1": "building",
    "S1-01-B1-0101": "household",
    "S1-01-B1-0101-bed": "room",
}


STATION, BED, LIVING = 1, 2, 3  # series ids


SERIES = {
    STATION: ("S1,01", "supply_pressure"),
    BED: ("S1-01-B1-0101-bed", "room_temperature"),
    LIVING: ("S1-01-B1-0101", "room_temperature"),
}


@pytest.fixture
def books(tmp_path: Path) -> Iterator[Engine]:
    engine = new_books(tmp_path / "books.db")
    with changing(engine) as session:
        parent: int | None = None
        for code, kind in PLACES.items():
            place = Place(code=code, kind=kind, parent_id=parent, name=code, since=START)
            session.add(place)
            session.flush()
            parent = place.id
        for number, (code, role) in SERIES.items():
            device = Device(code=f"d{number}")
            session.add(device)
            session.flush()
            place_id = session.query(Place.id).filter_by(code=code).scalar()
            session.add(
                Series(
                    id=number,
                    device_id=device.id,
                    channel="t",
                    role=role,
                    place_id=place_id,
                    interval_s=3600,
                    since=START,
                )
            )
    yield engine
    engine.dispose()


@pytest.fixture
def readings(tmp_path: Path, books: Engine) -> Readings:
    journal = Journal.open(str(tmp_path / "journal.db"))
    return Readings(journal, Lake.open(str(tmp_path / "lake")), books)


def config_of(bucket: Bucket, **changes: Any) -> InfluxConfig:
    return InfluxConfig(
        url=bucket.url, org=bucket.org, bucket=bucket.bucket, token=bucket.token, **changes
    )


@pytest.fixture
def config(influxd: Bucket) -> InfluxConfig:
    return config_of(influxd, poll_seconds=0.05)


def points(config: InfluxConfig, measurement: str, field: str) -> dict[tuple[str, datetime], Any]:
    """(place, time) -> value of a field, as Flux gives it."""
    query = f"""from(bucket: "{config.bucket}") |> range(start: 2020-01-01T00:00:00Z)
      |> filter(fn: (r) => r._measurement == "{measurement}" and r._field == "{field}")"""
    client = InfluxDBClient(config.url, config.token, org=config.org)
    found = {
        (record.values["place"], record.values["_time"]): record.values["_value"]
        for flux_table in client.query_api().query(query)
        for record in flux_table.records
    }
    client.close()  # type: ignore[no-untyped-call]
    return found


def mirrored(readings: Readings, books: Engine, config: InfluxConfig) -> None:
    with Mirror(readings, books, config) as mirror:
        follow_once(readings, books, mirror)


def at(hour: float) -> datetime:
    return START + timedelta(hours=hour)
