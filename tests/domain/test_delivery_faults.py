"""Why messages may be missing: every reason has its words."""

import pytest

from domain.delivery_faults import WORDS, Kind, words_of


def test_every_kind_has_its_words_and_what_to_do() -> None:
    assert [words_of(kind.value) for kind in Kind] == [WORDS[kind] for kind in Kind]
    assert all(str(each.title) and str(each.advice) for each in WORDS.values())


def test_a_kind_that_nobody_knows_is_refused() -> None:
    with pytest.raises(ValueError, match="tired"):
        words_of("tired")
