"""The mirror's InfluxDB as it answers us."""

import re
from pathlib import Path

import pytest

from domain.language import msg
from heatwatch.demo.config import Ports, write_config
from heatwatch.diagnosis import influx
from heatwatch.diagnosis.checks import _guarded
from heatwatch.wiring import World, open_world
from tests.heatwatch.diagnosis.towns import lines, states, world_in
from tests.servers.influx import Bucket


def mirrored(folder: Path, influxd: Bucket) -> World:
    path = write_config(folder, Ports(1, 1), influx_url=influxd.url, flush_seconds=0.3)
    text = path.read_text(encoding="utf-8").replace('"readings"\npoll', f'"{influxd.bucket}"\npoll')
    path.write_text(text, encoding="utf-8")
    return open_world(path)


def test_without_one_it_is_not_used(tmp_path: Path) -> None:
    assert states(influx.check, world_in(tmp_path)) == {"InfluxDB": "unused"}


@pytest.mark.parametrize(
    ("token", "bucket", "told"),
    [
        (None, None, ": well: "),
        ("wrong", None, ": fault: .*refuses the token"),
        (None, "other", ": fault: .*no bucket 'other'"),
    ],
)
def test_its_token_and_bucket_are_tried_and_nothing_is_written(
    tmp_path: Path, influxd: Bucket, monkeypatch: pytest.MonkeyPatch,
    token: str | None, bucket: str | None, told: str,
) -> None:  # fmt: skip
    monkeypatch.setenv("HEATWATCH_INFLUX_TOKEN", token or influxd.token)
    if bucket:
        influxd = Bucket(influxd.url, influxd.token, influxd.org, bucket, influxd.server)
    world = mirrored(tmp_path, influxd)
    found = lines(_guarded(world, msg("InfluxDB"), influx.check))
    assert len(found) == 1
    assert re.search(told, found[0]), found
