"""Many random seasons put together as one city: one snapshot, one set of columns."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from analytics.facts.facts_file import from_facts
from analytics.facts.snapshot import Snapshot
from analytics.heat.ragged import Ragged
from analytics.law.calculator import Source
from analytics.settlement.results import Result
from domain.columns import Columns
from domain.plausible import Checks
from simulators.law import record_worlds as counts
from store.readings.plausible import judged
from tests.analytics.seasons import random_season


def answer_of(result: Result) -> dict[str, Any]:
    """A result in the form of the reference seasons."""
    lines = [
        {
            "kind": line.kind,
            "from": line.first.isoformat(),
            "to": line.last.isoformat(),
            "days": str(line.days),
            "share": str(line.share),
            "amount": str(line.amount),
        }
        | ({"room": line.room} if line.room else {})
        | ({"payer": line.payer} if line.payer else {})
        for line in result.lines
    ]
    return {"total": str(result.total), "undetermined": result.undetermined, "lines": lines}


def joined(parts: Sequence[Ragged], shift: Sequence[int] = ()) -> Ragged:
    """Owners one part after the other; `shift` is added to each part's first column."""
    offsets = np.concatenate([[0], np.cumsum(np.concatenate([each.count() for each in parts]))])
    columns = [np.concatenate(each) for each in zip(*(p.columns for p in parts), strict=True)]
    if shift:
        sizes = [each.columns[0].size for each in parts]
        columns[0] = columns[0] + np.repeat(np.array(shift, dtype=np.int64), sizes)
    return Ragged(offsets.astype(np.int64), tuple(columns))


def city(
    seeds: Sequence[int], policy: str, made: Callable[[int, str], Any] | None = None
) -> tuple[Snapshot, Columns]:
    """One household a seed; every third has standing consent instead of requests.

    `made` makes the season of a seed; without it those that the shipped policies are tried with.
    """
    made = made or (counts.random_season if policy in counts.SEASONS else random_season)
    homes = [from_facts(made(seed, policy), policy) for seed in seeds]
    shots = [each.snapshot for each in homes]
    rooms = [len(each.room_code) for each in shots]
    before = [int(each) for each in np.cumsum([0, *rooms[:-1]])]
    snapshot = replace(
        shots[0],
        household=np.arange(1, len(shots) + 1, dtype=np.int32),
        code=tuple(f"home-{seed}" for seed in seeds),
        fee=tuple(each.fee[0] for each in shots),
        currency=("CNY",) * len(shots),
        consent=np.arange(len(shots)) % 3 == 0,
        rooms=joined([each.rooms for each in shots], before),
        room_code=tuple(code for each in shots for code in each.room_code),
        series=joined([each.series for each in shots], before),
        measurements=joined([each.measurements for each in shots]),
        requests=joined([each.requests for each in shots]),
        outages=joined([each.outages for each in shots]),
        faults=joined([each.faults for each in shots]),
        refusals=joined([each.refusals for each in shots]),
        area=tuple(area for each in shots for area in each.area),
        room_area=tuple(area for each in shots for area in each.room_area),
    )
    columns = [each.columns for each in homes]
    sizes = np.concatenate([np.diff(each.offsets) for each in columns])
    return snapshot, Columns(
        np.arange(1, sum(rooms) + 1, dtype=np.int32),
        np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64),
        np.concatenate([each.at_us for each in columns]),
        np.concatenate([each.value for each in columns]),
        np.concatenate([each.mark for each in columns]),
    )


def source(columns: Columns) -> Source:
    """Serves the columns of the series that are asked for."""

    def columns_of(series: NDArray[np.int32]) -> Columns:
        parts = [columns.of(int(each)) for each in series]
        sizes = [part[0].size for part in parts]
        at, value, mark = (np.concatenate([part[i] for part in parts]) for i in range(3))
        offsets = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
        return Columns(series, offsets, at, value, mark)

    return columns_of


class Brief:
    """The same source, but of a home that is warm throughout it has one value a series."""

    def __init__(self, columns: Columns) -> None:
        self._full = source(columns)
        self.left_out = 0  # readings

    def __call__(self, series: NDArray[np.int32]) -> Columns:
        return self._full(series)

    def sift(
        self, series: NDArray[np.int32], owner: NDArray[np.int64], whole: NDArray[np.bool_],
        limit: int, season_us: tuple[int, int], rule: tuple[int, ...],
    ) -> Columns:  # fmt: skip
        found = self._full(series)
        cold = np.flatnonzero(found.usable() & (found.value < limit))
        true = judged(found, Checks((rule,), np.zeros(series.size, dtype=np.int64)))
        usable, at = true.usable(), found.at_us
        inside = usable & (at >= season_us[0]) & (at < season_us[1])
        row = np.repeat(np.arange(series.size), np.diff(found.offsets))
        kept = {int(owner[i]) for i in np.flatnonzero(whole)}
        kept |= {int(owner[row[k]]) for k in cold}
        kept |= {int(owner[i]) for i in range(series.size) if not inside[row == i].any()}
        keep = np.isin(owner[row], list(kept))
        first = [np.flatnonzero(inside & (row == i))[:1] for i in range(series.size)]
        keep[np.concatenate(first)] = True
        self.left_out += int((~keep).sum())
        sizes = np.bincount(row[keep], minlength=series.size)
        offsets = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
        return Columns(series, offsets, at[keep], found.value[keep], found.mark[keep])
