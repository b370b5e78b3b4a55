"""A sender over a real message centre, for what leaves and for what comes back."""

import time
from collections.abc import Callable

from alerts.channels.smpp import SmppSettings
from alerts.follower.sender import Sender
from tests.alerts.world import at
from tests.servers.smsc import Smsc


def settings(smsc: Smsc) -> SmppSettings:
    return SmppSettings(
        host=smsc.host,
        port=smsc.port,
        system_id=smsc.system_id,
        password=smsc.password,
        timeout_s=3.0,
    )


def until(done: Callable[[], bool], one: Sender, minute: float = 2) -> None:
    """Sends and polls until it is so, for twenty seconds at most; `minute` of the world's clock. [min]"""
    deadline = time.monotonic() + 20
    while not done() and time.monotonic() < deadline:
        one.send_due(at(minute))
        time.sleep(0.02)
    assert done()
