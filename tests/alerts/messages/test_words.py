"""States of sent messages, in the reader's language."""

import pytest

from alerts.messages.words import STATES, state_of
from domain.language import languages


def test_every_state_is_said_differently_in_every_language() -> None:
    for language in languages():
        assert len({state_of(each).to(language) for each in STATES}) == len(STATES)


def test_a_state_that_the_outbox_does_not_have_is_not_made_up() -> None:
    with pytest.raises(KeyError, match="lost"):
        state_of("lost")
