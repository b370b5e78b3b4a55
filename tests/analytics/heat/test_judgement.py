"""What a loss of supply was, beside everything that measures the station."""

from collections.abc import Callable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from analytics.heat.judgement import Answer, Judgement, Said, Values, judge
from analytics.heat.outages import StationOutage
from domain.quantity import Role
from domain.time import Span, to_us

ZONE = ZoneInfo("Asia/Shanghai")
FLOOR = 28_000
SEASON = Span(datetime(2025, 11, 15, tzinfo=ZONE), datetime(2026, 3, 16, tzinfo=ZONE))
Course = Callable[[datetime], int]


def local(day: int, hour: float = 0, month: int = 1) -> datetime:
    return datetime(2026, month, day, tzinfo=ZONE) + timedelta(hours=hour)


def loss(
    since: datetime, hours: float, *, supply: int | None = 20_000, flow: int | None = None,
    unknown: float = 0,
) -> StationOutage:  # fmt: skip
    lost_us, unknown_us = int((hours - unknown) * 3.6e9), int(unknown * 3.6e9)
    return StationOutage(
        0, since, since + timedelta(hours=hours), True, lost_us, unknown_us, unknown_us, 0, flow,
        supply,
    )  # fmt: skip


def course(value: Course, month: int = 1) -> Values:
    """Every quarter of an hour of 31 days."""
    times = [local(1, month=month) + timedelta(minutes=15 * i) for i in range(31 * 96)]
    return Values(
        np.array([to_us(at) for at in times]), np.array([value(at) for at in times], np.int64)
    )


def said(month: int = 1, **roles: Course) -> Said:
    return {Role.of(name): course(value, month) for name, value in roles.items()}


def judged(found: StationOutage, things: Said, seasons: tuple[Span, ...] = (SEASON,)) -> Judgement:
    return judge(found, things, seasons, ZONE, FLOOR)


NOON = local(15, 12)


def test_a_loss_that_nothing_speaks_against_is_no_heat() -> None:
    cold = said(
        supply_temperature=lambda at: 22_000 if NOON <= at < NOON + timedelta(hours=5) else 45_000,
        outdoor_temperature=lambda at: -3_000,
        energy=lambda at: 5_000_000,
    )
    found = judged(loss(NOON, 5), cold)
    assert found.answer is Answer.NO_HEAT
    told = [str(each) for each in found.speaks_for]
    assert told == ["supply down to 20 °C", "the energy register stood still", "-3 °C outdoors"]
    assert found.speaks_against == ()


@pytest.mark.parametrize(
    ("hours", "answer"), [(1.5, Answer.UNKNOWN), (3, Answer.METER_WRONG)], ids=["short", "long"]
)
def test_a_cold_primary_meter_beside_a_warm_secondary_side_is_a_meter(
    hours: float, answer: Answer
) -> None:
    found = judged(loss(NOON, hours), said(supply_temperature=lambda at: 45_000))
    assert found.answer is answer
    assert [str(each) for each in found.speaks_against] == ["secondary supply up to 45 °C"]


def test_water_that_stands_still_and_warm_is_no_witness_against_lost_flow() -> None:
    warm = said(supply_temperature=lambda at: 45_000)
    found = judged(loss(NOON, 5, supply=45_000, flow=0), warm)
    assert found.answer is Answer.NO_HEAT
    assert str(found.speaks_for[0]) == "flow down to 0 m³/h"


@pytest.mark.parametrize(
    ("celsius", "answer"), [(12_900, Answer.NO_HEAT), (13_000, Answer.SCHEDULED)]
)
def test_on_a_mild_day_no_heat_is_wanted(celsius: int, answer: Answer) -> None:
    outdoor = said(outdoor_temperature=lambda at: celsius)
    assert judged(loss(NOON, 5), outdoor).answer is answer


def nightly(at: datetime) -> int:
    """Off from 22:00 to 5:30, every night."""
    return 25_000 if at.hour >= 22 or at.hour + at.minute / 60 < 5.5 else 45_000


@pytest.mark.parametrize(
    ("since", "hours", "answer"),
    [
        (local(15, 22), 7.5, Answer.SCHEDULED),
        (local(15, 5), 0.5, Answer.SCHEDULED),
        (local(15, 22), 12, Answer.NO_HEAT),
    ],
    ids=["a-night", "its-end", "into-the-day"],
)
def test_a_station_that_rests_every_night_has_no_outage_every_night(
    since: datetime, hours: float, answer: Answer
) -> None:
    assert judged(loss(since, hours), said(supply_temperature=nightly)).answer is answer


def test_a_loss_by_day_at_a_station_that_rests_by_night_is_an_outage() -> None:
    def course(at: datetime) -> int:
        return 22_000 if NOON <= at < NOON + timedelta(hours=2) else nightly(at)

    assert judged(loss(NOON, 2), said(supply_temperature=course)).answer is Answer.NO_HEAT


def test_a_night_without_heat_at_a_station_that_never_rests_is_an_outage() -> None:
    since = local(15, 22)
    once = said(
        supply_temperature=lambda at: 25_000 if since <= at < since + timedelta(hours=7) else 45_000
    )
    assert judged(loss(since, 7), once).answer is Answer.NO_HEAT


def test_outside_the_season_nothing_is_an_outage_and_without_a_season_none_decides() -> None:
    late = loss(local(20, 12, month=3), 5)
    assert judged(late, {}).answer is Answer.SCHEDULED
    assert judged(late, {}, ()).answer is Answer.NO_HEAT


def test_a_heat_meter_that_counts_all_the_time_has_heat() -> None:
    counting = said(power=lambda at: 300_000)
    found = judged(loss(NOON, 5), counting)
    assert (found.answer, str(found.speaks_against[0])) == (
        Answer.HEAT, "power of 300 kW and more",
    )  # fmt: skip
    stopped = said(power=lambda at: 0 if NOON <= at < NOON + timedelta(hours=5) else 300_000)
    assert judged(loss(NOON, 5), stopped).answer is Answer.NO_HEAT


def test_a_loss_that_is_mostly_not_known_is_unknown() -> None:
    found = judged(loss(NOON, 5, unknown=3), {})
    assert (found.answer, str(found.speaks_against[0])) == (Answer.UNKNOWN, "180 min not known")
