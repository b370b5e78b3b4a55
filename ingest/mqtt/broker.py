"""The embedded broker: a real one on loopback that keeps what it acknowledged."""

import socket
import subprocess
import time
from collections.abc import Callable

from domain.errors import ServerMissing
from domain.language import msg
from ingest.config import BrokerConfig
from ingest.mqtt import mosquitto, rabbitmq

#: What starts each engine of `[broker] engine`.
ENGINES: dict[str, Callable[[BrokerConfig], tuple[str, ...]]] = {
    "mosquitto": mosquitto.command,
    "rabbitmq": rabbitmq.command,
}
#: How long each may take until it accepts connections, on a busy machine. [s]
READY_S = {"mosquitto": 10.0, "rabbitmq": 90.0}
#: How long each may take to keep what it holds and end. [s]
STOP_S = {"mosquitto": 10.0, "rabbitmq": 60.0}
LOOK_S = 0.02

#: What to do where nothing answers, by the broker's mode.
NO_ANSWER = {
    "embedded": msg("`heatwatch run` without names starts the broker and what needs it"),
    "external": msg(
        "start it (systemctl start mosquitto, or docker compose up -d broker), or correct "
        "[broker] host and port"
    ),
}


def command(config: BrokerConfig) -> tuple[str, ...]:
    """What starts the embedded broker; ServerMissing where its program is not there."""
    return ENGINES[config.engine](config)


def free_port(host: str = "127.0.0.1") -> int:
    """A port nobody listens on right now."""
    with socket.socket() as probe:
        probe.bind((host, 0))
        port: int = probe.getsockname()[1]
        return port


def answers(host: str, port: int) -> bool:
    """Whether something accepts connections there."""
    try:
        socket.create_connection((host, port), timeout=0.5).close()
    except OSError:
        return False
    return True


def refuse_taken(config: BrokerConfig) -> None:
    """ServerMissing where something listens on the embedded broker's port already."""
    if answers(config.host, config.port):
        raise ServerMissing(
            msg(
                "a free port for the embedded broker ({host}:{port} is taken)",
                host=config.host,
                port=config.port,
            ),
            msg("set [broker] port to a free one, or mode = 'external' to use what is there"),
        )


def wait_ready(
    config: BrokerConfig, running: Callable[[], bool], *, timeout_s: float | None = None
) -> None:
    """Returns once the embedded broker accepts connections.

    ServerMissing after `timeout_s` [s] (its engine's `READY_S`); returns at once where it is not
    `running` any more.
    """
    end = time.monotonic() + (READY_S[config.engine] if timeout_s is None else timeout_s)
    while running() and not answers(config.host, config.port):
        if time.monotonic() > end:
            at = msg("the MQTT broker at {host}:{port}", host=config.host, port=config.port)
            raise ServerMissing(at, msg("it runs and does not answer yet; its log may say why"))
        time.sleep(LOOK_S)


class EmbeddedBroker:
    """A broker of our own: started, ready when `start` returns, stopped or killed."""

    def __init__(self, config: BrokerConfig) -> None:
        self.config = config
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Raises ServerMissing when the port is taken or the broker does not come up."""
        refuse_taken(self.config)
        arguments = command(self.config)
        path = self.config.folder / f"{self.config.engine}.log"
        with path.open("ab") as log:
            self._process = subprocess.Popen(
                arguments,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        wait_ready(self.config, lambda: self._process is not None and self._process.poll() is None)
        if (code := self._process.poll()) is not None:
            self._process = None
            raise ServerMissing(
                msg("the embedded broker"),
                msg("it ended with exit code {code}; its log is {path}", code=code, path=path),
            )

    def stop(self, *, timeout_s: float | None = None) -> None:
        """Has it end, so that it saves what it holds; waits up to `timeout_s` [s], its `STOP_S`.

        Mosquitto forgets a SIGTERM that comes while it starts: it is sent again each second.
        """
        timeout_s = STOP_S[self.config.engine] if timeout_s is None else timeout_s
        until = time.monotonic() + timeout_s
        while self._process is not None:
            self._process.terminate()
            try:
                self._process.wait(min(1.0, timeout_s))
                self._process = None
            except subprocess.TimeoutExpired:
                if time.monotonic() >= until:
                    raise

    def kill(self) -> None:
        """kill -9: what a power cut does to it."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def __enter__(self) -> "EmbeddedBroker":
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()
