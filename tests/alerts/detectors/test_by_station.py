"""Readings in rounds that hold each station once, for detectors with a row per station."""

from collections.abc import Callable

import numpy as np
from sqlalchemy.orm import Session

from alerts.columns.newest import Rows
from alerts.columns.watched import load
from alerts.detectors.base import Change
from alerts.detectors.by_station import ByStation
from domain.quantity import Role
from tests.alerts.world import World

Build = Callable[..., World]


class Seen(ByStation):
    """Keeps which stations each round held."""

    def _round(self, rows: Rows) -> list[tuple[int, Change]]:
        self.rounds = [*getattr(self, "rounds", []), self.station[rows.slot].tolist()]
        return []


def test_each_round_holds_a_station_once_and_other_series_are_left_out(city: Build) -> None:
    world = city(sources={"Q1": 2}, homes=1)
    with Session(world.engine) as session:
        watched = load(session)
    seen = Seen(watched, Role.FLOW)
    assert seen.ids.tolist() == [world.place["S1"], world.place["S2"]]
    series = [world.series[key] for key in ("S1.flow", "S1.flow", "S1-H1.t", "S2.flow", "S1.flow")]
    slot = watched.slots(np.array(series, dtype=np.int32))
    at = np.arange(slot.size, dtype=np.int64)
    assert seen.take(Rows(at, slot, at, at, at)) == []
    assert [sorted(each) for each in seen.rounds] == [[0, 1], [0], [0]]
