"""How much of a span each series knows: readings, unusable ones, gaps."""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Engine

from domain.errors import WrongCall
from domain.quality import Quality
from domain.quantity import Role
from domain.time import HOUR_US, Span, to_us
from store.readings.readings import Readings
from store.registry.places import Tree
from store.registry.series import SeriesIndex, tree

#: A reading stands until the next one, for this many declared intervals at most.
HELD_INTERVALS = 2


def covered_us(at_us: NDArray[np.int64], until_us: int, hold_us: int) -> tuple[int, int]:
    """(time that usable readings stand for, longest stretch without one) [µs].

    `at_us` (n,) increasing times of usable readings within the span that ends at `until_us`.

    >>> covered_us(np.array([0, 10, 50]), 60, 20)
    (40, 20)
    """
    if not at_us.size:
        return 0, 0
    steps = np.diff(at_us, append=until_us)
    held = np.minimum(steps, hold_us)
    return int(held.sum()), int((steps - held).max())


def series_coverage(
    readings: Readings, books: Engine, index: SeriesIndex, span: Span, place: str | None
) -> list[dict[str, Any]]:
    """One row per series of the place and below, in order of place, role and device."""
    places = tree(books)
    rows = np.arange(index.series.size)
    if place is not None:
        rows = np.flatnonzero(np.isin(index.place, _below(places, place)))
    columns = readings.columns(index.series[rows], span)
    usable = columns.usable()
    answer = []
    for row in rows.tolist():
        i = int(np.searchsorted(columns.series, index.series[row]))
        part = slice(int(columns.offsets[i]), int(columns.offsets[i + 1]))
        conflicts = int(np.count_nonzero(columns.mark[part] == Quality.CONFLICT))
        known = columns.at_us[part][usable[part]]
        answer.append(_row(index, row, span, known, int(part.stop - part.start), conflicts, places))
    return sorted(answer, key=lambda each: (each["place"], each["role"], each["device"]))


def _below(places: Tree, code: str) -> NDArray[np.int32]:
    """Ids of a place and all below it."""
    if code not in places.codes:
        raise WrongCall(f"place {code!r} is not in the registry")
    place = places.ids[places.codes.index(code)]
    ids: NDArray[np.int32] = places.ids[(places.ancestors == place).any(axis=1)]
    return ids


def _row(
    index: SeriesIndex,
    row: int,
    span: Span,
    known: NDArray[np.int64],
    count: int,
    conflicts: int,
    places: Tree,
) -> dict[str, Any]:
    since = max(to_us(span.since), int(index.since_us[row]))
    until = min(to_us(span.until), int(index.until_us[row]))
    total = max(until - since, 0)
    hold = HELD_INTERVALS * int(index.interval_s[row]) * 1_000_000
    covered, gap = covered_us(known, until, hold)
    before = int(known[0]) - since if known.size else total
    return {
        "place": places.code(int(index.place[row])),
        "role": tuple(Role)[index.role[row]].code,
        "device": index.devices[row],
        "channel": index.channels[row],
        "readings": count,
        "unusable": count - int(known.size) - conflicts,
        "in_conflict": conflicts,
        "covered_hours": round(covered / HOUR_US, 2),
        "missing_hours": round((total - covered) / HOUR_US, 2),
        "longest_gap_hours": round(max(gap, before) / HOUR_US, 2),
    }
