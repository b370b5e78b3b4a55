"""States of sent messages as people read them."""

from domain.language import Text, msg_in

STATES: dict[str, Text] = {
    "due": msg_in("sent SMS", "waiting"),
    "handing": msg_in("sent SMS", "being sent"),
    "handed": msg_in("sent SMS", "sent"),
    "failed": msg_in("sent SMS", "failed"),
    "inhibited": msg_in("sent SMS", "held back"),
}


def state_of(state: str) -> Text:
    """A state of the outbox, in words."""
    return STATES[state]
