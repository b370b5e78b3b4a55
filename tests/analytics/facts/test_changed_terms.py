"""Contract terms that change inside a season, as a snapshot keeps them."""

import pytest

from analytics.facts.changed_terms import (
    TermsSpan,
    changes_of,
    every_terms,
    kept_changes,
    numbers_of,
    terms_throughout,
)
from analytics.facts.facts_file import from_facts
from domain.contract_terms import terms_from
from tests.analytics.settlement.test_settle import cold_week

WARM = terms_from({"agreed": "20"}).kept()
FIRST = TermsSpan(10, "2420.00", "", "")
LESS = TermsSpan(20, "1210.00", "", "notice 1")


def test_spans_are_kept_as_they_are_and_read_again() -> None:
    assert changes_of(kept_changes([FIRST, LESS])) == (FIRST, LESS)
    assert changes_of("") == ()


def test_an_area_stands_where_one_changes_and_nowhere_else() -> None:
    small = TermsSpan(20, "2420.00", "", "", "90")
    assert changes_of(kept_changes([FIRST, small])) == (FIRST, small)
    assert '"90"' not in kept_changes([FIRST, LESS])
    assert kept_changes([small, small._replace(since=30, area="90.00")]) == ""


@pytest.mark.parametrize("fee", ["2420.00", "2420", "2420.0000"])
def test_neighbours_that_say_the_same_are_one_whatever_their_document(fee: str) -> None:
    again = TermsSpan(15, fee, "", "signed anew")
    assert kept_changes([FIRST, again]) == ""
    assert changes_of(kept_changes([FIRST, again, LESS])) == (FIRST, LESS)
    back = TermsSpan(30, "2420.00", "", "")
    assert changes_of(kept_changes([FIRST, LESS, back])) == (FIRST, LESS, back)


def test_a_day_has_the_terms_of_its_first_instant() -> None:
    assert numbers_of([FIRST, LESS], [5, 10, 19, 20, 40]) == [0, 0, 0, 1, 1]


def test_every_set_of_terms_of_a_season_is_known() -> None:
    changes = [{"since": "2025-01-12T00:00", "agreed": "20"}]
    snapshot = from_facts({**cold_week(), "contract_changes": changes}, "CN-HA-2018").snapshot
    assert every_terms(snapshot) == {"", WARM}
    assert [*terms_throughout(snapshot.terms, snapshot.changes, 0)] == ["", WARM]
    plain = from_facts(cold_week(), "CN-HA-2018").snapshot
    assert every_terms(plain) == {""}
    assert [*terms_throughout(plain.terms, plain.changes, 0)] == []
