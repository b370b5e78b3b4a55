"""A settlement that is given the readings of warm homes in brief finds the same, to the byte."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from sqlalchemy import Engine, update

from analytics.facts.from_books import take
from analytics.facts.placements import uneven
from analytics.law.calculator import Basis
from analytics.law.calculators import calculator
from analytics.law.policy import load, shipped
from analytics.settlement.reading import limit_of, read
from analytics.settlement.settle import settle
from domain.plausible import rule
from domain.quantity import Role
from store.books import registry as reg
from tests.actors import changing
from tests.analytics.books import NOW, add, colder_record, local, readings, season
from tests.analytics.cities import Brief, city, source

DAY_BAND = [each.policy.id for each in shipped() if "day_band" in each.policy.tables]


@pytest.mark.compiled
@pytest.mark.parametrize("policy", DAY_BAND)
def test_random_cities_come_out_the_same(policy: str) -> None:
    snapshot, columns = city(range(70), policy)
    warmer = np.repeat(columns.series % 4 > 0, np.diff(columns.offsets)) * 10_000
    columns = replace(columns, value=columns.value + warmer)  # those of the other rooms stay cold
    brief, file = Brief(columns), load(policy)
    found = settle(snapshot, brief, file, flush=1, trial=True)
    assert found.sha256() == settle(snapshot, source(columns), file, flush=1, trial=True).sha256()
    assert brief.left_out > 0


def test_a_moved_sensor_is_read_whole_and_pays_the_same(books: Engine) -> None:
    with changing(books) as session:
        session.execute(update(reg.Device).values(verified=True))
        session.execute(update(reg.Series).where(reg.Series.id == 2).values(until=local(12)))
        session.add(
            reg.Series(
                id=50, device_id=2, channel="t", role="room_temperature", place_id=23,
                interval_s=900, since=local(12), until=None,
            )
        )  # fmt: skip
    snapshot, policy = take(books, season(books), NOW), load("CN-HA-2018")
    homes = [snapshot.code[i] for i in np.flatnonzero(uneven(snapshot))]
    assert homes == ["H2", "H3"]
    brief = Brief(readings())
    found = settle(snapshot, brief, policy, flush=1)
    assert found.sha256() == settle(snapshot, source(readings()), policy, flush=1).sha256()


def test_rooms_with_sensors_of_both_ranks_are_read_whole(books: Engine) -> None:
    snapshot = take(books, season(books), NOW)
    assert [snapshot.code[i] for i in np.flatnonzero(uneven(snapshot))] == ["H1"]
    assert not uneven(replace(snapshot, spans=None)).any()


class Asked:
    """A source that says what it was asked."""

    def __call__(self, series: Any) -> Any:
        return source(readings())(series)

    def sift(
        self, series: Any, owner: Any, whole: Any, limit: int, season_us: Any, rule: Any
    ) -> Any:
        self.told = series.tolist(), owner.tolist(), whole.tolist(), limit, season_us, rule
        return self(series)


def test_homes_with_measurement_records_are_read_whole(books: Engine) -> None:
    add(books, colder_record())
    with changing(books) as session:
        session.execute(update(reg.Device).values(verified=True))
    snapshot, asked = take(books, season(books), NOW), Asked()
    read(snapshot, asked, 18_000)
    span = snapshot.season.since_us, snapshot.season.end_us
    assert asked.told == (
        [1, 2, 3, 4, 9],
        [0, 1, 2, 3, 0],
        [True, *[False] * 3, True],
        18_000,
        span,
        rule(Role.ROOM_TEMPERATURE),
    )


class All:
    """A calculator that reads and needs everything."""

    def reads(self, snapshot: Any) -> Any:
        return np.ones(snapshot.household.size, dtype=np.bool_)


def test_one_calculator_that_needs_all_is_enough_to_read_all(books: Engine) -> None:
    snapshot = take(books, season(books), NOW)
    policy = load("CN-HA-2018").policy
    basis = Basis(snapshot, policy, source(readings()))
    made: list[Any] = [calculator(name)(basis, table) for name, table in policy.tables.items()]
    needs_all: Any = All()
    assert limit_of(made, snapshot) == 18_000
    assert limit_of([*made, needs_all], snapshot) is None
    assert limit_of([], snapshot) is None
    full = read(snapshot, Asked(), None)
    assert full.at_us.size == readings().at_us.size
