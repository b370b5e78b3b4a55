"""The readings of a piece of the city: in full where anything depends on them."""

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from analytics.facts.checked import Sifts
from analytics.facts.placements import uneven
from analytics.facts.snapshot import ROOM, Snapshot
from analytics.heat.ragged import Ragged
from analytics.law.calculator import Calculator, OfTheCold, Source
from domain.columns import Columns
from domain.plausible import rule
from domain.quantity import Role

BoolArray = NDArray[np.bool_]


def limit_of(calculators: Iterable[Calculator], snapshot: Snapshot) -> int | None:
    """Of homes that are never below it only whether there are readings matters; None: no such."""
    reading = [each for each in calculators if each.reads(snapshot).any()]
    limits = [each.standard for each in reading if isinstance(each, OfTheCold)]
    return max(limits) if limits and len(limits) == len(reading) else None


def read(part: Snapshot, columns_of: Source, limit: int | None) -> Columns:
    """The readings of the part's series."""
    ids, first = np.unique(part.series.columns[0], return_index=True)
    series = ids.astype(np.int32)
    if limit is None or not isinstance(columns_of, Sifts):
        return columns_of(series)
    home = _owners(part.rooms)[_owners(part.series)][first]
    recorded = np.diff(part.measurements.offsets[part.rooms.offsets]) > 0
    whole = (recorded | uneven(part))[home]
    season = part.season.since_us, part.season.end_us
    can_be = part.checks[ROOM] if part.checks else rule(Role.ROOM_TEMPERATURE)
    return columns_of.sift(series, home, whole, limit, season, can_be)


def _owners(ragged: Ragged) -> NDArray[np.int64]:
    return np.repeat(np.arange(ragged.offsets.size - 1), ragged.count())
