"""`heatwatch run` as a person uses it: starts, says its address, ends cleanly on a signal."""

import logging
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from domain.errors import WrongCall
from domain.language import msg
from heatwatch.cli.app import run
from heatwatch.demo.config import Ports, write_config
from heatwatch.demo.demo import fresh_folder
from heatwatch.output import speak
from heatwatch.services.running import Spoken, known_as, programs_of
from heatwatch.wiring import open_world
from ingest.mqtt.broker import answers, free_port
from tests.heatwatch.ending import end
from tests.servers.process import dying_with_us
from tests.servers.programs import need
from tests.tiny import tiny_city


@pytest.fixture
def config(tmp_path: Path) -> Path:
    tiny_city(tmp_path)
    return write_config(tmp_path, Ports(broker=free_port(), console=free_port()))


def children_of(pid: int) -> list[int]:
    """Processes whose parent this is."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                fields = (entry / "stat").read_text(encoding="utf-8").rsplit(")", 1)[1].split()
            except OSError:
                continue
            if int(fields[1]) == pid:
                found.append(int(entry.name))
    return found


def test_run_starts_everything_and_a_signal_stops_every_process(config: Path) -> None:
    need("mosquitto")
    logs = config.parent / "log"
    command = [sys.executable, "-m", "heatwatch", "run", "-c", str(config), "--logs", str(logs)]
    with subprocess.Popen(dying_with_us(command), stderr=subprocess.PIPE, text=True) as process:
        try:
            assert process.stderr is not None
            assert "console: http://127.0.0.1:" in process.stderr.readline()
            port = open_world(config).config.console.port
            limit = time.monotonic() + 100
            while not answers("127.0.0.1", port) and time.monotonic() < limit:
                time.sleep(0.2)
            children = children_of(process.pid)
        finally:
            end(process)
        assert process.returncode == 0
        assert "stopping" in process.stderr.read()
    assert len(children) == 5, "broker, maintenance, ingest, alerts, console"
    for pid in children:
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)


def test_the_mirror_runs_only_where_it_is_configured(config: Path) -> None:
    world = open_world(config)
    assert [
        program.name for program in programs_of(world.config, config, ["maintenance", "ingest"])
    ] == [
        "maintenance",
        "ingest",
    ]
    assert "mirror" not in [program.name for program in programs_of(world.config, config, [])]
    assert "mirror" in [program.name for program in programs_of(world.config, config, ["mirror"])]


def test_an_unknown_worker_is_refused_with_those_there_are(config: Path) -> None:
    with pytest.raises(WrongCall, match=r"maintenance, ingest, alerts, mirror, console"):
        programs_of(open_world(config).config, config, ["stoker"])


def test_a_folder_that_is_not_a_demos_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("mine", encoding="utf-8")
    assert run(["demo", "--once", "--folder", str(tmp_path)]) == 2
    assert (tmp_path / "thesis.txt").exists()
    fresh_folder(tmp_path / "new")
    (tmp_path / "new/old").touch()
    fresh_folder(tmp_path / "new")
    assert not (tmp_path / "new/old").exists()


def test_a_workers_name_of_a_release_ago_is_taken_with_a_warning(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert [known_as("keeper"), known_as("ingest")] == ["maintenance", "ingest"]
    assert "worker 'keeper' is now called 'maintenance'" in capsys.readouterr().err


def test_warnings_of_a_worker_are_in_the_language_of_the_process() -> None:
    speak("zh")
    try:
        spoken = Spoken("WARNING: %(message)s")
        why = msg("over before anybody could be notified")
        said: list[tuple[object, tuple[object, ...], str]] = [
            (msg("alerts: going on"), (), "WARNING: 告警：恢复正常"),
            ("%s: %s", ("SMPP", why), "WARNING: SMPP: 通知前已解除"),
            ("disk at 100 %", (), "WARNING: disk at 100 %"),
        ]
        for sentence, values, line in said:
            made = logging.LogRecord("heatwatch", logging.WARNING, "", 0, sentence, values, None)
            assert spoken.format(made) == line
    finally:
        speak("en")
