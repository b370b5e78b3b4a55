"""Mosquitto: found, and started so that its queues have no limit and outlive a stop.

It saves what it holds once a second, so a kill -9 loses what it acknowledged since.
"""

import logging
import os
import shutil
import sys
from pathlib import Path

from domain.errors import ServerMissing
from domain.language import msg
from ingest.config import BrokerConfig
from ingest.mqtt.broker_amqtt import WARNING
from ingest.mqtt.program import SBIN, TOOLS, Program

log = logging.getLogger("heatwatch.ingest")

HINT = "install Debian's package mosquitto (apt-get install mosquitto), or set [broker] mode = 'external'"

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
