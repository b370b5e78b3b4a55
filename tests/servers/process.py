"""One server process: started, waited for, killed, started again on the same port."""

import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

START_S = 60.0  # a cold machine starts influxd in ten
STOP_S = 20.0


def free_port() -> int:
    """A loopback port nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def accepts(port: int) -> bool:
    """Whether something on this loopback port takes connections."""
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=1):
            return True
    except OSError:
        return False


def dying_with_us(command: Sequence[str]) -> list[str]:
    """The command, ended by the kernel when the test run is killed and can't tidy up."""
    setpriv = shutil.which("setpriv", path=f"{os.environ.get('PATH', '')}:/usr/bin:/bin")
    return [setpriv, "--pdeathsig", "TERM", *command] if setpriv else list(command)


@dataclass
class Server:
    """A program on a loopback port, with its output in a file that a failure shows."""

    command: Sequence[str]
    port: int
    log: Path
    ready: Callable[[], bool] | None = None  # None: the port takes connections
    stop_signal: signal.Signals = signal.SIGTERM
    user: str | None = None
    env: Mapping[str, str] | None = None
    pipe: bool = False  # keep stdin and stdout as pipes, for servers that take commands
    host: str = "127.0.0.1"
    process: subprocess.Popen[str] | None = field(default=None, init=False)

    def start(self) -> None:
        """Starts the server and waits until it is ready."""
        with self.log.open("a") as log:
            self.process = subprocess.Popen(
                dying_with_us(self.command),
                stdin=subprocess.PIPE if self.pipe else subprocess.DEVNULL,
                stdout=subprocess.PIPE if self.pipe else log,
                stderr=log,
                text=True,
                user=self.user,
                group=self.user,
                extra_groups=[] if self.user else None,
                env=self.env,
                cwd=self.log.parent,
                start_new_session=True,  # Ctrl-C ends the tests, and they end the servers
            )
        self._wait_ready()

    def _wait_ready(self) -> None:
        ready = self.ready or (lambda: accepts(self.port))
        end = time.monotonic() + START_S
        while not ready():
            if self.process is None or self.process.poll() is not None or time.monotonic() > end:
                self.stop()
                raise RuntimeError(
                    f"{self.command[0]} did not start:\n{self.log.read_text()[-2000:]}"
                )
            time.sleep(0.02)

    @property
    def running(self) -> bool:
        """Whether the process is alive."""
        return self.process is not None and self.process.poll() is None

    @property
    def pid(self) -> int:
        """The process id of the running server."""
        assert self.process is not None, "the server is not running"
        return self.process.pid

    def kill(self) -> None:
        """Ends it as a power cut would: SIGKILL, nothing saved."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        """Ends it in order; a server that does not listen is killed."""
        self._end(self.stop_signal)

    def restart(self) -> None:
        """Stops it if it still runs and starts it again on the same port and files."""
        self.stop()
        self.start()

    def _end(self, how: signal.Signals) -> None:
        process, self.process = self.process, None
        if process is None:
            return
        process.send_signal(how)
        try:
            process.wait(STOP_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                pipe.close()
