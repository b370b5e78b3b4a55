"""Heat of a place from its volume register and its temperatures, where no meter has worked it out.

Each step of the volume register is multiplied by the heat coefficient at the mean temperatures of its time (EN 1434-1,
`analytics.heat.water`). Where the return is warmer a meter for heating counts nothing, and so does this.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analytics.heat.comfort import means
from analytics.heat.energy import Consumption
from analytics.heat.meters import AROUND, Meters
from analytics.heat.registers import Counted, Registers, State, counted
from analytics.heat.stations import alive, meters_of
from analytics.heat.water import PRESSURE_BAR, Sensor, heat_of_volume
from analytics.kernels import registers as kernel
from domain.columns import Columns, IntArray
from domain.plausible import all_of
from domain.quantity import Role
from domain.time import Span, from_us
from domain.tree import PlaceKind
from store.readings.plausible import plausible

#: The pair of temperatures of a place: of a station the side that its supplier meters, where it is measured.
PAIRS = (
    (Role.PRIMARY_SUPPLY_TEMPERATURE, Role.PRIMARY_RETURN_TEMPERATURE),
    (Role.SUPPLY_TEMPERATURE, Role.RETURN_TEMPERATURE),
)
#: What of a step's time its temperatures must be known for. [1]
LEAST_KNOWN = 0.5


@dataclass(frozen=True, slots=True)
class Pipe:
    """The flow sensor's place, and the water's pressure."""

    sensor: Sensor = "return"
    pressure_bar: float = PRESSURE_BAR  # [bar]


def heat_from_volume(
    meters: Meters, root: int, kind: PlaceKind, edges_us: IntArray, pipe: Pipe
) -> Iterator[Consumption]:
    """Heat of each place of a kind below `root` that has a volume register, one after the other.

    Parameters
    ----------
    meters : Meters
        Of the role VOLUME.
    edges_us : (b + 1,) int64
        As `consumption` takes them. [µs]

    Raises
    ------
    ValueError
        As `heat_of_volume`.
    """
    span = Span(from_us(edges_us[0]), from_us(edges_us[-1]))
    registers = meters.placed(meters.network.within(root).of_kind(kind), span)
    for place in np.unique(registers.place):
        yield _of_place(meters, registers.some(registers.place == place), span, edges_us, pipe)


def _of_place(
    meters: Meters, registers: Registers, span: Span, edges_us: IntArray, pipe: Pipe
) -> Consumption:
    columns = meters.read(registers, span)
    fine = _steps(columns, edges_us)
    litres = counted(columns, registers, fine)
    warm, cold = _temperatures(meters, int(registers.place[0]), span, fine)
    wh = heat_of_volume(litres.amount[0], warm, cold, pipe.sensor, pipe.pressure_bar)
    return _by_bin(litres, wh, edges_us)


def _steps(columns: Columns, edges_us: IntArray) -> IntArray:
    """The edges, and every instant between them at which the register was read. [µs]"""
    at = columns.at_us[columns.usable()]
    inside = at[(at > edges_us[0]) & (at < edges_us[-1])]
    return np.unique(np.concatenate([edges_us, inside])).astype(np.int64)


def _temperatures(
    meters: Meters, place: int, span: Span, fine: IntArray
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """(m,) mean supply and return temperature of each step [Cel], NaN where it is not known."""
    at = np.array([place], dtype=np.int32)
    for pair in PAIRS:
        found = [meters_of(meters.index, (role,), at, span) for role in pair]
        if all(each.series.size for each in found):
            break
    else:
        nothing = np.full(fine.size - 1, np.nan)
        return nothing, nothing
    sides = []
    for role, each in zip(pair, found, strict=True):
        wide = Span(span.since - AROUND, span.until)
        checks = all_of(role, each.series.size)
        read = plausible(meters.readings, each.series, wide, checks, as_of=meters.as_of)
        own = alive(each.of(read, at))
        interval = np.array([int(each.interval_s.max())])
        sides.append(means(own, interval, fine).floats(LEAST_KNOWN)[0] / 1000.0)
    return sides[0], sides[1]


def _by_bin(litres: Counted, wh: NDArray[np.float64], edges_us: IntArray) -> Consumption:
    first = np.searchsorted(litres.edges_us[:-1], edges_us[:-1])
    idle = litres.amount[0] == 0
    unknown = (litres.state[0] == State.UNKNOWN) | (np.isnan(wh) & ~idle)
    known_wh = np.where(np.isnan(wh), 0.0, np.maximum(wh, 0.0))
    marks = litres.marks[0] | np.where(np.isnan(wh) & ~idle, kernel.TEMPERATURES, 0)
    shared = np.where(marks & kernel.SHARED, known_wh, 0.0)
    amount, part = (
        np.rint(np.add.reduceat(each, first)).astype(np.int64) for each in (known_wh, shared)
    )
    ones = np.ones((1, first.size), dtype=np.int64)
    return Consumption(
        place=litres.place, edges_us=edges_us, amount=amount[np.newaxis], shared=part[np.newaxis],
        known=ones - np.logical_or.reduceat(unknown, first)[np.newaxis], meters=ones,
        own=ones.astype(np.bool_), marks=np.bitwise_or.reduceat(marks, first)[np.newaxis],
    )  # fmt: skip
