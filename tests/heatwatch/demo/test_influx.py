"""An InfluxDB of the demo's own that does not come up."""

from pathlib import Path

import pytest

from domain.errors import ServerMissing
from heatwatch.demo.influx import Influx, find_influxd
from ingest.mqtt.broker import free_port


def test_a_server_that_ends_at_once_is_missing_and_leaves_no_process(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = tmp_path / "influxd"
    program.write_text("#!/bin/sh\necho no room for it >&2\nexit 1\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    assert find_influxd() == str(program)
    with pytest.raises(ServerMissing, match="did not become ready"):
        Influx.start(tmp_path / "influx", free_port(), "token")
    assert "no room for it" in (tmp_path / "influx" / "influxd.log").read_text()


def test_without_the_program_there_is_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert find_influxd() is None
