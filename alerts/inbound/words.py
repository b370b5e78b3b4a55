"""States of received messages as people read them."""

from alerts.inbound.handle import REASONS
from domain.language import Text, msg_in

STATES: dict[str, Text] = {
    "incomplete": msg_in("received SMS", "incomplete"),
    "received": msg_in("received SMS", "received"),
    "matched": msg_in("received SMS", "matched"),
    "refused": msg_in("received SMS", "refused"),
    "answered": msg_in("received SMS", "answered"),
}


def state_of(state: str) -> Text:
    """A state of the books, in words."""
    return STATES[state]


def reason_of(reason: str) -> Text:
    """Why it was refused; empty where it was not."""
    return REASONS[reason] if reason else Text("")
