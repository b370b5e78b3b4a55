"""Every check looks at an installation that is not there yet, and makes nothing."""

from pathlib import Path

import sqlalchemy as sa

from heatwatch.diagnosis.checks import diagnose
from heatwatch.diagnosis.finding import State
from store.books.engine import open_books
from tests.heatwatch.diagnosis.towns import lines, world_in


def no_progress(_done: int, _total: int) -> None:
    return


def test_nothing_is_made_where_nothing_is(tmp_path: Path) -> None:
    world = world_in(tmp_path)
    before = sorted(tmp_path.rglob("*"))
    found = list(diagnose(world, no_progress))
    assert sorted(tmp_path.rglob("*")) == before
    assert [str(each.what).split(" at ")[0] for each in found if each.state is State.FAULT] == [
        "broker"
    ]


def test_a_file_that_is_no_database_is_a_fault_and_the_others_are_looked_at(
    tmp_path: Path,
) -> None:
    world = world_in(tmp_path)
    (tmp_path / "books.sqlite").write_text("no database" * 1000)
    told = lines(diagnose(world, no_progress))
    assert any(line.startswith("books: fault: ") for line in told), told
    assert any(line.startswith("InfluxDB: unused: ") for line in told), told


def test_books_of_another_version_are_named_and_not_upgraded(tmp_path: Path) -> None:
    world = world_in(tmp_path)
    books = open_books(str(tmp_path / "books.sqlite"))
    with books.begin() as link:
        link.execute(sa.text("UPDATE alembic_version SET version_num = '0001'"))
    told = lines(diagnose(world, no_progress))
    assert any(line.startswith("books: warning: revision 0001, ") for line in told), told
    with books.begin() as link:
        version = link.execute(sa.text("SELECT version_num FROM alembic_version")).scalar_one()
    assert version == "0001"
    books.dispose()
