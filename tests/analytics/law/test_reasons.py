"""Reasons that are nobody's own: each with its code and its words."""

from analytics.law import reasons
from analytics.law.reasons import COMMON, Reason
from domain.language import languages

ALL = [each for each in vars(reasons).values() if isinstance(each, Reason)]


def test_no_two_reasons_share_a_code_or_their_words() -> None:
    assert len(ALL) > len(COMMON)
    assert len({each.code for each in ALL}) == len(ALL)
    for language in languages():
        assert len({each.text.to(language) for each in ALL}) == len(ALL)


def test_what_gives_way_to_a_better_reason_is_not_common_to_all() -> None:
    assert {each.code for each in ALL if each.weak} == {"no_request", "no_outage"}
    assert not any(each.weak for each in COMMON)
