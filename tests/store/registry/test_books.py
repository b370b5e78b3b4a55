"""Rows of the registry in and out of the books."""

import threading
from pathlib import Path

from sqlalchemy import Engine, event

from store.registry.importing import import_registry
from store.registry.kinds import KINDS
from store.registry.report import ImportReport
from store.registry.series import registry_version
from tests.actors import TEST
from tests.store.city import city, write_city


def test_imports_at_once_go_one_after_the_other(books: Engine, tmp_path: Path) -> None:
    folder = write_city(tmp_path / "city", city())
    reports: list[ImportReport] = []
    threads = [
        threading.Thread(target=lambda: reports.append(import_registry(books, [folder], by=TEST)))
        for _ in range(3)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    rows = sum(map(len, city().values()))
    assert sorted(report.total("added") for report in reports) == [0, 0, rows]
    assert registry_version(books) == 1


def test_no_statement_runs_once_a_row(sqlite_books: Engine, tmp_path: Path) -> None:
    statements = []
    event.listen(sqlite_books, "before_cursor_execute", lambda *heard: statements.append(heard[2]))
    rows = city()
    rows["devices"] += [[f"d{i}", "", "true"] for i in range(500)]
    import_registry(sqlite_books, [write_city(tmp_path / "city", rows)], by=TEST)
    assert len(statements) < 5 * len(KINDS)
