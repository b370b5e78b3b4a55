"""Mosquitto with the settings that lose nothing: no limit on queues, saved every second."""

import getpass
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.servers.process import Server, free_port
from tests.servers.programs import need

CONF = """\
listener {port} 127.0.0.1
allow_anonymous true
user {user}
persistence true
persistence_location {folder}/
autosave_interval 1
max_queued_messages 0
max_inflight_messages 0
log_type error
log_type warning
"""


@contextmanager
def mosquitto_in(folder: Path) -> Iterator[Server]:
    """A broker that keeps its queues in the folder and is gone afterwards."""
    program = need("mosquitto")
    port = free_port()
    conf = folder / "mosquitto.conf"
    conf.write_text(CONF.format(port=port, user=getpass.getuser(), folder=folder))
    server = Server([program, "-c", str(conf)], port, folder / "mosquitto.log")
    server.start()
    try:
        yield server
    finally:
        server.stop()
