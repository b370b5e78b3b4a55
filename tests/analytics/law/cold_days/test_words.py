"""Every way of making a day's share has words and a code."""

from analytics.kernels import settlement_days
from analytics.law.cold_days.words import BEGINNING, ENDED, MADE_BY, MADE_BY_CODE, PLACED
from domain.language import languages


def test_words_and_codes_are_of_the_same_ways_and_all_different() -> None:
    assert set(MADE_BY) == set(MADE_BY_CODE)
    assert len(set(MADE_BY_CODE.values())) == len(MADE_BY_CODE)
    for language in languages():
        assert len({text.to(language) for text in MADE_BY.values()}) == len(MADE_BY)
        assert len({text.to(language) for text in ENDED.values()}) == len(ENDED)


def test_a_code_is_the_kernels_name() -> None:
    for made, code in MADE_BY_CODE.items():
        assert getattr(settlement_days, code.upper()) == made


def test_what_begins_somewhere_also_stands_there() -> None:
    assert BEGINNING < PLACED < set(MADE_BY)
