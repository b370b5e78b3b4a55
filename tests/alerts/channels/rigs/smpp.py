"""A real message centre."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.alerts.channels.rigs import Rig
from tests.alerts.smpp import settings
from tests.servers.smsc import smsc_in


@contextmanager
def rig(folder: Path) -> Iterator[Rig]:
    with smsc_in(folder) as smsc:
        yield Rig(settings(smsc), lambda: [text for _, text in smsc.texts()], smsc.send)
