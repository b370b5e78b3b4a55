"""The in-tray takes every message at once, and nobody needs a phone for it."""

from alerts.channels.base import Handed, Outgoing
from alerts.channels.in_tray import KIND


def test_a_message_is_taken_at_once_under_its_own_reference() -> None:
    channel = KIND.build(None)
    references: list[str] = []
    channel.ready()
    outcome = channel.submit(Outgoing(7, "", "text"), references.append)
    assert (outcome, references) == (Handed(), ["in-tray-7"])


def test_it_needs_no_phone_and_may_be_repeated() -> None:
    assert not KIND.needs_phone
    assert KIND.build(None).repeatable
