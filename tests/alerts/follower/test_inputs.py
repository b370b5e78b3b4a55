"""What the follower reads for detectors: what some detector declares, and nothing else."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from decimal import Decimal
from types import SimpleNamespace

import numpy as np
import pytest
from sqlalchemy.orm import Session

from alerts.columns.watched import Watched, load
from alerts.config import AlertsConfig, Settings
from alerts.detectors import kinds
from alerts.detectors.kind import Inputs, Provided
from alerts.follower import inputs
from analytics.heat.owed import Owed
from domain.time import to_us
from domain.tree import PlaceKind
from store.books.facts import OutageRecord
from store.books.registry import Season
from tests.actors import changing
from tests.alerts.world import World, at

Build = Callable[..., World]


def provided_for(world: World, monkeypatch: pytest.MonkeyPatch, declared: Inputs) -> Provided:
    """With one kind of alert that declares this."""
    monkeypatch.setattr(inputs, "kinds", lambda: {"one": SimpleNamespace(inputs=declared)})
    with Session(world.engine) as session:
        return inputs.provided(session, load(session), Settings(world.config))


def test_what_is_declared_comes_from_registry_and_configuration(
    city: Build, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = city(outdoor=True)
    with changing(world.engine) as session:
        session.add_all(
            [
                Season(code="s", company_id=world.place["demo"], since=at(0), until=at(60),
                       policy="CN-HA-2018", zone="Asia/Shanghai"),
                OutageRecord(place_id=world.place["S1"], since=at(10), until=at(20), planned=True),
            ]
        )  # fmt: skip
    every = Inputs(outdoor=True, season=True, planned=True)
    found = provided_for(world, monkeypatch, every)
    row = np.array([found.watched.places.row(world.place["S1"])] * 3, dtype=np.int32)
    when = np.array([to_us(at(minute)) for minute in (5, 15, 65)])
    assert found.season.hold(row, when).tolist() == [True, True, False]
    assert found.planned.hold(row, when).tolist() == [False, True, False]
    assert found.outdoor.slot_at[row[0]] >= 0
    assert set(found.standard.tolist()) == {18_000}
    assert found.common_share == 0.3
    none = provided_for(world, monkeypatch, Inputs())
    assert not none.season.hold(row, when).any()
    assert not none.planned.hold(row, when).any()
    assert none.outdoor.slot_at.size == 0


@pytest.fixture
def session(small: World) -> Iterator[Session]:
    with Session(small.engine) as opened:
        yield opened


@pytest.fixture
def watched(session: Session) -> Watched:
    return load(session)


def test_what_nobody_declares_stays_empty(session: Session, watched: Watched) -> None:
    config = AlertsConfig(common_share=Decimal("0.4"))
    found = inputs.provided(session, watched, Settings(config))
    assert found.watched is watched
    assert set(found.standard.tolist()) == {18_000}
    assert found.common_share == 0.4
    assert (found.season.places, found.planned.places) == (None, None)


def test_rooms_are_held_against_what_their_law_owes_them(
    session: Session, watched: Watched
) -> None:
    places, config = watched.places, AlertsConfig(standard_c=Decimal(19))
    company = int(places.ids[places.kind == PlaceKind.COMPANY.level][0])
    rooms = places.of_kind(PlaceKind.ROOM)
    homes = places.above(rooms, PlaceKind.HOUSEHOLD)
    owed = Owed(
        18_000, rooms[:1], np.array([10_000]), homes[1:2], np.array([22_000]),
        if_measured=rooms[:1], unjudged=homes[-1:],
    )  # fmt: skip
    settings = Settings(config, {company: config}, owed={company: owed})
    found = inputs.provided(session, watched, settings)
    by_room = dict(zip(rooms.tolist(), found.standard[places.rows(rooms)].tolist(), strict=True))
    assert by_room[int(rooms[0])] == 10_000
    assert by_room[int(rooms[1])] == 22_000
    assert found.standard[places.row(company)] == 19_000
    assert found.covered[places.row(int(rooms[0]))]
    assert not found.covered[places.row(int(rooms[-1]))], "nothing says what it is owed"


@pytest.mark.parametrize(
    ("name", "wanted"), [("season", Inputs(season=True)), ("planned", Inputs(planned=True))]
)
def test_what_one_declares_is_there_and_the_other_is_not(
    session: Session, watched: Watched, name: str, wanted: Inputs, monkeypatch: pytest.MonkeyPatch
) -> None:
    kind = replace(next(iter(kinds().values())), inputs=wanted)
    monkeypatch.setattr(inputs, "kinds", lambda: {"declared": kind})
    found = inputs.provided(session, watched, Settings(AlertsConfig()))
    filled = {each for each in ("season", "planned") if getattr(found, each).places is not None}
    assert filled == {name}
