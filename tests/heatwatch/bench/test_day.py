"""The bench of a day: each command ends, over the same city for all."""

import json
from pathlib import Path

import pytest

from heatwatch.bench.day import COMMANDS, FIGURES, bench_day
from heatwatch.bench.day_city import DayCity


def quiet(_done: int) -> None:
    """No progress in tests."""


@pytest.mark.compiled
def test_each_command_answers_for_the_day_of_the_city(tmp_path: Path) -> None:
    answer = bench_day(DayCity(320, cold=0.2), tmp_path, quiet)
    assert (answer["households"], answer["stations"]) == (320, 2)
    assert list(answer["sides"]) == [*COMMANDS, "polars"]
    assert answer["sides"]["polars"]["rooms"] == 320
    assert answer["reached"] is all(
        answer["sides"][name]["wall_seconds"] <= 60 and answer["sides"][name]["peak_mb"] <= 2000
        for name in FIGURES
    )
    said = {name: (tmp_path / "city" / f"{name}.out").read_text("utf-8") for name in COMMANDS}
    assert "S1-00000" in said["outages"], "the station that stopped"
    assert "S1-00001" not in said["outages"]
    files = [path.name for path in (tmp_path / "city/daily report").rglob("*") if path.is_file()]
    assert files
    told = json.loads((next((tmp_path / "city/daily report").rglob("*.json"))).read_text("utf-8"))
    assert told
    figures = [path.name for path in (tmp_path / "city/day's figures").rglob("*") if path.is_file()]
    assert [Path(name).suffix for name in figures] == [".json"]
