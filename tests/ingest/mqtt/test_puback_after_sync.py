"""Each PUBACK leaves after the sync of its batch; kill -9 alone would not notice a missing sync."""

import os
import re
import signal
from datetime import timedelta
from pathlib import Path

import pytest

from heatwatch.bench.flood import Flood
from store.journal.journal import Journal
from tests.ingest import live
from tests.ingest.small import SINCE
from tests.ingest.traces import CALLS, judge
from tests.servers.process import Server


@pytest.fixture(scope="module")
def traced(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the trace of the one traced worker is kept for all tests of this file."""
    return tmp_path_factory.mktemp("traced") / "trace.txt"


def test_each_acknowledgement_leaves_after_the_sync_of_its_batch(
    mosquitto: Server, strace: Path, tmp_path: Path, traced: Path
) -> None:
    live.make_session(mosquitto.port, "killed", "heatwatch/v1/+")
    journal = Journal.open(str(tmp_path / "journal.sqlite"))
    tracer = (str(strace), "-f", "-s", "64", "-o", str(traced), "-e", f"trace={CALLS}")
    process = live.start_process(tmp_path, mosquitto.port, 10, *tracer)
    try:
        flood = Flood(mosquitto.host, mosquitto.port)
        for i in range(600):
            at = (SINCE + timedelta(seconds=i)).isoformat()
            payload = b'{"channel":"t","time":"%s","value":20}' % at.encode()
            flood.publish_one(b"heatwatch/v1/R%04d" % (i % 10), payload)
            if i % 30 == 0:  # so that there are many batches
                live.wait_for(lambda: journal.counts().messages == i + 1, 120)  # noqa: B023
        flood.finish()
        live.wait_for(lambda: journal.counts().messages == 600, 120)
    finally:
        children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
        os.kill(int(children[0]), signal.SIGTERM)  # strace itself holds signals back
        process.wait(120)
    verdict = judge(traced)
    assert verdict.acknowledgements >= 10
    assert verdict.syncs >= verdict.acknowledgements
    assert verdict.too_early == []


def _doctored(traced: Path, without: str) -> Path:
    """The same trace as if some calls had never been made."""
    lines = traced.read_text(encoding="utf-8", errors="replace").splitlines()
    path = traced.with_name("doctored.txt")
    path.write_text("\n".join(line for line in lines if not re.search(without, line)))
    return path


@pytest.mark.parametrize(
    "without", [r"\bfdatasync\(|\bfsync\(", r"\bpwrite64\("], ids=["sync", "write"]
)
def test_a_trace_without_the_commit_is_caught(traced: Path, without: str) -> None:
    if not traced.is_file():
        pytest.skip("needs the trace of the test before")
    verdict = judge(_doctored(traced, without))
    assert len(verdict.too_early) == verdict.acknowledgements > 0


def test_an_acknowledgement_moved_before_its_sync_is_caught(tmp_path: Path) -> None:
    trace = tmp_path / "trace.txt"
    good = [
        '7 openat(AT_FDCWD, "/j.sqlite-wal", O_RDWR) = 5',
        '7 recvfrom(9, "2heatwatch/v1/A1", 4096, 0, NULL, NULL) = 40',
        '7 pwrite64(5, "x", 4096, 0) = 4096',
        "7 fdatasync(5) = 0",
        '7 sendto(9, "@\\2\\0\\1", 4, 0, NULL, 0) = 4',
    ]
    trace.write_text("\n".join(good))
    assert judge(trace).too_early == []
    trace.write_text("\n".join([*good[:3], good[4], good[3]]))
    assert len(judge(trace).too_early) == 1
