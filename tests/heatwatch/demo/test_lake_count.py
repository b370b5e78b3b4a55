"""Rows of a lake counted by another program than the one that wrote them."""

from pathlib import Path

from heatwatch.demo.lake_count import count
from store.lake.lake import Lake
from tests.tiny import tiny_city


def test_all_rows_of_the_feed_are_counted_and_no_others(tmp_path: Path) -> None:
    tiny_city(tmp_path)
    quarters = 12 + 96  # three hours before the day, and the day
    readings = 4 * quarters + (12 + 48)  # four whole series, one that is silent by noon
    assert count(str(tmp_path / "lake"), [1]) == {
        "readings": readings, "messages": readings, "identities": readings, "flush": 1,
    }  # fmt: skip
    assert count(str(tmp_path / "lake"), [2])["readings"] == 0


def test_an_empty_lake_counts_nothing(tmp_path: Path) -> None:
    Lake.open(str(tmp_path / "lake"))
    nothing = {"readings": 0, "messages": 0, "identities": 0, "flush": 0}
    assert count(str(tmp_path / "lake"), [1]) == nothing
