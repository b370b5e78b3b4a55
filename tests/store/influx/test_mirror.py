"""The mirror in a real InfluxDB."""

import threading
from typing import Any

import pytest
from influxdb_client.client.influxdb_client import InfluxDBClient
from influxdb_client.client.write_api import SYNCHRONOUS
from influxdb_client.domain.write_precision import WritePrecision
from sqlalchemy import Engine

from domain.errors import ServerMissing
from store.config import InfluxConfig
from store.influx.mirror import InfluxPoints, Mirror, mirror_status, rebuild, run_mirror
from store.readings.followers import follow_once
from store.readings.readings import Readings
from tests.servers.influx import Bucket
from tests.servers.process import free_port
from tests.store.batches import NOW, hours, keep, row, table
from tests.store.influx.mirrored import (
    BED,
    LIVING,
    STATION,
    at,
    books,
    config,
    config_of,
    mirrored,
    points,
    readings,
)

__all__ = ["books", "config", "readings"]  # fixtures


def test_stations_are_mirrored_in_full_and_households_by_local_day(
    readings: Readings, books: Engine, config: InfluxConfig
) -> None:
    # local midnight in Shanghai is 16:00 UTC
    rooms = [row(BED, 15, 20_000), row(BED, 16, 18_000), row(LIVING, 17, 19_500)]
    keep(readings.journal, [row(STATION, 0.5, 4_502), row(STATION, 1, None), *rooms])
    mirrored(readings, books, config)
    assert points(config, "reading", "value") == {("S1,01", at(0.5)): 450_200.0}
    assert points(config, "reading", "mark") == {("S1,01", at(0.5)): 0, ("S1,01", at(1)): 7}
    home, first, second = "S1-01-B1-0101", at(-8), at(16)
    assert points(config, "household_day", "mean") == {(home, first): 20.0, (home, second): 18.75}
    assert points(config, "household_day", "least")[home, second] == 18.0
    assert points(config, "household_day", "last")[home, second] == 19.5
    assert points(config, "household_day", "readings")[home, second] == 2
    assert mirror_status(books, config).points == 4


def test_an_absent_server_is_waited_for_and_caught_up_with(
    readings: Readings, books: Engine, influxd: Bucket, caplog: pytest.LogCaptureFixture
) -> None:
    config = config_of(influxd, poll_seconds=0.05)
    stop = threading.Event()
    influxd.server.kill()
    keep(readings.journal, hours(5, STATION))
    thread = threading.Thread(target=run_mirror, args=(readings, books, config, stop))
    thread.start()
    try:
        _until(lambda: "start influxd" in mirror_status(books, config).why_not)
        influxd.server.start()
        keep(readings.journal, hours(5, STATION, first=5))
        _until(lambda: mirror_status(books, config).batch == 2)
    finally:
        stop.set()
        thread.join()
    assert len(points(config, "reading", "value")) == 10
    assert mirror_status(books, config).why_not == ""
    assert caplog.text.count("start influxd") == 1


def _until(true: Any) -> None:
    for _ in range(600):
        if true():
            return
        threading.Event().wait(0.1)
    raise AssertionError("waited a minute")


def test_an_import_is_mirrored_by_the_running_mirror_once(
    readings: Readings, books: Engine, config: InfluxConfig
) -> None:
    keep(readings.journal, hours(3, STATION))
    readings.flush(NOW)
    readings.import_table(table([*hours(24, STATION, first=100), *hours(24, BED)]), NOW)
    with Mirror(readings, books, config) as mirror:
        follow_once(readings, books, mirror)
        mirror.take_imports()
        written = mirror_status(books, config).points
        mirror.take_imports()
    assert mirror_status(books, config).points == written
    assert len(points(config, "reading", "value")) == 27
    assert len(points(config, "household_day", "last")) == 2


def test_rebuilding_empties_the_mirror_and_fills_it_from_the_lake(
    readings: Readings, books: Engine, config: InfluxConfig, influxd: Bucket
) -> None:
    client = InfluxDBClient(config.url, config.token, org=config.org)
    stale = "household_day,place=gone mean=1 1767225600"
    write = client.write_api(write_options=SYNCHRONOUS).write
    write(config.bucket, record=stale, write_precision=WritePrecision.S)  # type: ignore[arg-type]
    client.close()  # type: ignore[no-untyped-call]
    keep(readings.journal, [*hours(24, STATION), *hours(24, BED)])
    readings.flush(NOW)
    total = sum(rebuild(readings, books, config))
    assert total == 26
    assert len(points(config, "reading", "value")) == 24
    assert {place for place, _ in points(config, "household_day", "mean")} == {"S1-01-B1-0101"}


def test_households_may_be_left_out_or_mirrored_in_full(
    readings: Readings, books: Engine, influxd: Bucket
) -> None:
    config = config_of(influxd, full=("room",), households="none")
    keep(readings.journal, [*hours(3, STATION), *hours(4, BED), row(77, 1, 1)])
    mirrored(readings, books, config)
    assert {place for place, _ in points(config, "reading", "value")} == {"S1-01-B1-0101-bed"}
    assert points(config, "household_day", "mean") == {}


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"token": "wrong"}, "refuses the token"),
        ({"bucket": "nowhere"}, "no bucket 'nowhere'"),
    ],
    ids=["token", "bucket"],
)
def test_a_server_that_refuses_says_what_to_change(
    readings: Readings, books: Engine, config: InfluxConfig, change: dict[str, str], says: str
) -> None:
    keep(readings.journal, hours(1, STATION))
    wrong = InfluxConfig(**{**config.model_dump(), **change})
    with pytest.raises(ServerMissing, match=says):
        mirrored(readings, books, wrong)


def write_line(config: InfluxConfig, line: str) -> None:
    client = InfluxDBClient(config.url, config.token, org=config.org)
    write: Any = client.write_api(write_options=SYNCHRONOUS).write
    write(config.bucket, record=line, write_precision=WritePrecision.US)
    client.close()  # type: ignore[no-untyped-call]


def test_a_field_of_another_type_is_passed_over_told_and_does_not_stall_the_mirror(
    readings: Readings, books: Engine, config: InfluxConfig, caplog: pytest.LogCaptureFixture
) -> None:
    foreign = int(at(0).timestamp() * 1_000_000)  # somebody else's word where a number belongs
    write_line(config, f'reading,place=x value="twenty" {foreign}')
    keep(readings.journal, hours(2, STATION))
    mirrored(readings, books, config)
    status = mirror_status(books, config)
    assert (status.batch, status.points, status.refused, status.why_not) == (1, 0, 2, "")
    assert "field type conflict" in status.refusal
    assert "\n" not in status.refusal
    assert caplog.text.count("passed over") == 1
    next_week = hours(3, STATION, first=24 * 14)  # types are kept per shard: a week
    keep(readings.journal, next_week)
    mirrored(readings, books, config)
    status = mirror_status(books, config)
    assert (status.batch, status.points, status.refused) == (2, 3, 2)


def test_points_outside_the_retention_are_counted_and_the_others_written(
    readings: Readings, books: Engine, config: InfluxConfig
) -> None:
    short = short_bucket(config, 3600)
    keep(readings.journal, hours(4, STATION))
    mirrored(readings, books, short)
    status = mirror_status(books, short)
    assert (status.batch, status.points, status.refused) == (1, 0, 4)
    assert "retention" in status.refusal
    assert sum(rebuild(readings, books, short)) == 0
    assert mirror_status(books, short).refused == 0  # nothing was flushed, nothing is in the lake
    readings.flush(NOW)
    assert sum(rebuild(readings, books, short)) == 0
    assert mirror_status(books, short).refused == 4


def short_bucket(config: InfluxConfig, seconds: int) -> InfluxConfig:
    """A bucket that forgets after some seconds."""
    name = f"{config.bucket}-short"
    with InfluxDBClient(config.url, config.token, org=config.org) as client:
        client.buckets_api().create_bucket(
            bucket_name=name,
            org=config.org,
            retention_rules=[{"type": "expire", "everySeconds": seconds}],
        )
    return config.model_copy(update={"bucket": name})


def test_a_line_that_can_not_be_read_does_not_take_the_others_with_it(
    config: InfluxConfig,
) -> None:
    server = InfluxPoints(config)
    good = [f"reading,place=p mark={i}i {int(at(i).timestamp()) * 1_000_000}" for i in range(9)]
    assert server.write([*good[:4], "no line at all", *good[4:]]) == 9
    assert server.refused.points == 1
    assert server.refused.says.startswith("400 unable to parse")
    server.close()
    assert len(points(config, "reading", "mark")) == 9


def test_the_status_says_why_there_are_no_points(books: Engine) -> None:
    port = free_port()
    config = InfluxConfig(url=f"http://127.0.0.1:{port}", org="o", bucket="b", token="t")
    assert "[store.influx]" in mirror_status(books, None).why_not
    assert "has not run" in mirror_status(books, config).why_not
