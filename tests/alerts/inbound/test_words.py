"""States and reasons of received messages, in the reader's language."""

import pytest

from alerts.inbound.handle import REASONS
from alerts.inbound.words import STATES, reason_of, state_of
from domain.language import languages


def test_every_state_is_said_differently_in_every_language() -> None:
    for language in languages():
        assert len({state_of(each).to(language) for each in STATES}) == len(STATES)


def test_a_refusal_says_its_reason_and_what_was_not_refused_says_nothing() -> None:
    for reason in REASONS:
        assert reason_of(reason).to("zh") not in ("", reason)
    assert reason_of("").to("zh") == ""


def test_a_state_that_the_books_do_not_have_is_not_made_up() -> None:
    with pytest.raises(KeyError, match="lost"):
        state_of("lost")
