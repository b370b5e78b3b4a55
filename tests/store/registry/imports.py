"""Registry files to import into books."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, func, select

from store.registry.importing import import_registry
from store.registry.report import ImportReport
from tests.actors import TEST
from tests.store.city import City, write_city

Import = Callable[[City], ImportReport]


@pytest.fixture
def load(books: Engine, tmp_path: Path) -> Import:
    """Imports a city's files."""
    return lambda rows: import_registry(books, [write_city(tmp_path / "city", rows)], by=TEST)


def said(report: ImportReport) -> list[tuple[str, int, str, str]]:
    """The refusals but for their reasons."""
    return [(each.file, each.row, each.column, each.value) for each in report.refused]


def count(books: Engine, table: Any) -> int:
    with books.connect() as connection:
        return int(connection.execute(select(func.count()).select_from(table)).scalar_one())
