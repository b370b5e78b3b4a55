"""Logs stay within their bound while their processes write on."""

import sys
import time
from pathlib import Path

import pytest

from heatwatch.supervisor import rotation
from heatwatch.supervisor.processes import Program, Supervisor
from tests.ingest import live

WRITES = """
import itertools, sys, time
for i in itertools.count():
    print(f"line {i:06d}", "x" * 80, flush=True)
    time.sleep(0.001)
"""


def test_a_running_process_writes_on_into_the_emptied_log(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rotation, "MOST_BYTES", 10_000)
    supervisor = Supervisor(tmp_path, lambda _: None)
    supervisor.start(Program("worker", (sys.executable, "-c", WRITES)))
    try:

        def rotated_often() -> bool:
            supervisor.watch()
            return (tmp_path / f"worker.log.{rotation.KEPT}").exists()

        live.wait_for(rotated_often)
        before = (tmp_path / "worker.log").stat().st_size
        time.sleep(0.2)
        assert (tmp_path / "worker.log").stat().st_size > before
        names = sorted(each.name for each in tmp_path.iterdir())
        assert names == ["worker.log", *(f"worker.log.{n}" for n in range(1, rotation.KEPT + 1))]
        assert (tmp_path / "worker.log").read_bytes().startswith(b"line ")
        newest = (tmp_path / "worker.log.1").read_text().splitlines()[0]
        oldest = (tmp_path / f"worker.log.{rotation.KEPT}").read_text().splitlines()[0]
        assert oldest < newest
    finally:
        supervisor.stop()


def test_a_short_log_stays(tmp_path: Path) -> None:
    log = tmp_path / "worker.log"
    log.write_text("ready\n")
    assert not rotation.rotated(log)
    assert log.read_text() == "ready\n"
