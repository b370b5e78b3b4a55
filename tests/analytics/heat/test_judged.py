"""Losses of real books and a real lake with what they were."""

from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from analytics.heat.judged import (
    DeadMeter,
    JudgedOutage,
    dead_meters,
    dead_reason,
    judged_outages,
    without_heat,
)
from analytics.heat.judgement import Answer
from analytics.heat.supply import SupplyRule
from domain.quantity import Role
from domain.time import Span
from store.books.registry import Device, Series
from store.registry.series import SeriesIndex, tree
from tests.actors import changing
from tests.tiny import MIDNIGHT, NOW, Row, Tiny, table, tiny_city

SHANGHAI = ZoneInfo("Asia/Shanghai")

STATION = np.array([3], dtype=np.int32)
DAY = Span(MIDNIGHT, MIDNIGHT + timedelta(days=1))


def station(tiny: Tiny, **roles: list[int]) -> None:
    """A second station 20 with these series, a value every 15 minutes from 3 h before the day on."""
    with changing(tiny.books) as session:
        for i, role in enumerate(roles, start=50):
            session.add(Device(id=i, code=f"d{i}"))
            session.flush()
            own = Series(id=i, device_id=i, channel="t", role=role, place_id=3, interval_s=900)
            own.since = MIDNIGHT - timedelta(days=30)
            session.add(own)
            session.flush()
    rows: list[Row] = [
        (i, MIDNIGHT + timedelta(minutes=15 * (k - 12)), value)
        for i, values in enumerate(roles.values(), start=50)
        for k, value in enumerate(values)
    ]
    tiny.readings.import_table(table(rows), NOW)


def judged_of(tiny: Tiny) -> list[JudgedOutage]:
    index = SeriesIndex.load(tiny.books)
    _, found = judged_outages(
        index, tiny.readings, tree(tiny.books), STATION, DAY, SHANGHAI, SupplyRule(), []
    )
    return found


def test_a_loss_of_flow_and_supply_is_an_outage(tmp_path: Path) -> None:
    [found] = without_heat(judged_of(tiny_city(tmp_path)))
    assert (found.place, found.interval_s) == (3, 900)
    assert found.found.since == MIDNIGHT + timedelta(hours=20)


@pytest.mark.parametrize("warm", [True, False], ids=["secondary-warm", "secondary-cold"])
def test_a_primary_meter_that_died_leaves_the_word_to_the_secondary_side(
    tmp_path: Path, warm: bool
) -> None:
    tiny = tiny_city(tmp_path)
    with changing(tiny.books) as session:
        for number in (4, 5):
            session.get_one(Series, number).until = MIDNIGHT - timedelta(days=20)
    station(
        tiny,
        primary_supply_temperature=[60_000] * 30 + [0] * 78,
        supply_temperature=[45_000] * 60 + [45_000 if warm else 21_000] * 48,
    )
    answers = [each.judgement.answer for each in judged_of(tiny)]
    assert answers == ([] if warm else [Answer.NO_HEAT])
    [dead] = dead_meters(SeriesIndex.load(tiny.books), tiny.readings, STATION, DAY)
    since = MIDNIGHT + timedelta(minutes=15 * 18)
    assert dead == DeadMeter(3, Role.PRIMARY_SUPPLY_TEMPERATURE, since, DAY.until)
    told = dead_reason(dead)
    assert (told.answer, str(told.reason)) == (
        Answer.METER_WRONG, "primary supply temperature of 0.0 °C",
    )  # fmt: skip


def test_a_station_reads_the_outdoor_temperature_of_what_is_above_it(tmp_path: Path) -> None:
    tiny = tiny_city(tmp_path)
    with changing(tiny.books) as session:
        session.add(Device(id=60, code="d60"))
        session.flush()
        own = Series(id=60, device_id=60, channel="t", role="outdoor_temperature", place_id=2)
        own.interval_s, own.since = 3600, MIDNIGHT - timedelta(days=30)
        session.add(own)
    rows: list[Row] = [(60, MIDNIGHT + timedelta(hours=i), 15_000 + i) for i in range(24)]
    tiny.readings.import_table(table(rows), NOW)
    [found] = judged_of(tiny)
    assert found.judgement.answer is Answer.SCHEDULED
    assert str(found.judgement.reason) == "no heat is wanted: 15.021 °C outdoors"
