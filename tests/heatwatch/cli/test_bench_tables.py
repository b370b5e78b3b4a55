"""How the answers of `heatwatch bench` look."""

from typing import Any

from rich.console import Console

from heatwatch.bench.settle import flatness, targets
from heatwatch.cli.bench_tables import day_table, settle_table

NAMES = ("seconds", "wall_seconds", "cpu_seconds", "cpu_us_per_household", "times_first")


def city(households: int, seconds: float) -> dict[str, Any]:
    side = {**dict.fromkeys(NAMES, seconds), "peak_mb": 100.0}
    found = {
        "households": households, "readings": households * 2904, "interval_s": 3600, "cores": 2,
        "sides": {"heatwatch": side, "polars": side}, "one_day": side, "one_day_polars": side,
        "correction": side | {"of_draft": side}, "correction_as_city": side, "times_polars_cpu": 1.5,
        "explicit_times": {"read_gb_s": 40.0, "sift_gb_s": 28.26, "of_read": 0.7065},
    }  # fmt: skip
    return found | {"targets": targets(found)}


def shown(answer: dict[str, Any]) -> str:
    console = Console(width=200)
    with console.capture() as captured:
        console.print(settle_table(answer))
    return captured.get()


def test_a_row_for_each_size_and_program() -> None:
    sizes = [city(10_000, 1.25), city(50_000, 1.75), city(100_000, 2.5)]
    both = shown({"sizes": sizes[::2], "flat": flatness(sizes)})
    assert "29,040,000 + 290,400,000 readings of 3,600 s" in both
    assert "28.3 GB/s, 71 %" in both
    words = ("│ polars", "one day, polars", "correction, 1 in 10 cold", "correction, all cold")
    assert [both.count(each) for each in words] == [2, 2, 2, 2]
    assert "differs between sizes by at most" in both
    alone = shown(city(10_000, 1.25))
    assert alone.count("│ polars") == 1
    assert "differs between sizes" not in alone


def test_the_day_shows_each_command_and_whether_all_hold() -> None:
    side = {"seconds": 1.234, "wall_seconds": 2.345, "cpu_seconds": 3.456, "peak_mb": 700.4}
    answer = {
        "households": 500_000, "stations": 3_125, "cores": 2, "reached": False,
        "sides": dict.fromkeys(("comfort", "outages", "daily report", "polars"), side),
        "target": {"seconds": 60.0, "peak_mb": 2000.0},
    }  # fmt: skip
    console = Console(width=160)
    with console.capture() as captured:
        console.print(day_table(answer))
    found = captured.get()
    assert "One day of 500,000 households and 3,125 stations" in found
    assert [found.count(each) for each in ("1.23", "2.35", "3.46", "700", "daily report")] == [
        4,
        4,
        4,
        4,
        1,
    ]
    assert "each: 60 s and 2,000 MB: no" in found
