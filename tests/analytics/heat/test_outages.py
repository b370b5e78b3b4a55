"""Stops of supply: what begins one, what ends one, and what is none."""

from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from analytics.heat.outages import StationOutage, outages
from analytics.heat.ragged import merged
from analytics.heat.supply import LEAST_US, SupplyRule, Window
from domain.columns import Columns
from domain.time import Span
from tests.analytics.columns import at, columns, every
from tests.analytics.heat.test_comfort import series_of
from tests.naive import Sample

UTC_ZONE, BELGRADE = ZoneInfo("UTC"), ZoneInfo("Europe/Belgrade")
NONE: list[Sample] = []
RULE = SupplyRule()


def found(
    flow: list[Sample], supply: list[Sample], hours: float, rule: SupplyRule = RULE
) -> list[StationOutage]:
    return outages(
        columns(flow), columns(supply), np.array([300]), Span(at(0), at(hours * 60)), UTC_ZONE,
        rule, flow_floor=np.array([1000]),
    )  # fmt: skip


def pump(*stops: tuple[int, int], hours: int = 12) -> list[Sample]:
    """Flow every 5 min: 10 m3/h, and nothing in the stops [min]."""
    return [
        Sample(at(m), 0 if any(a <= m < b for a, b in stops) else 10_000)
        for m in range(0, hours * 60, 5)
    ]


def test_a_stop_runs_from_verified_loss_to_supply_that_is_held() -> None:
    [stop] = found(pump((60, 240)), every(5, 45_000, 0, 720), 12)
    assert (stop.since, stop.until, stop.ended) == (at(60), at(240), True)
    assert (stop.lost_us, stop.lowest_flow, stop.lowest_supply) == (180 * 60_000_000, 0, 45_000)


def test_returns_shorter_than_an_hour_chain_and_one_of_an_hour_ends() -> None:
    [stop] = found(pump((60, 120), (175, 240)), NONE, 12)
    assert (stop.since, stop.until) == (at(60), at(240))
    first, second = found(pump((60, 120), (180, 240)), NONE, 12)
    assert (first.until, second.since) == (at(120), at(180))


def test_cold_supply_is_a_stop_although_the_pump_runs() -> None:
    supply = [Sample(at(m), 20_000 if 60 <= m < 180 else 45_000) for m in range(0, 720, 5)]
    [stop] = found(pump(), supply, 12)
    assert (stop.since, stop.until, stop.lowest_supply) == (at(60), at(180), 20_000)


def test_a_flicker_is_not_verified() -> None:
    least = LEAST_US // 60_000_000
    assert found(pump((60, 60 + least - 5)), NONE, 12) == []
    assert len(found(pump((60, 60 + least)), NONE, 12)) == 1


def test_a_silent_meter_is_neither_a_stop_nor_its_end() -> None:
    assert (
        found([each for each in pump() if not 60 <= (each.at - at(0)).seconds / 60 < 400], NONE, 12)
        == []
    )
    flow = [each for each in pump((60, 240)) if not 200 <= (each.at - at(0)).seconds / 60 < 400]
    [stop] = found(flow, NONE, 12)
    assert (stop.until, stop.ended, stop.unknown_us) == (at(400), True, 175 * 60_000_000)


def test_a_stop_still_running_is_open_to_the_end_of_what_is_asked() -> None:
    [stop] = found(pump((600, 720)), NONE, 12)
    assert (stop.until, stop.ended) == (at(720), False)


def test_heat_off_by_schedule_is_no_stop_but_a_stop_goes_on_through_it() -> None:
    night = SupplyRule(windows=[Window(time(3), time(6))])
    assert found(pump((180, 360)), NONE, 12, night) == []
    [stop] = found(pump((120, 400)), NONE, 12, night)
    assert (stop.since, stop.until) == (at(120), at(400))
    assert (stop.lost_us, stop.scheduled_us) == (100 * 60_000_000, 180 * 60_000_000)


def test_a_station_without_any_series_tells_nothing() -> None:
    assert found(NONE, NONE, 12) == []


def test_flow_under_a_tenth_of_the_usual_is_lost_by_default() -> None:
    low = [Sample(each.at, 900 if each.value == 0 else each.value) for each in pump((60, 240))]
    span = Span(at(0), at(720))
    [stop] = outages(columns(low), columns(NONE), np.array([300]), span, UTC_ZONE)
    assert (stop.since, stop.until) == (at(60), at(240))


def test_spans_that_touch_or_overlap_are_one() -> None:
    spans = [(60, 120), (0, 60), (90, 100), (200, 210)]
    assert merged(spans) == [(0, 120), (200, 210)]


def test_flow_and_supply_must_be_of_the_same_stations() -> None:
    with pytest.raises(ValueError, match="one row a station"):
        outages(
            columns(NONE, NONE), columns(NONE), np.array([300, 300]), Span(at(0), at(60)), UTC_ZONE
        )


def real(name: str, *windows: str) -> list[StationOutage]:
    """The real substation's stops; it has no flow meter in this recording."""
    supply = series_of(name)
    none = Columns(
        supply.series, np.array([0, 0]), supply.at_us[:0], supply.value[:0], supply.mark[:0]
    )
    span = Span(datetime(2024, 11, 17, 5, tzinfo=UTC), datetime(2025, 3, 31, 22, tzinfo=UTC))
    off = [Window.of(each) for each in windows]
    return outages(none, supply, np.array([900]), span, BELGRADE, SupplyRule(windows=off))


def test_the_real_substation_never_lost_its_supply_once_its_nights_are_known() -> None:
    assert len(real("t_sup_prim")) > 30  # every cold night looks like a stop without the schedule
    assert real("t_sup_prim", "22:00-06:00") == []
