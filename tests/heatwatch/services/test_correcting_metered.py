"""A heat meter's reading at the season's last midnight, or behind it, that came late is in a correction as in a draft."""

from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import update

from analytics.ledger.drafts import by_number
from analytics.ledger.entries import approve
from domain.columns import Columns
from domain.time import to_us
from heatwatch.services.correcting import correct
from heatwatch.services.settling import draft
from heatwatch.wiring import World
from store.books import facts
from store.books import registry as reg
from tests.actors import TESTER, at, changing
from tests.analytics.books import NOW, OLD, SEASON, local
from tests.heatwatch.services.test_correcting import _time_stands_still, same_as_from_scratch
from tests.heatwatch.towns import bring, town

__all__ = ["_time_stands_still"]  # a fixture of every test

H1, ROOM, METER = 11, 1, 10
KWH = 1_000  # [Wh]


def series(number: int, at_us: Sequence[int], value: Sequence[int]) -> Columns:
    return Columns(
        np.array([number], dtype=np.int32), np.array([0, len(at_us)], dtype=np.int64),
        np.array(at_us, dtype=np.int64), np.array(value, dtype=np.int64),
        np.zeros(len(at_us), dtype=np.uint8),
    )  # fmt: skip


def counted(world: World, *read: tuple[int, int, int]) -> None:
    """Day of March, hour and kWh of each reading of the meter."""
    times = [to_us(local(day, hour, month=3)) for day, hour, _ in read]
    bring(world, series(METER, times, [kwh * KWH for *_, kwh in read]))


@pytest.fixture
def world(tmp_path: Path) -> World:
    """Luoyang: H1 is cold from 11 March to behind the season's end and pays by its meter."""
    _, made = town(tmp_path)
    with changing(made.books) as session:
        session.execute(update(reg.Season).values(policy="CN-HA-LY-2018"))
        session.add(
            facts.ContractTerms(
                household_id=H1,
                season_id=1,
                basic_fee=Decimal("700.00"),
                heat_price=Decimal("0.20"),
            )
        )
        session.add(reg.Device(id=METER, code="meter", verified=True))
        session.flush()
        session.add(
            reg.Series(
                id=METER, device_id=METER, channel="e", role="energy", place_id=H1,
                interval_s=3600, since=OLD, until=None,
            )
        )  # fmt: skip
    times = range(to_us(local(11, month=3)), to_us(local(18, month=3)), 900_000_000)
    bring(made, series(ROOM, times, [13_000 + i % 7 for i in range(len(times))]))
    counted(made, *((day, 0, 1000 + 20 * day) for day in range(10, 16)))
    approve(made.books, draft(made, SEASON, TESTER).run, at(NOW))
    return made


@pytest.mark.parametrize(
    ("late", "more"),
    [
        (((16, 0, 1320),), "4.00"),  # what the last day counted
        (((16, 8, 1330),), "0.00"),  # across the end: open, and now known how much
    ],
    ids=["midnight", "morning"],
)
def test_a_late_reading_of_the_last_midnight_is_in_the_correction(
    world: World, late: Sequence[tuple[int, int, int]], more: str
) -> None:
    before = by_number(world.books, 1).total
    counted(world, *late)
    done = correct(world, SEASON, TESTER)
    assert (done.why_all, by_number(world.books, done.run).total - before) == (None, Decimal(more))
    same_as_from_scratch(world, done)


def test_a_meter_that_goes_on_behind_a_reading_of_the_end_changes_nothing(world: World) -> None:
    counted(world, (16, 0, 1320))
    approve(world.books, correct(world, SEASON, TESTER).run, at(NOW))
    counted(world, (16, 1, 1321), (17, 0, 1340))
    done = correct(world, SEASON, TESTER)
    assert (done.why_all, done.settled) == (None, 1), "one that is tried"
    same_as_from_scratch(world, done)
