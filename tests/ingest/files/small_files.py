"""Small files to import, the store they go into, and what then stands in the lake."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from domain.quality import Quality
from ingest.files.mapping import check_mapping
from ingest.files.report import ImportReport
from ingest.files.run import import_files
from store.journal.journal import Journal
from store.lake.lake import Lake
from store.readings.readings import Readings
from tests.ingest.small import NOW, SINCE, index_of

INDEX = index_of([(d, c, r, SINCE, None) for d, c, r in (
    ("A1", "t", "room_temperature"), ("B2", "t", "room_temperature"),
    ("S1", "t_sup", "supply_temperature"), ("S1", "p", "supply_pressure"), ("S1", "e", "energy"),
)])  # fmt: skip


WIDE: dict[str, Any] = {"layout": "wide", "device": "S1", "channels": {"t_sup": {"unit": "Cel"}}}


@pytest.fixture
def readings(tmp_path: Path) -> Readings:
    journal = Journal.open(str(tmp_path / "journal.sqlite"))
    return Readings(journal, Lake.open(str(tmp_path / "lake")))


def run(
    readings: Readings, path: Path, values: dict[str, Any], text: str | None = None,
    reason: str = "a test",
) -> ImportReport:  # fmt: skip
    if text is not None:
        path.write_text(text, encoding="utf-8")
    how = check_mapping(values, "mapping.toml")
    return import_files([path], how, readings, INDEX, 3, NOW, reason=reason)


def lake_rows(readings: Readings) -> list[tuple[int, datetime, int, Quality]]:
    tables = list(readings.lake.scan())
    if not tables:
        return []
    table = pa.concat_tables(tables).sort_by([("series", "ascending"), ("at", "ascending")])
    return [(r["series"], r["at"], r["value"], Quality(r["quality"])) for r in table.to_pylist()]


def at(hour: int, minute: int = 0, *, day: int = 22) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC)


LONG: dict[str, Any] = {
    "layout": "long",
    "columns": {"device": "device", "channel": "channel", "time": "time", "value": "value"},
}
