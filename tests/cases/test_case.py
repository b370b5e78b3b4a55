"""The contract of kinds of case, which every kind of the list passes."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import Engine, select

from analytics.law.policy import Policy, shipped
from cases.case import Event, OfSeason, causes_of
from cases.kinds import KINDS, kinds
from cases.tasks import close_by_evidence, open_of_run, open_of_season, tasks
from domain.language import Text
from domain.time import Span
from scripts.catalogues import COMPLETE
from store.books.registry import Place
from tests.actors import at
from tests.cases.runs import NOW, SEASON, home, settle

EVERY = pytest.mark.parametrize("name", KINDS)


def policy_of(name: str) -> Policy:
    """The first shipped policy that sets this kind a limit."""
    found = [(kinds()[name].limit(file.policy), file.policy) for file in shipped()]
    policy = next((own for limit, own in found if limit is not None and limit.within), None)
    assert policy is not None, f"no shipped policy sets a limit for {name}: it never opens a task"
    return policy


def opened(books: Engine, name: str, now: datetime = NOW) -> int:
    """Tasks of this kind that the season and the newest run open."""
    policy, counted = policy_of(name), {each.counted for each in causes_of(kinds()[name])}
    counts = open_of_season(books, SEASON, policy, at(now))
    counts |= open_of_run(books, 1, policy, at(now))
    return sum(count for key, count in counts.items() if key in counted)


def open_homes(books: Engine, name: str) -> list[str]:
    return [each.household for each in tasks(books, NOW) if each.kind == name]


@EVERY
def test_a_kind_says_everything_in_every_complete_language(name: str) -> None:
    kind = kinds()[name]
    words: list[Text] = [kind.title, kind.closed, kind.lacking(12)]
    for cause in causes_of(kind):
        words += [cause.words, cause.opened]
    for each in words:
        for language in sorted(COMPLETE):
            assert (each.to(language) != each.to("en")) == (language != "en"), each.to(language)
    assert "12" in kind.lacking(12).to("en")


@EVERY
def test_a_kind_and_its_causes_have_names_that_the_books_can_hold(name: str) -> None:
    names = [each.name for each in causes_of(kinds()[name])]
    assert names, "nothing opens a task of this kind"
    assert len(set(names)) == len(names)
    assert all(0 < len(each) <= 32 for each in (name, *names))


def test_no_two_numbers_of_case_open_have_one_name() -> None:
    keys = [each.counted for kind in kinds().values() for each in causes_of(kind)]
    assert len({*keys, "closed"}) == len(keys) + 1


@EVERY
def test_a_limit_is_a_time_with_its_clause(name: str) -> None:
    policy_of(name)
    limits = (kinds()[name].limit(file.policy) for file in shipped())
    for limit in filter(None, limits):
        assert limit.within is None or limit.within > timedelta(0)
        assert limit.clause.strip()


@EVERY
def test_every_event_opens_one_task_with_the_limit_from_its_cause_on(
    busy: Engine, name: str
) -> None:
    settle(busy, {"H1": True, "H2": False, "H3": True})
    assert opened(busy, name) > 0, "nothing in the city of tests/cases/conftest.py opens a task"
    assert opened(busy, name) == 0
    limit = kinds()[name].limit(policy_of(name))
    causes = {each.name for each in causes_of(kinds()[name])}
    for task in (each for each in tasks(busy, NOW) if each.kind == name):
        assert limit is not None
        assert task.due_at is not None
        assert (task.due_at - task.cause_at, task.clause) == (limit.within, limit.clause)
        assert task.cause in causes


@EVERY
def test_what_a_kind_finds_lies_in_the_season_and_not_ahead(busy: Engine, name: str) -> None:
    days = [SEASON, Span(SEASON.since, NOW - timedelta(days=7)), Span(NOW, SEASON.until)]
    with busy.connect() as connection:
        for cause in kinds()[name].of_season:
            for span in days:
                events = list(cause.find(connection, OfSeason(span), NOW))
                assert all(span.since <= each.at < span.until for each in events)
                assert all(each.at <= NOW for each in events)


@EVERY
def test_what_a_run_opens_begins_at_the_instant_that_is_given(busy: Engine, name: str) -> None:
    run = settle(busy, {"H1": True, "H2": False, "H3": True})
    with busy.connect() as connection:
        for cause in kinds()[name].of_run:
            assert {each.at for each in cause.find(connection, run, NOW)} == {NOW}
            assert list(cause.find(connection, run + 1, NOW)) == []


@EVERY
def test_evidence_is_of_the_households_that_were_asked_for(busy: Engine, name: str) -> None:
    every = select(Place.id).where(Place.kind == "household")
    with busy.connect() as connection:
        kind, policy = kinds()[name], policy_of(name)
        found = set(kind.evidence(connection, every, policy))
        assert all(each.at.tzinfo is not None for each in found)
        one = every.where(Place.code == "H1")
        own = {Event(*each) for each in kind.evidence(connection, one, policy)}
        assert own == {each for each in found if each.household == home(busy, "H1")}


@EVERY
def test_tasks_are_closed_once_and_stay_closed(busy: Engine, name: str) -> None:
    opened(busy, name)
    before = open_homes(busy, name)
    closed = close_by_evidence(busy, at(NOW), law_of=lambda *_: policy_of(name))[name]
    assert len(open_homes(busy, name)) == len(before) - closed
    assert close_by_evidence(busy, at(NOW), law_of=lambda *_: policy_of(name))[name] == 0
    assert opened(busy, name) == 0
