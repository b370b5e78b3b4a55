"""What cannot be is refused at the import, with what can."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine

from store.registry.importing import check_registry
from store.registry.rows import Present
from tests.store.city import change, city, write_city


@pytest.mark.parametrize(
    ("kind", "cells", "column", "allowed"),
    [
        ("contracts", {"season_fee": "2420.005"}, "season_fee", "CNY are paid; allowed: at most 2"),
        ("outages", {"until": "2026-01-09T00:00:00+08:00"}, "until", "up to now, 2026-01-01"),
        ("outages", {"until": "2026-01-09T00:00:00+08:00", "planned": "true"}, "", ""),
    ],
)
def test_what_cannot_be_is_refused_with_what_can(
    sqlite_books: Engine,
    tmp_path: Path,
    kind: str,
    cells: dict[str, str],
    column: str,
    allowed: str,
) -> None:
    names = ("places", "seasons", "tariffs", kind)
    rows = {name: city()[name] for name in names}
    for name, value in cells.items():
        change(rows, kind, rows[kind][0][0], name, value)
    present = Present(now=datetime(2026, 1, 1, tzinfo=UTC))
    files = [write_city(tmp_path / "city", rows)]
    refused = check_registry(sqlite_books, files, present=present).refused
    assert [each.column for each in refused] == ([column] if column else [])
    assert all(allowed in str(each.why) for each in refused)
