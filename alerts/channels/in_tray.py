"""The default: the outbox row itself is the message, shown in the console and the command line."""

from collections.abc import Callable

from alerts.channels.base import Channel, Handed, Outcome, Outgoing, Receipt
from alerts.config import SmsConfig


class InTray:
    name = "in-tray"
    repeatable = True

    def ready(self) -> None:
        """It is always there."""

    def submit(self, message: Outgoing, accepted: Callable[[str], None]) -> Outcome:
        accepted(f"in-tray-{message.id}")
        return Handed()

    def poll(self, received: Callable[[Receipt], None]) -> None:
        """Nobody confirms reading."""

    def close(self) -> None:
        """Nothing is open."""


def build(_config: SmsConfig) -> Channel:
    return InTray()
