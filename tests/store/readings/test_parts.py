"""Row groups as slices: the same rows whether the times were decoded or not."""

from typing import Any

import numpy as np
import pytest

from domain.time import to_us
from store.lake import files
from store.readings import parts
from store.readings.footers import Footers
from store.readings.parts import NO_HIGH, NO_LOW, Part, Wanted, read_parts
from store.readings.readings import Readings
from tests.store.batches import NOW, START, YEAR, hours, row, table
from tests.store.readings.kept import readings

__all__ = ["readings"]  # fixtures

HOUR = 3_600_000_000
SERIES = np.array([1, 2, 4], dtype=np.int32)


class NoFooters(Footers):
    """As before there were any."""

    def get(self, place: Any, file: Any) -> None:
        return None


def wanted(first: int = 0, last: int = 8000) -> Wanted:
    """Between two hours of the year, the last included."""
    us = to_us(START)
    season = (us + 10 * HOUR, us + 400 * HOUR)
    return Wanted(SERIES, (us + first * HOUR, us + last * HOUR), season, 4 * HOUR)


def said(found: list[Part]) -> list[list[Any]]:
    kept = np.ones(SERIES.size, dtype=np.bool_)
    rows = []
    for part in found:
        run = part.run(SERIES, kept)
        rows.append([run.series.tolist(), run.at_us.tolist(), run.value.tolist(), run.mark is None])
    return rows


@pytest.mark.parametrize(("first", "last"), [(0, 8000), (3, 8000), (20, 390), (390, 391), (9, 9)])
def test_decoded_times_and_stretches_say_the_same(
    readings: Readings, monkeypatch: pytest.MonkeyPatch, first: int, last: int
) -> None:
    for module in (files, parts):
        monkeypatch.setattr(module, "ROW_GROUP", 128)
    monkeypatch.setattr("store.readings.footers.ROW_GROUP", 128)
    late = [each for each in hours(400, series=2) if each[1] not in (50, 51)]
    readings.import_table(table([*hours(400), *late, *hours(400, series=3)]), NOW)
    each = readings.lake.snapshot().files
    regular = read_parts(readings.lake.place, each, wanted(first, last), 9, Footers())
    decoded = read_parts(readings.lake.place, each, wanted(first, last), 9, NoFooters())
    rows = [[row for part in said(found) for row in part[1]] for found in (regular, decoded)]
    assert rows[0] == rows[1]
    assert all(part.at_us.size == 0 for part in regular)
    assert all(part.value.size <= 2 * (part.end - part.start).sum() for part in regular), (
        "a few homes of a city do not hold all its rows"
    )
    assert not any(part.repeats.any() for part in (*regular, *decoded))
    assert extremes(regular) == extremes(decoded)


def extremes(found: list[Part]) -> dict[int, tuple[int, int]]:
    """Least and greatest value of each wanted series."""
    said: dict[int, tuple[int, int]] = {}
    for part in found:
        for i, low, high in zip(
            *(x.tolist() for x in (part.wanted, part.low, part.high)), strict=True
        ):
            least, most = said.get(i, (low, high))
            said[i] = min(least, low), max(most, high)
    return said


def test_extremes_and_what_is_known_are_of_usable_values(readings: Readings) -> None:
    rows = [*hours(300, first=20), row(2, 5, 19_000), row(2, 6, 20_500), row(4, 30, 1, quality=2)]
    readings.import_table(table(rows), NOW)
    found = read_parts(readings.lake.place, readings.lake.snapshot().files, wanted(), 9, Footers())
    assert extremes(found) == {0: (20_020, 20_319), 1: (19_000, 20_500), 2: (NO_LOW, NO_HIGH)}
    (part,) = found
    assert part.known.tolist() == [1, -1, -1], "the first value was there before it was seen"


def test_a_flush_that_came_later_is_not_seen(readings: Readings) -> None:
    readings.import_table(table(hours(300)), NOW)
    readings.import_table(table(hours(300, series=2)), NOW)
    each = readings.lake.snapshot().files
    found = read_parts(readings.lake.place, each, wanted(), 1, Footers())
    assert [part.wanted.tolist() for part in found] == [[0]]
    assert YEAR.since == START
