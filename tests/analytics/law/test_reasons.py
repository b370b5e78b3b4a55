"""Reasons that are nobody's own: each with its code and its words."""

import re

from analytics.law import reasons
from analytics.law.reasons import COMMON, NOT_BY_MEASUREMENT, Reason
from domain.language import languages
from tests.servers.programs import ROOT

ALL = [each for each in vars(reasons).values() if isinstance(each, Reason)]


def test_no_two_reasons_share_a_code_or_their_words() -> None:
    assert len(ALL) > len(COMMON)
    assert len({each.code for each in ALL}) == len(ALL)
    for language in languages():
        assert len({each.text.to(language) for each in ALL}) == len(ALL)


def test_what_gives_way_to_a_better_reason_is_not_common_to_all() -> None:
    assert {each.code for each in ALL if each.weak} == {"no_request", "no_outage"}
    assert not any(each.weak for each in COMMON)


def test_what_open_days_wait_for_is_no_measurement_and_has_words_in_every_list() -> None:
    """A use that changes inside the season was in neither, and a draft sent somebody to measure it."""
    sources = [each.read_text() for each in (ROOT / "analytics").rglob("*.py")]
    calls = r"(?:waits_for=|open_season\([^)]*?, |open_where_touched\([^)]*?, )([A-Z][A-Z_]+)\b"
    named = {name for each in sources for name in re.findall(calls, each)}
    waited = {getattr(reasons, name) for name in named if hasattr(reasons, name)}
    assert len(waited) >= 8
    assert waited <= {*NOT_BY_MEASUREMENT}
    assert reasons.USE_CHANGED in {*waited} & {*COMMON}
