"""The lives of a season's requests, from the books and the readings of a town."""

from pathlib import Path

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from analytics.settlement.request_lives import lives_of
from domain.requests import Cold, State
from heatwatch.services import small_town
from heatwatch.services.requests import life_of, request_lives
from heatwatch.services.season_law import season_law
from heatwatch.services.settling import taken
from heatwatch.services.small_town import build
from heatwatch.wiring import World, open_world
from store.books import facts
from store.evidence.versions import Scope, Version, versions
from store.registry.seasons import season_of
from store.registry.series import tree
from tests.analytics.books import NOW, SEASON, add, local
from tests.heatwatch.towns import town


def test_the_readings_say_whether_a_cold_spell_runs_under_a_request(tmp_path: Path) -> None:
    _, world = town(tmp_path)
    with Session(world.books) as session:
        season = season_of(session, SEASON)
    found = request_lives(world, season, NOW)
    [life] = found[11]
    assert life.request == local(10, 6)
    assert life.cold(local(12)) is Cold.RUNNING
    assert life.at(local(12)).state is State.OVERDUE
    assert request_lives(world, season, NOW, "H1").keys() == {11}
    assert request_lives(world, season, NOW, "H3") == {}


def test_one_request_has_its_life_and_one_of_no_season_none(tmp_path: Path) -> None:
    _, world = town(tmp_path)
    add(world.books, facts.Request(household_id=11, at=local(1, month=6)))
    company = "co"
    found = [life_of(world, company, each) for each in requests_of(world.books, world)]
    states = [None if each is None else each.stages[0].state for each in found]
    assert states == [State.VISIT_DUE, None]


def requests_of(books: Engine, world: World) -> list[Version]:
    """The versions of H1's requests, by time."""
    every = versions(books, Scope(tree(world.books)), ["requests"])
    return [each for each in every if each.about == "H1"]


def test_of_the_households_that_asked_alone_their_lives_are_the_same(tmp_path: Path) -> None:
    world = open_world(build(tmp_path).config)
    with Session(world.books) as session:
        season = season_of(session, small_town.SEASON)
    law = season_law(world, season)
    for now in (local(12), local(1, month=2), NOW):
        flush = world.readings.flush(now).number
        whole = taken(world, season, law.policy, now, flush)
        lives = lives_of(whole, world.readings.season(whole.read_span, flush), law.policy)
        assert lives
        assert request_lives(world, season, now) == lives
        for home, code in zip(whole.household.tolist(), whole.code, strict=True):
            own = {home: lives[home]} if home in lives else {}
            assert request_lives(world, season, now, code) == own
    world.books.dispose()
