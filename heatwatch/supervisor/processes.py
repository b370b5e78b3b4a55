"""Child processes of a run: started in order, restarted when they fall, stopped in reverse."""

import ctypes
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from domain.errors import ServerMissing, WrongCall
from domain.language import Text, msg
from heatwatch.supervisor.rotation import rotated
from store.server.rate_limited_log import RateLimitedLog

#: Exit codes that a restart can't fix at a first start: wrong configuration, a missing server.
HOPELESS = frozenset({2, 4})
#: A child that ran this long was configured well: what stops it later may pass. [s]
LIVED_S = 10.0
#: Back-off between restarts of a child that falls again before it has lived, looked at beside the
#: others: nothing sleeps here. [s]
BACK_OFF = (0.2, 1.0, 5.0, 15.0)
LIBC = ctypes.CDLL(None)
#: linux/prctl.h: the signal that a process gets when its parent ends.
PR_SET_PDEATHSIG = 1
#: How a command begins the line that says why it ended (`heatwatch.cli.app.run`).
TO_A_PERSON = "heatwatch: "
#: How a worker's log marks a warning of ours; these are shown.
TROUBLE = "WARNING: "


@dataclass(frozen=True, slots=True)
class Program:
    """One child: what it is called and how it is started."""

    name: str
    arguments: tuple[str, ...]
    restart: bool = True


def heatwatch_program(name: str, config: Path) -> Program:
    """A worker of our own: `heatwatch run NAME`."""
    return Program(name, heatwatch_command("run", name, "--config", str(config)))


def heatwatch_command(*arguments: str) -> tuple[str, ...]:
    """One of our own commands, by the interpreter that runs this."""
    return (sys.executable, "-m", "heatwatch", *arguments)


@dataclass(slots=True)
class _Child:
    program: Program
    process: subprocess.Popen[bytes]
    started_at: float = 0.0  # monotonic clock [s]
    falls: int = 0
    in_a_row: int = 0  # falls since it last lived
    lived: bool = False  # once ran long enough that its configuration is right
    again_at: float | None = None  # monotonic clock [s]
    log_from: int = 0  # where its log begins [bytes]
    shown_to: int = 0  # how far its log was looked through for trouble [bytes]


class Supervisor:
    """Keeps the programs of a run alive; the log of each is a file of its own."""

    def __init__(
        self,
        logs: Path,
        say: Callable[[Text | str], None],
        back_off: Sequence[float] = BACK_OFF,
    ) -> None:
        """`back_off`: waits before the restarts of one that falls again and again, the last repeated [s]."""
        self._logs = logs
        self._say = say
        self._back_off = back_off
        self._problems = RateLimitedLog(say)
        self._children: dict[str, _Child] = {}
        logs.mkdir(parents=True, exist_ok=True)

    def start(self, program: Program) -> None:
        log = self._log(program.name)
        log_from = log.stat().st_size if log.exists() else 0
        process = self._spawn(program)
        self._children[program.name] = _Child(
            program, process, time.monotonic(), log_from=log_from, shown_to=log_from
        )

    def pid(self, name: str) -> int:
        return self._children[name].process.pid

    def ended(self, name: str) -> int | None:
        """The exit code of a program that ended, None while it runs."""
        return self._children[name].process.poll()

    def age(self, name: str) -> float:
        """How long it has run since its last start; 0 where it has ended. [s]"""
        child = self._children[name]
        return 0.0 if child.process.poll() is not None else time.monotonic() - child.started_at

    def said(self, name: str) -> str:
        """Its log since its last start."""
        with self._log(name).open("rb") as log:
            log.seek(self._children[name].log_from)
            return log.read().decode("utf-8", errors="replace")

    def restarts(self) -> int:
        return sum(child.falls for child in self._children.values())

    def wait_ready(self, name: str, line: str, *, timeout_s: float = 120.0) -> None:
        """Returns once the program has written this line; ServerMissing after `timeout_s` [s]."""
        end = time.monotonic() + timeout_s
        while line not in self.tail(name).splitlines():
            self.watch()
            if time.monotonic() > end:
                raise ServerMissing(
                    name,
                    msg(
                        "it was not ready in {seconds:g} s; its log ends:\n{tail}",
                        seconds=timeout_s,
                        tail=self.tail(name),
                    ),
                )
            time.sleep(0.05)

    def watch(self) -> None:
        """One look at every child: restarts what fell; raises where a restart can't help."""
        for child in self._children.values():
            self._show_trouble(child)
            if rotated(self._log(child.program.name)):
                child.log_from = child.shown_to = 0
            code = child.process.poll()
            if code is None and time.monotonic() - child.started_at > LIVED_S:
                child.lived, child.in_a_row = True, 0
            if code is None or not child.program.restart:
                continue
            if code in HOPELESS and not child.lived:
                raise _hopeless(child.program.name, code, self.tail(child.program.name))
            self._restart_when_due(child, code)

    def stop(self, *, timeout_s: float = 30.0) -> None:
        """SIGTERM to all, last started first, each waited for up to `timeout_s` [s]; then SIGKILL, said so."""
        for child in reversed(list(self._children.values())):
            self._stop_one(child, timeout_s)
        self._children.clear()

    def stop_part(self, name: str) -> None:
        """SIGTERM to one program, waited for."""
        self._stop_one(self._children.pop(name), timeout_s=30.0)

    def tail(self, name: str, lines: int = 8) -> str:
        """The end of a program's log."""
        text = self._log(name).read_text(encoding="utf-8", errors="replace")
        return "\n".join(text.splitlines()[-lines:])

    def _log(self, name: str) -> Path:
        return self._logs / f"{name}.log"

    def _spawn(self, program: Program) -> subprocess.Popen[bytes]:
        with self._log(program.name).open("ab") as log:
            return subprocess.Popen(  # own session: Ctrl-C reaches only the supervisor
                program.arguments,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                preexec_fn=_end_with_parent,  # noqa: PLW1509 - the supervisor has one thread
            )

    def _restart_when_due(self, child: _Child, code: int) -> None:
        if child.again_at is None:
            wait = self._back_off[min(child.in_a_row, len(self._back_off) - 1)]
            child.falls += 1
            child.in_a_row += 1
            child.again_at = time.monotonic() + wait
            why = self._last_words(child) if code > 0 else ""
            self._say(
                msg(
                    "{name} ended with {ending}{why}; starts again in {seconds:g} s",
                    name=child.program.name, ending=_ending(code), why=why, seconds=wait,
                )
            )  # fmt: skip
        elif time.monotonic() >= child.again_at:
            child.again_at = None
            child.log_from = self._log(child.program.name).stat().st_size
            child.process = self._spawn(child.program)
            child.started_at = time.monotonic()

    def _show_trouble(self, child: _Child) -> None:
        """What its log warns of since the last look; what goes on, at growing intervals."""
        with self._log(child.program.name).open("rb") as log:
            log.seek(child.shown_to)
            lines = log.read().splitlines(keepends=True)
        for line in lines:
            if not line.endswith(b"\n"):
                return  # the rest of it comes
            child.shown_to += len(line)
            text = line.decode("utf-8", errors="replace").rstrip()
            if text.startswith(TROUBLE):
                name, told = child.program.name, text.removeprefix(TROUBLE)
                self._problems.say(told if told.startswith(f"{name}:") else f"{name}: {told}")

    def _last_words(self, child: _Child) -> str:
        """Why it ended, as its log says it: what was meant for a person, else the last line."""
        lines = self.said(child.program.name).splitlines()
        told = [line.removeprefix(TO_A_PERSON) for line in lines if line.startswith(TO_A_PERSON)]
        words = told or [line for line in lines if line.strip()][-1:]
        return f" ({'; '.join(words[-2:])})" if words else ""

    def _stop_one(self, child: _Child, timeout_s: float) -> None:
        if child.process.poll() is not None:
            return
        child.process.send_signal(signal.SIGTERM)
        try:
            child.process.wait(timeout_s)
        except subprocess.TimeoutExpired:
            self._say(
                msg(
                    "{name} did not stop within {seconds:g} s and was killed",
                    name=child.program.name, seconds=timeout_s,
                )
            )  # fmt: skip
            child.process.kill()
            child.process.wait()


def _end_with_parent() -> None:
    """SIGTERM to a child whose supervisor was killed: it would hold ports and stores of the next run."""
    LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def _ending(code: int) -> Text:
    if code < 0:
        return msg("signal {signal}", signal=signal.Signals(-code).name)
    return msg("exit code {code}", code=code)


def _hopeless(name: str, code: int, tail: str) -> Exception:
    log = tail.strip() or msg("its log is empty")
    if code == 4:
        return ServerMissing(msg("a server that {name} needs", name=name), log)
    return WrongCall(msg("{name} can't run as configured: {log}", name=name, log=log))
