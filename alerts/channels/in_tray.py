"""The default: the outbox row itself is the message, shown in the console and the command line."""

from collections.abc import Callable

from alerts.channels.base import ChannelKind, Handed, Inbox, Outcome, Outgoing


class InTray:
    name = "in-tray"
    repeatable = True

    def ready(self) -> None:
        """It is always there."""

    def submit(self, message: Outgoing, accepted: Callable[[str], None]) -> Outcome:
        accepted(f"in-tray-{message.id}")
        return Handed()

    def poll(self, inbox: Inbox) -> None:
        """Nobody confirms reading, and nobody replies to a screen."""

    def close(self) -> None:
        """Nothing is open."""


KIND = ChannelKind("in-tray", lambda _settings: InTray(), needs_phone=False)
