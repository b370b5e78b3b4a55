"""Every state that the books may hold of a run has its word."""

from analytics.ledger.words import state_words
from domain.language import Text
from store.books.ledger import WHAT_IF


def test_every_state_of_a_run_has_words_in_both_languages() -> None:
    words = [state_words(each) for each in ("draft", "approved", WHAT_IF)]
    assert [word.to("zh") for word in words if isinstance(word, Text)] == ["草案", "已批准", "试算"]


def test_a_state_that_is_not_known_is_shown_as_it_is_kept() -> None:
    assert state_words("withdrawn") == "withdrawn"
