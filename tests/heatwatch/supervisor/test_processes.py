"""The supervisor: real child processes, killed for real."""

import os
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from domain.errors import ServerMissing, WrongCall
from heatwatch.supervisor import processes
from heatwatch.supervisor.processes import Program, Supervisor

SLEEPS = (sys.executable, "-c", "import time; print('up', flush=True); time.sleep(60)")


def until(true: Callable[[], bool], timeout_s: float = 10.0) -> None:
    end = time.monotonic() + timeout_s
    while not true():
        assert time.monotonic() < end, "did not come true in time"
        time.sleep(0.02)


def supervised(folder: Path) -> tuple[Supervisor, list[str]]:
    """A supervisor whose logs are in the folder, and what it will have said."""
    said: list[str] = []
    return Supervisor(folder, lambda text: said.append(str(text))), said


def test_a_killed_child_starts_again_and_it_is_said(tmp_path: Path) -> None:
    supervisor, said = supervised(tmp_path)
    supervisor.start(Program("worker", SLEEPS))
    try:
        before = supervisor.pid("worker")
        os.kill(before, signal.SIGKILL)

        def back() -> bool:
            supervisor.watch()
            return supervisor.pid("worker") != before

        until(back)
        assert supervisor.ended("worker") is None
        assert supervisor.restarts() == 1
        assert "SIGKILL" in said[0]
    finally:
        supervisor.stop()


@pytest.mark.parametrize(("code", "error"), [(2, WrongCall), (4, ServerMissing)])
def test_what_a_restart_can_not_fix_ends_the_run_with_the_childs_own_words(
    tmp_path: Path, code: int, error: type[Exception]
) -> None:
    supervisor = Supervisor(tmp_path, lambda _: None)
    arguments = (sys.executable, "-c", f"import sys; print('port is taken'); sys.exit({code})")
    supervisor.start(Program("worker", arguments))
    until(lambda: supervisor.ended("worker") is not None)
    with pytest.raises(error, match="port is taken"):
        supervisor.watch()
    supervisor.stop()


def test_stop_ends_every_child_and_kills_the_deaf_one(tmp_path: Path) -> None:
    supervisor, said = supervised(tmp_path)
    deaf = "import signal, time; signal.signal(15, signal.SIG_IGN); print('up', flush=True); time.sleep(60)"
    supervisor.start(Program("deaf", (sys.executable, "-c", deaf)))
    supervisor.start(Program("good", SLEEPS))
    until(lambda: "up" in supervisor.tail("deaf") and "up" in supervisor.tail("good"))
    pids = [supervisor.pid("deaf"), supervisor.pid("good")]
    supervisor.stop(timeout_s=0.5)
    for pid in pids:
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)
    assert said == ["deaf did not stop within 0.5 s and was killed"]


def test_a_child_that_once_worked_is_tried_again_when_its_server_is_away(tmp_path: Path) -> None:
    supervisor = Supervisor(tmp_path, lambda _: None)
    arguments = (sys.executable, "-c", "import time, sys; time.sleep(1); sys.exit(4)")
    supervisor.start(Program("worker", arguments))
    child = supervisor._children["worker"]
    child.started_at -= 60.0  # as if it had run for a minute
    supervisor.watch()
    until(lambda: supervisor.ended("worker") == 4)
    supervisor.watch()
    assert supervisor.restarts() == 1
    supervisor.stop()


def test_why_a_child_fell_is_said_with_its_own_words(tmp_path: Path) -> None:
    said: list[str] = []
    (tmp_path / "broker.log").write_text("Error: of another day\n", encoding="utf-8")
    supervisor = Supervisor(tmp_path, lambda text: said.append(str(text)))
    falls = "import sys; print('opening'); print('Error: Address already in use'); sys.exit(1)"
    supervisor.start(Program("broker", (sys.executable, "-c", falls)))
    until(lambda: supervisor.ended("broker") is not None)
    supervisor.watch()
    assert said == [
        "broker ended with exit code 1 (Error: Address already in use); starts again in 0.2 s"
    ]
    supervisor.stop()


def test_one_that_has_lived_since_starts_again_as_soon_as_at_its_first_fall(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(processes, "LIVED_S", 0.2)
    said: list[str] = []
    supervisor = Supervisor(tmp_path, lambda text: said.append(str(text)), (0.0, 60.0))
    supervisor.start(Program("mirror", (sys.executable, "-c", "import time; time.sleep(60)")))

    def kill_after(seconds: float) -> None:
        def old_enough() -> bool:
            supervisor.watch()
            return supervisor.age("mirror") > seconds

        until(old_enough)
        supervisor.watch()
        os.kill(supervisor.pid("mirror"), signal.SIGKILL)
        until(lambda: supervisor.ended("mirror") is not None)
        supervisor.watch()

    for seconds in (0.3, 0.3, 0.0):
        kill_after(seconds)
    assert [line.rpartition("again in ")[2] for line in said] == ["0 s", "0 s", "60 s"]
    assert supervisor.restarts() == 3
    supervisor.stop()


def test_what_a_worker_warns_of_is_shown_once_while_it_repeats(tmp_path: Path) -> None:
    supervisor, said = supervised(tmp_path)
    warns = "import time; [print('ready\\nWARNING: the disk is away', flush=True) for _ in range(9)]; time.sleep(60)"
    supervisor.start(Program("alerts", (sys.executable, "-c", warns)))
    try:
        until(lambda: supervisor.tail("alerts", 99).count("away") == 9)
        supervisor.watch()
        supervisor.watch()
        assert said == ["alerts: the disk is away"]
    finally:
        supervisor.stop()
