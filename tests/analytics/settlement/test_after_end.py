"""Readings after the season's end: only series of which they change a judgement in it are found."""

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from analytics.facts.snapshot import Snapshot
from analytics.settlement.after_end import rejudged, tail, window
from domain.columns import Columns
from domain.plausible import rule
from domain.quantity import Role
from domain.time import HOUR_US, Span, to_us
from tests.analytics.cities import city

STEP = HOUR_US // 4


@pytest.fixture(scope="module")
def snapshot() -> Snapshot:
    made, _ = city(range(4), "CN-HA-2018")
    checks = tuple(rule(each) for each in (Role.ROOM_TEMPERATURE, Role.OUTDOOR_TEMPERATURE))
    return replace(made, checks=checks)


def of(values: dict[int, list[int]], until_us: int) -> Columns:
    """Readings every 15 minutes, the last of each series one step before the instant. [µs]"""
    sizes = [len(each) for each in values.values()]
    at = [until_us + STEP * np.arange(-n, 0, dtype=np.int64) for n in sizes]
    every = [np.array(each, dtype=np.int64) for each in values.values()]
    offsets = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
    return Columns(
        np.array([*values], dtype=np.int32), offsets, np.concatenate(at), np.concatenate(every),
        np.zeros(int(offsets[-1]), dtype=np.uint8),
    )  # fmt: skip


def some(columns: Columns, span: Span, series: NDArray[np.int32]) -> Columns:
    """What a lake gives of these series: those that are not there have no rows."""
    inside = columns.within(span)
    start, size = inside.slices(series)
    rows = np.concatenate([np.arange(a, a + n) for a, n in zip(start, size, strict=True)])
    rows, offsets = rows.astype(np.int64), np.concatenate([[0], np.cumsum(size)]).astype(np.int64)
    return Columns(
        series, offsets, inside.at_us[rows], inside.value[rows], inside.mark[rows]
    )  # fmt: skip


def test_only_a_series_that_goes_on_standing_still_is_judged_otherwise(snapshot: Snapshot) -> None:
    ids = np.unique(snapshot.series.columns[0]).astype(np.int32)
    still, moving = int(ids[0]), int(ids[1])
    alone = int(ids[2])  # stands still after the end alone
    hours = 60 * 4  # on each side of the end
    end = to_us(snapshot.season.read_span.until)
    wave = [20_000 + i % 5 for i in range(2 * hours)]
    values = {
        still: [*wave[: hours - 40 * 4], *[19_001] * (hours + 40 * 4)],
        moving: wave,
        alone: [*wave[:hours], *[19_001] * hours],
    }
    later = of(values, end + hours * STEP)
    before = later.within(Span(window(snapshot).since, tail(snapshot).since))
    wanted = np.sort(np.array([still, moving, alone, int(ids.max()) + 1], dtype=np.int32))
    found = rejudged(
        snapshot, wanted,
        lambda part: some(before, window(snapshot), part),
        lambda part: some(later, window(snapshot), part),
    )  # fmt: skip
    assert found.tolist() == [still]


def test_a_run_without_rules_reads_nothing_after_the_end(snapshot: Snapshot) -> None:
    plain = replace(snapshot, checks=())
    assert tail(plain).since == tail(plain).until
    assert tail(snapshot).until > tail(snapshot).since == snapshot.season.read_span.until
