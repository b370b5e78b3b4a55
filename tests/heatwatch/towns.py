"""The town of `tests.analytics.books` as a whole world: configuration, books and a lake."""

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from domain.columns import Columns
from domain.time import to_us
from heatwatch.cli.app import run
from heatwatch.wiring import World, open_world
from store.journal.schema import READING
from tests.analytics.books import NOW, fill, readings
from tests.books import place_books
from tests.copies import copy_of

SAMPLE = Path(__file__).parents[2] / "heatwatch.toml"


def town(folder: Path) -> tuple[Path, World]:
    """Its configuration and its world, with the readings imported as flush 1."""
    copy_of(_with_readings, folder)
    path = folder / "heatwatch.toml"
    return path, open_world(path)


def _with_readings(folder: Path) -> None:
    _, world = town_without_readings(folder)
    bring(world, readings())
    close(world)


def close(world: World) -> None:
    """Leaves its files to whoever copies them: what was written last is in them."""
    world.journal.close()
    world.books.dispose()


def town_without_readings(folder: Path) -> tuple[Path, World]:
    path = folder / "heatwatch.toml"
    sample = SAMPLE.read_text(encoding="utf-8")
    path.write_text(sample.replace('company = "heat-co"', 'company = "co"'), encoding="utf-8")
    place_books(folder / "var/books.sqlite")
    world = open_world(path)
    fill(world.books)
    return path, world


def bring(world: World, columns: Columns, revision: int = 0) -> None:
    """An import of these readings: a flush of its own."""
    world.readings.import_table(table_of(columns, revision), NOW)


def table_of(columns: Columns, revision: int = 0) -> pa.Table:
    """These readings as rows that a lake takes."""
    rows = columns.at_us.size
    table = {
        "series": columns.series.repeat(columns.offsets[1:] - columns.offsets[:-1]),
        "at": pa.array(columns.at_us, pa.timestamp("us", tz="UTC")),
        "value": columns.value,
        **{name: [0] * rows for name in ("quality", "time_kind", "part")},
        "revision": [revision] * rows,
        "feed": [1] * rows,
        "message": pa.nulls(rows, pa.int64()),
    }
    return pa.table(table, schema=READING)


def contradict(world: World, since: datetime, series: tuple[int, ...]) -> None:
    """From `since` on a second value for each reading of these series: none of them counts."""
    own = readings()
    owner = own.series.repeat(own.offsets[1:] - own.offsets[:-1])
    rows = np.flatnonzero(np.isin(owner, series) & (own.at_us >= to_us(since)))
    offsets = np.searchsorted(owner[rows], [*series, series[-1] + 1]).astype(np.int64)
    bring(
        world,
        Columns(
            np.array(series, dtype=np.int32), offsets, own.at_us[rows], own.value[rows] + 1,
            own.mark[rows],
        ),
    )  # fmt: skip


def answer(
    config: Path, capsys: pytest.CaptureFixture[str], *arguments: str, code: int = 0
) -> dict[str, Any]:
    """What a command says as JSON, having ended with `code`."""
    capsys.readouterr()
    assert run([*arguments, "--config", str(config), "--json"]) == code
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found
