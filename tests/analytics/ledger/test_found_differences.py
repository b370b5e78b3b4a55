"""Findings of two runs beside each other: households, hours, the lowest, and the days that differ."""

import pytest
from sqlalchemy import Engine, update

from analytics.law.findings import found_in, listed
from analytics.ledger import found_differences as module
from analytics.ledger.drafts import kept
from analytics.ledger.found_differences import found_differences
from store.books import registry as reg
from tests.actors import changing
from tests.analytics.books import NOW, drafted, local


@pytest.fixture
def runs(books: Engine) -> tuple[Engine, int, int]:
    """Drafts of the morning of 12 January and of the season's end."""
    with changing(books) as session:
        session.execute(update(reg.Season).values(policy="US-NYC-HEAT"))
    return books, drafted(books, now=local(12, 8)), drafted(books, now=NOW)


def findings(books: Engine, run: int) -> dict[str, dict[tuple[str, str], object]]:
    """Household -> (room, begin) -> each finding, one by one."""
    return {
        each.household: {(f["room"], f["since"]): f for f in listed(each.steps)}
        for each in kept(books, run)
    }


def test_households_hours_and_days_are_those_of_the_findings_one_by_one(
    runs: tuple[Engine, int, int],
) -> None:
    books, first, last = runs
    before, after = findings(books, first), findings(books, last)
    found = found_differences(books, last, first)
    assert found.before.findings == sum(map(len, before.values())) > 0
    assert found.after.findings == sum(map(len, after.values())) > found.before.findings
    differing = {home for home in after if before[home] != after[home]}
    assert found.households == len(differing) > 0
    assert {each.household for each in found.largest} == differing
    for each in found.largest:
        was, now = before[each.household], after[each.household]
        days = {key[1][:10] for key in was.keys() | now.keys() if was.get(key) != now.get(key)}
        assert each.days == sorted(days)
        (own,) = (home for home in kept(books, last) if home.household == each.household)
        total = found_in(own.steps)
        assert total is not None
        assert (each.after["findings"], each.after["hours"]) == (total.findings, total.hours)


def test_equal_runs_do_not_differ_and_the_other_way_round_gains_are_losses(
    runs: tuple[Engine, int, int],
) -> None:
    books, first, last = runs
    same, back = found_differences(books, last, last), found_differences(books, first, last)
    assert (same.households, same.largest) == (0, [])
    assert same.before.told() == same.after.told() == back.before.told()
    assert back.after.told() == found_differences(books, last, first).before.told()


def test_of_many_households_those_whose_hours_differ_most_are_listed(
    runs: tuple[Engine, int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    books, first, last = runs
    monkeypatch.setattr(module, "SHOWN", 1)
    assert len(found_differences(books, last, first).largest) == 1
