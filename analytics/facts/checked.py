"""Readings as a settlement takes them: judged by the rules that its snapshot froze."""

from collections.abc import Callable
from dataclasses import replace
from typing import Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from analytics.facts.snapshot import OUTDOOR, ROOM, Snapshot
from domain.columns import Columns
from domain.plausible import Checks
from store.readings.plausible import judged

Source = Callable[[NDArray[np.int32]], Columns]


@runtime_checkable
class Sifts(Protocol):
    """A source that need not make the readings of warm homes, most of a city, to know that they are."""

    def sift(
        self, series: NDArray[np.int32], owner: NDArray[np.int64], whole: NDArray[np.bool_],
        limit: int, season_us: tuple[int, int], rule: tuple[int, ...],
    ) -> Columns:  # fmt: skip
        """Resolved readings of the series (n,), increasing.

        All of those that are `whole` (n,), or of whose `owner` (n,) any series has a usable value
        below `limit`, or none in `season_us` (half-open) that would stay usable under `rule`
        (`domain.plausible`); of others it may be one such value.
        """
        ...


def checked(snapshot: Snapshot, columns_of: Source) -> Source:
    """`columns_of` with what can't be true marked; as it is where the snapshot has no rules.

    Runs of before there were rules are recomputed without, as they were settled.
    """
    if not snapshot.checks:
        return columns_of
    if isinstance(columns_of, Sifts):
        return _Sifted(snapshot, columns_of)
    return _Checked(snapshot, columns_of)


class _Checked:
    def __init__(self, snapshot: Snapshot, columns_of: Source) -> None:
        self._snapshot = snapshot
        self._columns_of = columns_of

    def __call__(self, series: NDArray[np.int32]) -> Columns:
        return self._judged(self._columns_of(series))

    def _judged(self, columns: Columns) -> Columns:
        meters = self._are_meters(columns.series)
        if meters.size and meters.all():
            return columns
        outdoor = np.isin(columns.series, self._snapshot.outdoor)
        found = judged(columns, Checks(self._snapshot.checks, np.where(outdoor, OUTDOOR, ROOM)))
        if not meters.any():
            return found
        registers = np.repeat(meters, np.diff(columns.offsets))
        return replace(found, mark=np.where(registers, columns.mark, found.mark))

    def _are_meters(self, series: NDArray[np.int32]) -> NDArray[np.bool_]:
        """(n,) Registers count up: what a temperature can be says nothing of them."""
        meters = self._snapshot.meters
        if meters is None:
            return np.zeros(series.size, dtype=np.bool_)
        return np.isin(series, meters.columns[2])


class _Sifted(_Checked):
    """The value that stands for a warm series is judged, too: nothing about it can be said against it."""

    def sift(
        self, series: NDArray[np.int32], owner: NDArray[np.int64], whole: NDArray[np.bool_],
        limit: int, season_us: tuple[int, int], rule: tuple[int, ...],
    ) -> Columns:  # fmt: skip
        source = self._columns_of
        assert isinstance(source, Sifts)
        return self._judged(source.sift(series, owner, whole, limit, season_us, rule))
