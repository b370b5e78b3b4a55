"""What stops a run is said before anything starts; a second run leaves the first alone."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from heatwatch.cli.app import run
from heatwatch.demo.config import Ports, write_config
from heatwatch.wiring import open_world
from ingest.config import BrokerConfig
from ingest.mqtt.broker import EmbeddedBroker, free_port
from tests.heatwatch.ending import end
from tests.heatwatch.services.test_running import children_of
from tests.ingest import live
from tests.servers.process import dying_with_us
from tests.servers.programs import absent, need
from tests.tiny import tiny_city

OURS = [sys.executable, "-m", "heatwatch", "run"]


@pytest.fixture
def config(tmp_path: Path) -> Path:
    tiny_city(tmp_path)
    return write_config(tmp_path, Ports(broker=free_port(), console=free_port()))


@contextmanager
def started(config: Path, *names: str) -> Iterator[subprocess.Popen[str]]:
    """`heatwatch run` as a process of its own, stopped at the end, whatever ends the test."""
    command = dying_with_us([*OURS, *names, "-c", str(config)])
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        try:
            yield process
        finally:
            end(process)


def said(process: subprocess.Popen[str], words: str) -> str:
    """The first line on stderr with these words; fails where the process ends without."""
    assert process.stderr is not None
    for line in process.stderr:
        if words in line:
            return line
    raise AssertionError(f"it ended without saying {words!r}")


def test_a_foreign_broker_on_our_port_is_named_before_anything_starts(
    config: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    need("mosquitto")
    port = open_world(config).config.broker.port
    with EmbeddedBroker(BrokerConfig(port=port, folder=config.parent / "foreign")):
        assert run(["run", "-c", str(config)]) == 4
    told = capfd.readouterr().err
    assert f"127.0.0.1:{port} is taken" in told
    assert "mode = 'external'" in told
    assert "console:" not in told
    assert not list(config.parent.rglob("maintenance.log"))


def test_a_taken_console_port_is_named_before_anything_starts(
    config: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    console = open_world(config).config.console
    with socket.create_server((console.host, console.port)):
        assert run(["run", "-c", str(config)]) == 4
        assert run(["run", "console", "-c", str(config)]) == 4
    told = capfd.readouterr().err.splitlines()
    assert len(told) == 2, told
    for line in told:
        assert f"the console (127.0.0.1:{console.port} is taken)" in line
        assert "[console] port" in line


def test_a_mirror_without_its_token_is_refused_before_anything_starts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("HEATWATCH_INFLUX_TOKEN", raising=False)
    ports = Ports(broker=free_port(), console=free_port())
    config = write_config(tmp_path, ports, influx_url="http://127.0.0.1:1")
    assert run(["run", "-c", str(config)]) == 2
    told = capfd.readouterr().err
    assert "HEATWATCH_INFLUX_TOKEN" in told
    assert not list(tmp_path.rglob("*.log"))


def test_a_second_run_is_refused_with_the_first_ones_process(
    config: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    need("mosquitto")
    with started(config) as first:
        said(first, "console:")
        before = children_of(first.pid)
        assert run(["run", "-c", str(config)]) == 2
        assert f"process {first.pid}" in capfd.readouterr().err
        assert children_of(first.pid) == before


def test_a_worker_is_alone_of_its_kind_and_the_others_run_beside_it(
    config: Path, mosquitto: object, capfd: pytest.CaptureFixture[str]
) -> None:
    with started(config, "alerts") as alerts, started(config, "maintenance") as maintenance:
        lock = config.parent / "books.sqlite.locks"
        for process, name in ((alerts, "alerts"), (maintenance, "maintenance")):
            held = lock / f"worker-{name}.lock"

            def known(held: Path = held, pid: int = process.pid) -> bool:
                return held.exists() and held.read_text(encoding="utf-8") == str(pid)

            live.wait_for(known)
        assert run(["run", "alerts", "-c", str(config)]) == 2
        assert f"process {alerts.pid}" in capfd.readouterr().err
        assert run(["run", "ingest", "maintenance", "-c", str(config)]) == 2
        assert f"process {maintenance.pid}" in capfd.readouterr().err
        assert alerts.poll() is None
        assert maintenance.poll() is None


def test_a_killed_worker_starts_again_in_its_own_run(config: Path) -> None:
    lock = config.parent / "books.sqlite.locks" / "worker-maintenance.lock"
    with started(config, "maintenance", "alerts") as process:
        live.wait_for(lambda: lock.exists() and bool(lock.read_text(encoding="utf-8")))
        first = int(lock.read_text(encoding="utf-8"))
        os.kill(first, signal.SIGKILL)
        said(process, "maintenance ended with signal SIGKILL")
        live.wait_for(lambda: lock.read_text(encoding="utf-8") not in {str(first), ""})
        time.sleep(0.5)
        assert len(children_of(process.pid)) == 2
        assert process.poll() is None


def test_what_is_published_before_ingest_has_come_up_is_kept(config: Path) -> None:
    need("mosquitto")
    world = open_world(config)
    with started(config) as process:
        said(process, "console:")
        messages = [("heatwatch/v1/A1", b'{"channel":"t","value":%d}' % i) for i in range(200)]
        live.publish(world.config.broker.port, messages)
        live.wait_for(lambda: world.journal.counts().messages >= 200, 150)
    assert world.journal.counts().messages == 200


def runs(pid: int) -> bool:
    """Whether a process works still; one that has ended stays in the table until its parent asks."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text("utf-8")
    except FileNotFoundError:
        return False
    return stat.rpartition(")")[2].split()[0] != "Z"


def test_after_kill_nine_of_a_run_the_next_one_can_start(config: Path) -> None:
    need("mosquitto")
    with started(config) as first:
        said(first, "console:")
        children = children_of(first.pid)
        assert len(children) == 5
        first.kill()
        first.wait()
        live.wait_for(lambda: not any(map(runs, children)))
        with started(config) as second:
            said(second, "console:")


LEFT = """
import sys
from pathlib import Path
from tests.heatwatch.cli.test_run import started

with started(Path(sys.argv[1]), "alerts") as worker:
    print(worker.pid, flush=True)
    sys.stdin.read()
"""


def test_no_worker_outlives_a_test_run_that_was_killed(config: Path) -> None:
    if shutil.which("setpriv") is None:
        absent("setpriv", "apt-get install util-linux")
    command = [sys.executable, "-c", LEFT, str(config)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as tests:
        assert tests.stdout is not None
        worker = int(tests.stdout.readline())
        lock = config.parent / "books.sqlite.locks" / "worker-alerts.lock"
        live.wait_for(lambda: lock.exists() and lock.read_text(encoding="utf-8") == str(worker))
        tests.kill()
        tests.wait()
        try:
            live.wait_for(lambda: not runs(worker), 20)
        finally:
            if runs(worker):
                os.kill(worker, signal.SIGKILL)


def test_a_check_of_the_configuration_reads_the_keys_of_meters(
    config: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    feed = '[[ingest.feeds]]\nname = "air"\ntopic = "air/+"\nformat = "wmbus"\nkeys_file = "keys"\n'
    config.write_text(f"{config.read_text()}\n{feed}")
    assert run(["config", "check", "-c", str(config)]) == 2
    assert "keys can't be read" in capsys.readouterr().err
    (config.parent / "keys").write_text("# none yet\n")
    assert run(["config", "check", "-c", str(config)]) == 0
