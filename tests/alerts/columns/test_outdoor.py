"""The outdoor temperature beside a reading."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pyarrow as pa

from alerts.columns.outdoor import Outdoor
from domain.time import to_us
from tests.alerts.world import Bench, Say, World, at

Build = Callable[..., World]


def beside(bench: Bench, says: list[Say]) -> list[float]:
    """What holds at S1 when each of its supply readings comes, said as one batch."""
    watched, outdoor = bench.watch.city.watched, bench.watch.provided.outdoor

    table = pa.Table.from_batches([bench.world.batch(says)])
    rows = bench.watch.newest.admit(table, watched, to_us(at(max(say[1] for say in says))))
    outdoor.admit(rows)
    mine = rows.of(watched.series[rows.slot] == bench.world.series["S1.t_sup"])
    place = np.full(mine.slot.size, watched.places.by_code["S1"], dtype=np.int32)
    found: list[float] = outdoor.beside(mine, place).tolist()
    outdoor.settle()
    return found


def outdoor_bench(city: Build) -> Bench:
    bench = Bench(city(outdoor=True))
    made = Outdoor.of(bench.watch.city.watched)
    bench.watch.provided = replace(bench.watch.provided, outdoor=made)
    return bench


def test_a_reading_sees_what_came_before_it_however_batches_are_cut(city: Build) -> None:
    says: list[Say] = [
        ("S1.t_sup", 0, 40.0), ("demo.outdoor", 1, -5.0), ("S1.t_sup", 2, 40.0),
        ("demo.outdoor", 11, 3.0), ("S1.t_sup", 12, 40.0), ("S1.t_sup", 45, 40.0),
        ("S1.t_sup", 46, 40.0),
    ]  # fmt: skip
    expected = [float("nan"), -5.0, 3.0, float("nan"), float("nan")]
    whole = beside(outdoor_bench(city), says)
    assert np.array_equal(whole, expected, equal_nan=True)


def test_the_last_value_of_a_batch_holds_in_the_next(city: Build) -> None:
    bench = outdoor_bench(city)
    assert beside(bench, [("demo.outdoor", 1, -5.0), ("S1.t_sup", 2, 40.0)]) == [-5.0]
    assert beside(bench, [("S1.t_sup", 3, 40.0)]) == [-5.0]
