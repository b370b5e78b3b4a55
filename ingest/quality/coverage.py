"""How much of a span each series knows: readings, unusable ones, gaps.

A reading stands as `domain.validity` says, so that this agrees with what comfort and settlement
call known, and what can't be true (`domain.plausible`) is not; a reading from before the span counts where it still stands at its begin.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Engine

from domain.columns import TIMED_MARKS, USABLE_MARKS, Columns
from domain.errors import WrongCall
from domain.language import msg
from domain.plausible import checks
from domain.quality import USABLE, Quality
from domain.time import HOUR_US, Span, to_us
from domain.validity import known_pieces, longest_gap_us, validity_us, with_lead
from store.readings.plausible import plausible
from store.readings.readings import Readings
from store.registry.places import Tree
from store.registry.series import ROLES, SeriesIndex, tree

#: Why a reading is not usable, beside that it contradicts another one.
CAUSES = tuple(mark for mark in Quality if mark not in USABLE and mark is not Quality.CONFLICT)


@dataclass(frozen=True, slots=True)
class Coverage:
    """What is known of one series in [since, until)."""

    readings: int  # rows in it
    unusable: int  # of them, those without a value for another reason than a conflict
    conflicts: int
    causes: tuple[int, ...]  # of the unusable, how many for each of `CAUSES`
    known_us: int  # time for which a value stands [µs]
    total_us: int  # length of the span [µs]
    longest_gap_us: int  # [µs]


def coverage(
    columns: Columns, series: int, interval_s: int, since_us: int, until_us: int
) -> Coverage:
    """Of one series, from its readings also of before `since_us`; the span may be empty. [µs]"""
    at_us, _, mark = columns.of(series)
    inside = (at_us >= since_us) & (at_us < until_us)
    timed = TIMED_MARKS[mark]
    usable = USABLE_MARKS[mark]
    stands_us = int(validity_us(np.array([interval_s]))[0])
    begins, ends = known_pieces(at_us[timed], usable[timed], stands_us, since_us, until_us)
    conflicts = int(np.count_nonzero(inside & (mark == Quality.CONFLICT)))
    return Coverage(
        readings=int(inside.sum()),
        unusable=int(np.count_nonzero(inside & ~usable)) - conflicts,
        conflicts=conflicts,
        causes=tuple(int(np.count_nonzero(inside & (mark == cause))) for cause in CAUSES),
        known_us=int((ends - begins).sum()),
        total_us=max(until_us - since_us, 0),
        longest_gap_us=longest_gap_us(begins, ends, since_us, until_us),
    )


def series_coverage(
    readings: Readings, books: Engine, index: SeriesIndex, span: Span, place: str | None
) -> list[dict[str, Any]]:
    """One row per series of the place and below, in order of place, role and device."""
    places = tree(books)
    rows = np.arange(index.series.size)
    if place is not None:
        rows = np.flatnonzero(np.isin(index.place, _below(places, place)))
    roles = checks(ROLES[role] for role in index.role[rows].tolist())
    columns = plausible(readings, index.series[rows], with_lead(span), roles)
    answer = [_row(index, row, span, columns, places) for row in rows.tolist()]
    return sorted(answer, key=lambda each: (each["place"], each["role"], each["device"]))


def _below(places: Tree, code: str) -> NDArray[np.int32]:
    """Ids of a place and all below it."""
    if code not in places.codes:
        raise WrongCall(msg("place {code!r} is not in the registry", code=code))
    place = places.ids[places.codes.index(code)]
    ids: NDArray[np.int32] = places.ids[(places.ancestors == place).any(axis=1)]
    return ids


def _row(
    index: SeriesIndex, row: int, span: Span, columns: Columns, places: Tree
) -> dict[str, Any]:
    since_us = max(to_us(span.since), int(index.since_us[row]))
    until_us = max(min(to_us(span.until), int(index.until_us[row])), since_us)
    found = coverage(
        columns, int(index.series[row]), int(index.interval_s[row]), since_us, until_us
    )
    return {
        "place": places.code(int(index.place[row])),
        "role": ROLES[index.role[row]].code,
        "device": index.devices[row],
        "channel": index.channels[row],
        "readings": found.readings,
        "unusable": found.unusable,
        "in_conflict": found.conflicts,
        **{cause.name.lower(): n for cause, n in zip(CAUSES, found.causes, strict=True)},
        "covered_hours": round(found.known_us / HOUR_US, 2),
        "missing_hours": round((found.total_us - found.known_us) / HOUR_US, 2),
        "longest_gap_hours": round(found.longest_gap_us / HOUR_US, 2),
    }
