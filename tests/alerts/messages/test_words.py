"""States of sent messages, in the reader's language."""

import pytest

from alerts.messages.words import DELIVERY, PROBLEMS, STATES, delivery_of, problem_of, state_of
from domain.language import languages
from scripts.catalogues import COMPLETE


def test_every_state_is_said_differently_in_every_language() -> None:
    for language in languages():
        assert len({state_of(each).to(language) for each in STATES}) == len(STATES)


def test_a_state_that_the_outbox_does_not_have_is_not_made_up() -> None:
    with pytest.raises(KeyError, match="lost"):
        state_of("lost")


@pytest.mark.parametrize("state", DELIVERY)
def test_a_receipt_is_said_in_words_and_parts_are_counted(state: str) -> None:
    for language in languages():
        said = delivery_of(state).to(language)
        assert state not in said
        assert delivery_of(f"{state} 1/2").to(language) == f"{said} 1/2"


def test_what_has_not_come_is_empty_and_what_is_not_known_is_shown_as_it_is() -> None:
    assert (delivery_of(None).to("zh"), problem_of(None).to("zh")) == ("", "")
    assert (delivery_of("NEW").to("zh"), problem_of("no: {brace}").to("zh")) == (
        "NEW",
        "no: {brace}",
    )


@pytest.mark.parametrize("code", PROBLEMS)
def test_a_problem_is_said_in_every_whole_language_with_its_detail(code: str) -> None:
    whole = {"en", *COMPLETE}
    said = {problem_of(f"{code}: 174").to(language) for language in whole}
    assert len(said) == len(whole)
    assert not any(code in each for each in said if "_" in code)
    assert all("174" in each for each in said) == ("{detail}" in PROBLEMS[code].message)


def test_a_doubt_says_what_was_doubtful() -> None:
    assert problem_of("in_doubt: ended").to("zh") == "结果不明，未重发：程序在提交与应答之间中断"
