"""The contract of detectors, which every detector of the list passes."""

import random
from collections.abc import Callable
from dataclasses import fields
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from alerts.columns.newest import Rows
from alerts.columns.watched import ROLES
from alerts.config import AlertsConfig
from alerts.detectors import DETECTORS, kinds
from alerts.detectors.base import Change, Detector, keep, put_back
from domain.quantity import Role
from scripts.catalogues import COMPLETE
from tests.alerts.world import Bench, Say, World
from tests.house import imported, sources
from tests.servers.programs import ROOT

Build = Callable[..., World]
#: What series of a role may say, in the unit of `tests.alerts.world`.
VALUES = {
    Role.ROOM_TEMPERATURE: (16.0, 17.9, 20.0),
    Role.FLOW: (0.0, 12.0),
    Role.SUPPLY_TEMPERATURE: (20.0, 45.0),
    Role.MAKE_UP_FLOW: (0.05, 9.0),
    Role.OUTDOOR_TEMPERATURE: (-15.0, 10.0),
}


def values_of(role: Role) -> tuple[float, ...]:
    """Those of the table; of another role two that its quantity can have."""
    measure = role.quantity.value
    span = float(measure.most - measure.least)
    return VALUES.get(role) or tuple(float(measure.least) + span * k for k in (0.25, 0.5))


def needed() -> dict[str, Role]:
    """Series of a station that some detector reads and the small city has not by itself."""
    roles = [role for kind in kinds().values() for role in kind.inputs.roles]
    return {role.code: role for role in roles if role not in VALUES}


@pytest.fixture
def bench(city: Build) -> Bench:
    return Bench(city(sources={"Q1": 2}, outdoor=True, extra=needed()))


def story(bench: Bench, seed: int) -> list[Say]:
    """Five hours of each series, every five minutes, with values that stay for a while."""
    rng = random.Random(seed)
    says: list[Say] = []
    for key in bench.world.series:
        value = None
        for minute in range(0, 300, 5):
            if value is None or rng.random() < 0.05:
                value = rng.choice(values_of(bench.world.role[key]))
            says.append((key, float(minute), value))
    return sorted(says, key=lambda say: say[1])


@pytest.mark.parametrize("name", DETECTORS)
def test_a_detector_declares_itself(name: str) -> None:
    kind = kinds()[name]
    assert kind.name == name
    if kind.section:
        assert isinstance(AlertsConfig().detectors[kind.section], kind.settings)
        assert [each.section for each in kinds().values()].count(kind.section) == 1
    assert set(kind.causes.by) <= set(DETECTORS)
    assert all(kind.icon)
    assert "" in kind.sentences


@pytest.mark.parametrize("name", DETECTORS)
def test_its_texts_are_in_every_whole_language(name: str) -> None:
    kind, whole = kinds()[name], {"en", *COMPLETE}
    for text in (kind.title, *kind.sentences.values(), *filter(None, [kind.counted])):
        names = {key: key for key in _names(text.message)} | {"n": 2}
        said = {type(text)(text.message, names, text.plural).to(each) for each in whole}
        assert len(said) == len(whole)


def _names(message: str) -> list[str]:
    from string import Formatter

    return [name for _, name, _, _ in Formatter().parse(message) if name]


@pytest.mark.parametrize("name", DETECTORS)
def test_its_state_is_kept_by_id_and_put_back(bench: Bench, name: str) -> None:
    bench.live(story(bench, 1))
    detector = next(each for each in bench.watch.detectors if each.kind == name)
    kept = {key: array.copy() for key, array in keep(detector.ids, detector.state).items()}
    assert {array.size for array in kept.values()} == {detector.ids.size}
    blank = next(each for each in Bench(bench.world).watch.detectors if each.kind == name)
    put_back(blank.ids, blank.state, kept)
    for each in fields(detector.state):
        assert np.array_equal(
            getattr(blank.state, each.name),
            kept[each.name],
            equal_nan=kept[each.name].dtype == float,
        )


@pytest.mark.parametrize("name", DETECTORS)
@pytest.mark.parametrize("seed", range(2))
def test_the_same_readings_give_the_same_changes_however_they_are_cut(
    bench: Bench, name: str, seed: int
) -> None:
    whole, pieces = Bench(bench.world), Bench(bench.world)
    says = story(bench, seed)
    whole.live(says, minutes=10_000)
    pieces.live(says, minutes=5)
    mine = [[each for each in one.changes if each.kind == name] for one in (whole, pieces)]
    assert sorted(mine[0], key=lambda each: (each.at_us, each.place)) == sorted(
        mine[1], key=lambda each: (each.at_us, each.place)
    )


def test_nobody_names_a_detector_but_the_list() -> None:
    """So a new one is one file and one line: no other module knows any of them."""
    plugs = {f"alerts.detectors.{name}" for name in DETECTORS}
    naming = [
        f"{path}:{line}"
        for path, tree in sources(Path(ROOT))
        for line, module in imported(tree)
        if module in plugs
    ]
    assert naming == []


@pytest.mark.parametrize("name", DETECTORS)
def test_only_readings_of_its_roles_reach_it(bench: Bench, name: str) -> None:
    came: set[str] = set()

    class Seen:
        def __init__(self, detector: Detector) -> None:
            self.detector, self.kind = detector, detector.kind

        def take(self, rows: Rows) -> list[Change]:
            roles = bench.watch.city.watched.role[rows.slot]
            came.update(ROLES[each].code for each in roles.tolist())
            return self.detector.take(rows)

        def __getattr__(self, other: str) -> object:
            return getattr(self.detector, other)

    watched: list[Any] = [
        Seen(each) if each.kind == name else each for each in bench.watch.detectors
    ]
    bench.watch.detectors = tuple(watched)
    bench.live(story(bench, 1)[:100])
    declared = {role.code for role in kinds()[name].inputs.roles}
    assert came == declared or (not declared and len(came) > 1)
