"""Every cause that the books may hold of a task has its word."""

from cases.kinds import cause_words, title_of
from domain.language import Text


def test_every_cause_of_a_task_has_words_in_both_languages() -> None:
    words = [cause_words("measurement", each) for each in ("request", "undetermined")]
    assert [word.to("zh") for word in words if isinstance(word, Text)] == ["申请", "待定"]


def test_a_cause_or_kind_that_is_not_known_is_shown_as_it_is_kept() -> None:
    assert cause_words("measurement", "decision") == "decision"
    assert (title_of("visit"), cause_words("visit", "request")) == ("visit", "request")
