"""`readings import` killed by SIGKILL at any moment: the next call goes on, and each reading is there once."""

import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from store.lake.lake import Lake
from tests.heatwatch.cli.killed import KILLED, Program, program
from tests.heatwatch.towns import answer, town_without_readings

MAPPING = """
layout = "wide"
device = "d1"
zone = "Asia/Shanghai"
[columns]
time = "at"
[channels]
t = { unit = "Cel" }
"""
ROWS = [
    f"2025-01-{day:02d} {hour:02d}:00:00,{15 + day / 10:.1f}\n"
    for day in range(1, 29)
    for hour in range(24)
]
FILES = 3
#: Before how many writes an import of the files can be killed, about.
MOMENTS = 40
KILLS = 12


@pytest.fixture
def runs() -> Iterator[Program]:
    with program() as started:
        yield started


@pytest.mark.parametrize("seed", [1])
def test_an_import_killed_at_random_moments_keeps_each_reading_once(
    seed: int, runs: Program, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    config, world = town_without_readings(tmp_path)
    world.journal.close()
    world.books.dispose()
    (tmp_path / "mapping.toml").write_text(MAPPING, encoding="utf-8")
    files = []
    for i in range(FILES):
        files.append(tmp_path / f"part-{i}.csv")
        files[i].write_text("at,t\n" + "".join(ROWS[i::FILES]), encoding="utf-8")
    words = ["readings", "import", "--mapping", str(tmp_path / "mapping.toml"), *map(str, files)]
    kept, kills = [], 0
    for moment in random.Random(seed).sample(range(1, MOMENTS + 1), KILLS):
        code = runs.run([*words, "--config", str(config)], moment)
        assert code in (0, KILLED), f"killed before its write {moment}, it ended with {code}"
        kills += code == KILLED
        kept.append(there(config))
    assert kills > 0
    assert kept == sorted(kept), "what was kept stays"
    told = answer(config, capsys, *words)
    assert told["readings"] + told["known"] == len(ROWS)
    assert there(config) == len(ROWS)


def there(config: Path) -> int:
    """How many readings the lake has, each counted as often as it is there."""
    return sum(table.num_rows for table in Lake.open(str(config.parent / "var/lake")).scan())
