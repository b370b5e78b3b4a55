"""Reasons that are nobody's own: each with its code and its words."""

import re
from pathlib import Path

import analytics
from analytics.law import calculators, reasons
from analytics.law.reasons import COMMON, NOT_BY_MEASUREMENT, Reason
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


def test_letters_and_lists_know_every_reason_by_its_code() -> None:
    for each in ALL:
        assert calculators.reason(each.code) is each


def test_no_reason_for_which_days_are_left_open_orders_a_measurement() -> None:
    """What code gives as `waits_for`, or as why a season or touched days are open."""
    code = "\n".join(path.read_text() for path in sorted(Path(analytics.__path__[0]).rglob("*.py")))
    waits = re.findall(r"waits_for=([A-Z][A-Z_]+)", code)
    waits += re.findall(r"return ([A-Z][A-Z_]+) if of_both else self\.why", code)
    waits += re.findall(r"open_(?:season|where_touched)\([^()]*?([A-Z][A-Z_]{3,})\)", code)
    assert {"USE_CHANGED", "OUTAGE_WITHOUT_END", "BASIC_FEE_MISSING"} <= set(waits)
    assert {getattr(reasons, each) for each in waits} <= set(NOT_BY_MEASUREMENT)
