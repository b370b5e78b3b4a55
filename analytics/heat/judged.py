"""Stations' losses of supply with what they were: read beside everything that measures the station."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from analytics.heat.judgement import Answer, Judgement, Said, Values, around, judge
from analytics.heat.outages import StationOutage
from analytics.heat.stations import (
    SUPPLY_ROLES,
    Stations,
    alive,
    meters_of,
    station_outages,
)
from analytics.heat.supply import HELD_US, SupplyRule
from domain.columns import TIMED_MARKS, Columns
from domain.language import msg
from domain.names import role_name
from domain.plausible import checks
from domain.quality import Quality
from domain.quantity import Role
from domain.time import SECOND_US, Span, from_us, to_us
from store.readings.plausible import judged
from store.readings.readings import Readings
from store.registry.places import Tree
from store.registry.series import SeriesIndex

#: What is read of a station beside the meters that find a loss.
WITNESSES = (
    Role.SUPPLY_TEMPERATURE, Role.PRIMARY_SUPPLY_TEMPERATURE, Role.POWER, Role.ENERGY,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class JudgedOutage:
    """A loss of supply that the meters found, and what it was."""

    place: int
    interval_s: int  # longest declared interval of the station's meters [s]
    found: StationOutage
    judgement: Judgement


@dataclass(frozen=True, slots=True)
class DeadMeter:
    """A meter that showed 0.0 °C of water."""

    place: int
    role: Role
    since: datetime
    until: datetime


def judged_outages(
    index: SeriesIndex,
    readings: Readings,
    network: Tree,
    places: NDArray[np.int32],
    span: Span,
    zone: ZoneInfo,
    rule: SupplyRule,
    seasons: Sequence[Span],
    as_of: int | None = None,
    *,
    rejected: Mapping[int, Sequence[Span]] = MappingProxyType({}),
) -> tuple[Stations, list[JudgedOutage]]:
    """Every loss at these stations with its judgement, by station and begin.

    `rejected`: by station, the proposals about which a person has decided that they were none.
    """
    stations, found = station_outages(index, readings, places, span, zone, rule, as_of)
    judged_ones: list[JudgedOutage] = []
    for row in sorted({each.station for each in found}):
        mine = [each for each in found if each.station == row]
        place = int(stations.place[row])
        said = said_by(index, readings, network, place, around(mine), as_of)
        judged_ones += [
            JudgedOutage(
                place, int(stations.interval_s[row]), each,
                _decided(each, rejected.get(place, ()))
                or judge(each, said, seasons, zone, rule.supply_floor),
            )
            for each in mine
        ]  # fmt: skip
    return stations, judged_ones


def _decided(found: StationOutage, rejected: Sequence[Span]) -> Judgement | None:
    """A person's word where the loss lies in a rejected proposal, give or take the hour it is held."""
    held = timedelta(microseconds=HELD_US)
    for each in rejected:
        if each.since - held <= found.since and found.until <= each.until + held:
            return Judgement(Answer.REJECTED, msg("a person has rejected this proposal"))
    return None


def without_heat(found: Sequence[JudgedOutage]) -> list[JudgedOutage]:
    """Those that were outages."""
    return [each for each in found if each.judgement.answer is Answer.NO_HEAT]


def said_by(
    index: SeriesIndex,
    readings: Readings,
    network: Tree,
    place: int,
    span: Span,
    as_of: int | None,
) -> Said:
    """What can be true of what each role of a station said; outdoors the nearest above it."""
    said: dict[Role, Values] = {}
    station = np.array([place], dtype=np.int32)
    for role in WITNESSES:
        if (values := _values(index, readings, role, station, span, as_of)) is not None:
            said[role] = values
    for above in reversed(network.path(place)):
        near = np.array([above], dtype=np.int32)
        values = _values(index, readings, Role.OUTDOOR_TEMPERATURE, near, span, as_of)
        if values is not None:
            said[Role.OUTDOOR_TEMPERATURE] = values
            break
    return said


def _values(
    index: SeriesIndex,
    readings: Readings,
    role: Role,
    place: NDArray[np.int32],
    span: Span,
    as_of: int | None,
) -> Values | None:
    meters = meters_of(index, (role,), place, span)
    if not meters.series.size:
        return None
    own = readings.columns(meters.series, span, as_of=as_of)
    columns = judged(own, checks([role] * own.series.size))
    joined = meters.of(columns, place)
    joined = alive(joined) if role in SUPPLY_ROLES else joined
    usable = joined.usable()
    return Values(joined.at_us[usable], joined.value[usable])


def dead_meters(
    index: SeriesIndex,
    readings: Readings,
    places: NDArray[np.int32],
    span: Span,
    as_of: int | None = None,
) -> list[DeadMeter]:
    """Spans in which a station's supply meter showed 0.0 °C, by role, station and begin."""
    found = []
    for role in SUPPLY_ROLES:
        meters = meters_of(index, (role,), places, span)
        columns = meters.of(
            readings.columns(meters.series, span, as_of=as_of), np.unique(meters.place)
        )
        for row, place in enumerate(np.unique(meters.place).tolist()):
            interval_us = int(meters.interval_s[meters.place == place].max()) * SECOND_US
            for since, until in _zeros(columns, row, interval_us):
                found.append(
                    DeadMeter(place, role, from_us(since), from_us(min(until, to_us(span.until))))
                )
    return found


def _zeros(columns: Columns, row: int, interval_us: int) -> Iterator[tuple[int, int]]:
    """Runs of exact zeros in a row [µs]: to the next value, else an interval behind the last."""
    at, value, mark = columns.of(row)
    timed = TIMED_MARKS[mark]
    at, dead = at[timed], (value[timed] == 0) & (mark[timed] == Quality.GOOD)
    edges = np.flatnonzero(np.diff(np.concatenate([[0], dead.astype(np.int8), [0]])))
    for first, end in edges.reshape(-1, 2).tolist():
        yield int(at[first]), int(at[end]) if end < at.size else int(at[-1]) + interval_us


def dead_reason(dead: DeadMeter) -> Judgement:
    """A dead meter's time as a judgement."""
    return Judgement(Answer.METER_WRONG, msg("{role} of 0.0 °C", role=role_name(dead.role.code)))
