"""The time column of a file as UTC, whatever clock wrote it."""

import re
from dataclasses import dataclass

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from domain.language import Text, msg
from ingest.files.cells import text_buffers
from ingest.files.epochs import epochs, serials
from ingest.files.mapping import FileMapping
from ingest.kernels import text
from ingest.mapping.time_format import TimeFormat, patterns_for, year_first
from ingest.mapping.times import YEAR_2200_US
from ingest.mapping.written import SERIALS

Ints = NDArray[np.int64]
Mask = NDArray[np.bool_]

NO_TIME = msg("not a time, e.g. 2024-11-17T06:00:00Z or 2024-11-17 06:00:00")
NO_ZONE = msg("time without offset, and the mapping names no zone")
SKIPPED = msg(
    "does not exist: the zone's clock change skips it"
    " (skipped_hour = 'shift' reads it with the old offset)"
)
_DAYS = re.compile(r"(\d{5})([.]\d+)?", re.ASCII)
#: Digits of a time of today in each unit.
_UNITS = {10: "s", 13: "ms", 16: "us", 19: "ns"}
OUTSIDE = msg("lies outside 1970 to 2199")


@dataclass(frozen=True, slots=True)
class Times:
    """(n,) event times [µs UTC]; where `why` is not "" but a `Text` the row has none, for that reason."""

    at_us: Ints
    why: NDArray[np.object_]
    corrected: Mask  # written in another unit than declared


def read_times(
    column: pa.Array, mapping: FileMapping, clocks: NDArray[np.int64], *, typed: bool = False
) -> Times:
    """`clocks` (n,) tells the rows of different clocks apart, for the order in the repeated hour.

    `typed`: cells of dates stand as ISO 8601 beside those in the mapping's form.
    """
    why = np.full(len(column), "", dtype=object)
    corrected = np.zeros(len(column), dtype=np.bool_)
    at_us, local = _parse(column, mapping, typed, why, corrected)
    if local.any():
        _to_utc(at_us, local, mapping, clocks, why)
    good = why == ""
    why[good & ((at_us < 0) | (at_us >= YEAR_2200_US))] = OUTSIDE
    return Times(at_us, why, corrected)


def _parse(
    column: pa.Array,
    mapping: FileMapping,
    typed: bool,
    why: NDArray[np.object_],
    corrected: Mask,
) -> tuple[Ints, Mask]:
    """(µs, whether it is local time) of each cell."""
    kind = column.type
    if pa.types.is_timestamp(kind):
        missing = column.is_null().to_numpy(zero_copy_only=False)
        why[missing] = NO_TIME
        micros = column.fill_null(0).cast(pa.timestamp("us", kind.tz), safe=False)
        at_us = micros.cast(pa.int64()).to_numpy(zero_copy_only=False)
        return at_us.copy(), np.full(len(column), kind.tz is None)
    if mapping.time_unit != "iso":
        if mapping.thousands and pa.types.is_string(kind):
            column = pc.replace_substring(column, mapping.thousands, "")
        at_us, corrected[:] = epochs(column, mapping.time_unit, why)
        return at_us, np.zeros(len(column), dtype=np.bool_)
    return _written(column, mapping, typed, why)


def _written(
    column: pa.Array, mapping: FileMapping, typed: bool, why: NDArray[np.object_]
) -> tuple[Ints, Mask]:
    """Texts by the mapping's patterns, else ISO 8601 and what begins with its year as plainly."""
    at_us = np.zeros(len(column), dtype=np.int64)
    state = np.zeros(len(column), dtype=np.uint8)
    if typed or not mapping.time_format:
        text.read_times(*text_buffers(column), at_us, state)
    for pattern in mapping.time_format or year_first():
        left = np.flatnonzero(state == 0)
        if not left.size:
            break
        cells = column if left.size == len(column) else column.take(pa.array(left))
        if isinstance(pattern, str) and pattern in SERIALS:
            at_us[left], state[left] = serials(cells, SERIALS[pattern])
            continue
        form = TimeFormat.of(pattern) if isinstance(pattern, str) else pattern
        found, kind = np.zeros(left.size, dtype=np.int64), np.zeros(left.size, dtype=np.uint8)
        form.read(*text_buffers(cells), found, kind)
        at_us[left], state[left] = found, kind
    why[state == 0] = NO_TIME if not mapping.time_format else _unlike(mapping)
    return at_us, state == text.LOCAL


def _unlike(mapping: FileMapping) -> object:
    written = ", ".join(map(repr, mapping.time_format))
    return msg("not a time as time_format = {written} says", written=written)


def _to_utc(
    at_us: Ints, local: Mask, mapping: FileMapping, clocks: Ints, why: NDArray[np.object_]
) -> None:
    """Turns local times into UTC in place."""
    if mapping.zone is None:
        why[local] = NO_ZONE
        return
    if mapping.offset_us is not None:
        at_us[local] -= mapping.offset_us
        return
    rows = np.flatnonzero(local & (why == ""))
    wall = pd.DatetimeIndex(at_us[rows].astype("M8[us]"))
    first = np.ones(rows.size, dtype=np.bool_)
    strict = wall.tz_localize(mapping.zone, ambiguous="NaT", nonexistent="shift_forward")
    repeated = np.asarray(strict.isna())
    if repeated.any() and mapping.repeated_hour != "first":
        at = np.flatnonzero(repeated)
        first[at] = _first_pass(at_us[rows], at, clocks[rows], mapping.repeated_hour)
    utc = wall.tz_localize(mapping.zone, ambiguous=first, nonexistent="NaT")
    skipped = np.asarray(utc.isna())
    if skipped.any() and mapping.skipped_hour == "shift":
        # The old offset, which holds a day before, moves a skipped time past the gap.
        before = (wall[skipped] - pd.Timedelta(days=1)).tz_localize(
            mapping.zone, ambiguous=True, nonexistent="shift_forward"
        )
        shifted = before.tz_convert("UTC").tz_localize(None) + pd.Timedelta(days=1)
        at_us[rows[skipped]] = shifted.to_numpy().astype("M8[us]").astype(np.int64)
    elif skipped.any():
        why[rows[skipped]] = SKIPPED
    there = ~skipped
    found = utc[there].tz_convert("UTC").tz_localize(None).to_numpy().astype("M8[us]")
    at_us[rows[there]] = found.astype(np.int64)


def _first_pass(wall_us: Ints, at: Ints, clocks: Ints, rule: str) -> Mask:
    """Which of the rows `at`, all in a repeated hour, are of its first pass.

    In the order in which one clock wrote them, the second pass begins where it steps back.
    """
    if rule == "second":
        return np.zeros(at.size, dtype=np.bool_)
    first = np.ones(at.size, dtype=np.bool_)
    hours = np.flatnonzero(np.isin(clocks, clocks[at]))
    order = hours[np.argsort(clocks[hours], kind="stable")]
    place = np.full(wall_us.size, -1, dtype=np.int64)
    place[at] = np.arange(at.size)
    starts = np.flatnonzero(np.diff(clocks[order], prepend=-1))
    for rows in np.split(order, starts[1:]):
        steps = np.sign(np.diff(wall_us[rows]))
        _passes(wall_us, rows if steps.sum() >= 0 else rows[::-1], place, first)
    return first


def _passes(wall_us: Ints, rows: Ints, place: Ints, first: Mask) -> None:
    """Rows of one clock, oldest first: those after a step back in their night are no first pass."""
    latest: dict[int, int] = {}
    second: set[int] = set()
    for row in rows[place[rows] >= 0].tolist():
        wall = int(wall_us[row])
        night = wall // 86_400_000_000
        if wall <= latest.get(night, -1):
            second.add(night)
        latest[night] = wall
        first[place[row]] = night not in second


def time_hint(text: str, mapping: FileMapping) -> Text | str:
    """What of the mapping would read a time that was not read."""
    if mapping.time_unit != "iso":
        return ""
    if (days := _DAYS.fullmatch(text)) and 20_000 <= int(days[1]) < 80_000:
        return msg("; is the mapping's time_format = {form}?", form="'excel'")
    if unit := _UNITS.get(len(text) if text.isdecimal() else 0):
        return msg("; is the mapping's time_unit = {unit}?", unit=repr(unit))
    forms = [each for each in patterns_for(text[:100]) if each not in mapping.time_format]
    return (
        msg("; is the mapping's time_format = {form}?", form=" / ".join(map(repr, forms)))
        if forms
        else ""
    )


def as_text(column: pa.Array, row: int) -> str:
    """One cell for a person."""
    value = pc.cast(column.slice(row, 1), pa.string())[0].as_py()
    return "" if value is None else str(value)
