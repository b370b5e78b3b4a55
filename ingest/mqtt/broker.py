"""The embedded broker: a real Mosquitto on loopback that keeps what it acknowledged."""

import logging
import os
import shutil
import socket
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

from domain.errors import ServerMissing
from domain.language import msg
from ingest.config import BrokerConfig
from ingest.mqtt.broker_amqtt import WARNING

log = logging.getLogger("heatwatch.ingest")

#: Where the set-up unpacks servers that could not be installed.
TOOLS = Path(__file__).resolve().parents[2] / "var" / "tools"
HINT = "install Debian's package mosquitto (apt-get install mosquitto), or set [broker] mode = 'external'"

#: What to do where nothing answers, by the broker's mode.
NO_ANSWER = {
    "embedded": "`heatwatch run` without names starts the broker and what needs it",
    "external": "start it (systemctl start mosquitto, or docker compose up -d broker), or correct "
    "[broker] host and port",
}

#: Mosquitto's defaults drop queued messages past 1,000 and save every half hour.
SETTINGS = """\
listener {port} {host}
allow_anonymous true
persistence true
persistence_location {folder}/
autosave_interval 1
max_queued_messages 0
max_inflight_messages 0
set_tcp_nodelay true
log_dest stderr
log_type error
log_type warning
log_type notice
"""


#: Where Debian keeps servers, off a user's PATH.
SBIN = "/usr/sbin:/usr/local/sbin"


@dataclass(frozen=True, slots=True)
class Program:
    """A server's executable and what its environment needs."""

    path: Path
    environment: dict[str, str] = field(default_factory=dict)

    @property
    def command(self) -> tuple[str, ...]:
        """It with what it needs, before its arguments."""
        needs = [f"{name}={value}" for name, value in self.environment.items()]
        return (*(["/usr/bin/env", *needs] if needs else []), str(self.path))


def find_mosquitto(tools: Path = TOOLS) -> Program:
    """Mosquitto on PATH, in the system's sbin folders, or unpacked by the set-up; else ServerMissing."""
    found = shutil.which("mosquitto") or shutil.which("mosquitto", path=SBIN)
    if found:
        return Program(Path(found))
    for unpacked in sorted(tools.glob("**/sbin/mosquitto")):
        libraries = {str(lib.parent) for lib in tools.glob("**/lib*.so*")}
        return Program(unpacked, {"LD_LIBRARY_PATH": ":".join(sorted(libraries))})
    raise ServerMissing(msg("the MQTT broker Mosquitto"), HINT)


def write_settings(folder: Path, host: str, port: int) -> Path:
    """Mosquitto's configuration in `folder`, which also holds what it keeps."""
    folder.mkdir(parents=True, exist_ok=True)
    text = SETTINGS.format(folder=folder.resolve(), host=host, port=port)
    if os.geteuid() == 0:
        text += "user root\n"  # it would drop to a user who may not write here
    path = folder / "mosquitto.conf"
    path.write_text(text, encoding="utf-8")
    return path


def command(config: BrokerConfig, tools: Path = TOOLS) -> tuple[str, ...]:
    """What starts the embedded broker.

    Without Mosquitto it is amqtt, which loses messages and says so (`ingest.mqtt.broker_amqtt`).
    """
    try:
        program = find_mosquitto(tools)
    except ServerMissing:
        log.warning("%s", WARNING)
        config.folder.mkdir(parents=True, exist_ok=True)
        return sys.executable, "-m", "ingest.mqtt.broker_amqtt", config.host, str(config.port)
    settings = write_settings(config.folder, config.host, config.port)
    return (*program.command, "-c", str(settings))


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


def wait_ready(host: str, port: int, *, timeout_s: float = 10.0) -> None:
    """Returns once the broker accepts connections; ServerMissing after `timeout_s` [s]."""
    end = time.monotonic() + timeout_s
    while not answers(host, port):
        if time.monotonic() > end:
            raise ServerMissing(msg("the MQTT broker at {host}:{port}", host=host, port=port), HINT)
        time.sleep(0.02)


class EmbeddedBroker:
    """A Mosquitto of our own: started, ready when `start` returns, stopped or killed."""

    def __init__(self, config: BrokerConfig, tools: Path = TOOLS) -> None:
        self.config = config
        self._tools = tools
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Raises ServerMissing when the port is taken or the broker does not come up."""
        host, port = self.config.host, self.config.port
        refuse_taken(self.config)
        arguments = command(self.config, self._tools)
        with (self.config.folder / "mosquitto.log").open("ab") as log:
            self._process = subprocess.Popen(
                arguments,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        wait_ready(host, port)

    def stop(self, *, timeout_s: float = 10.0) -> None:
        """Has it end, so that it saves what it holds; waits up to `timeout_s` [s].

        Mosquitto forgets a SIGTERM that comes while it starts: it is sent again each second.
        """
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
