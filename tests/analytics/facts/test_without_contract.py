"""Households without a contract of the season are named, with what to do."""

from datetime import timedelta

import pytest
from sqlalchemy import Engine, update

from analytics.facts.outstanding import What, outstanding
from analytics.facts.without_contract import NAMED, codes_without, contracts_beside, told
from domain.language import in_language
from store.books import facts
from store.books import registry as reg
from store.evidence.since import Since, newest_change
from tests.actors import changing
from tests.analytics.books import NOW, add, local, season, without_contract


def test_a_household_without_a_contract_of_the_season_is_listed_as_open(books: Engine) -> None:
    assert codes_without(books, season(books)) == []
    without_contract(books, 14)
    assert codes_without(books, season(books)) == ["H4"]
    own = season(books)
    listed = [each for each in outstanding(books, own, NOW, {}) if each.what is What.CONTRACT]
    assert [(e.about, e.since, e.households, e.currency) for e in listed] == [
        ("H4", own.since, 1, "")
    ]


@pytest.mark.parametrize(("days", "named"), [(-1, ["H4"]), (+1, ["H4"]), (None, [])])
def test_a_contract_of_another_season_at_the_same_time_is_one_and_of_the_next_is_none(
    books: Engine, days: int | None, named: list[str]
) -> None:
    without_contract(books, 14)
    own = season(books)
    since, until = {
        -1: (own.since - timedelta(days=100), own.since),
        +1: (own.until, own.until + timedelta(days=100)),
        None: (own.since, own.until),
    }[days]
    add(books, reg.Season(id=2, code="b", company_id=1, policy="CN-HA-2018", zone=own.zone, since=since, until=until))  # fmt: skip
    add(books, facts.Contract(household_id=14, season_id=2, season_fee=1, currency="CNY"))
    assert codes_without(books, own) == named


def test_a_household_that_was_torn_down_before_the_season_needs_none(books: Engine) -> None:
    without_contract(books, 14)
    with changing(books) as session:
        gone = update(reg.Place).where(reg.Place.id == 14)
        session.execute(gone.values(until=season(books).since))
    assert codes_without(books, season(books)) == []


def test_a_stop_counts_the_homes_that_are_settled_only(books: Engine) -> None:
    add(books, facts.OutageRecord(place_id=4, since=local(25), until=None, cause="operator"))

    def stop() -> tuple[int, str]:
        (one,) = [e for e in outstanding(books, season(books), local(27), {}) if e.what is What.OUTAGE_END]  # fmt: skip
        return one.households, str(one.at_stake)

    assert stop() == (2, "80.00")
    without_contract(books, 14)
    assert stop() == (1, "40.00")


def test_the_sentence_names_the_first_ones_and_the_command() -> None:
    one = in_language(told(["H4"], "2025"), "en")
    assert "1 household has no contract of season 2025 and is in no run of it: H4." in one
    assert "heatwatch evidence record contracts household=H4 season=2025 season_fee=FEE" in one
    many = in_language(told([f"H{i}" for i in range(30)], "2025"), "en")
    assert "30 households" in many
    assert f"H{NAMED - 1}, …" in many


def test_a_contract_of_a_season_beside_is_found_as_it_was_known(books: Engine) -> None:
    own = season(books)
    for number, since in ((2, own.since), (3, own.until)):
        until = since + timedelta(days=90)
        add(books, reg.Season(id=number, code=f"S{number}", company_id=1, policy="CN-HA-2018", zone=own.zone, since=since, until=until))  # fmt: skip
    before = newest_change(books)
    for number in (2, 3):
        add(books, facts.Contract(household_id=14, season_id=number, season_fee=1, currency="CNY"))

    def found(household: int, change: int) -> list[str]:
        return contracts_beside(books, own, household, Since(NOW, change))

    assert found(14, newest_change(books)) == ["S2"]
    assert found(14, before) == found(13, newest_change(books)) == []
