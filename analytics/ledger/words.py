"""States of a settlement run as people read them."""

from domain.language import Text, msg_in

STATES = {
    "draft": msg_in("run", "draft"),
    "approved": msg_in("run", "approved"),
    "what_if": msg_in("run", "what-if"),
}


def state_words(state: str) -> Text | str:
    """The state of a run; one that is not known as it is kept."""
    return STATES.get(state, state)
