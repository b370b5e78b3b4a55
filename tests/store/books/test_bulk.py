"""Many rows at once are the same rows that SQLAlchemy writes one by one."""

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa

from domain.actor import program
from store.books.base import ActorColumn, Exact, UtcTime, WrittenJson
from store.books.bulk import insert_columns, pages

TABLE = sa.Table(
    "many",
    sa.MetaData(),
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("amount", Exact()),
    sa.Column("at", UtcTime()),
    sa.Column("by", ActorColumn()),
    sa.Column("day", sa.Date()),
    sa.Column("open", sa.Boolean()),
    sa.Column("told", sa.JSON()),
    sa.Column("text", sa.String(20)),
)
SHANGHAI = timezone(timedelta(hours=8))
COLUMNS: dict[str, list[Any]] = {
    "text": ["供热", "100%", None],
    "told": [WrittenJson('[{"a":  "热"}]'), {"b": [1, None]}, []],
    "amount": [Decimal("0.00"), Decimal("1916.850000000000000001"), None],
    "at": [datetime(2026, 1, 1, 8, tzinfo=SHANGHAI), None, datetime(2026, 7, 1, tzinfo=UTC)],
    "by": [program("bench"), None, program("bench")],
    "day": [date(2025, 11, 15), date(2026, 3, 15), None],
    "open": [True, False, None],
}


def test_columns_are_the_rows_that_single_inserts_make_in_their_order(books: sa.Engine) -> None:
    TABLE.metadata.create_all(books)
    singly = [dict(zip(COLUMNS, row, strict=True)) for row in zip(*COLUMNS.values(), strict=True)]
    raw = sa.text("SELECT CAST(told AS TEXT) FROM many ORDER BY id")
    found = []
    for bulk in (True, False):
        with books.begin() as link:
            link.execute(sa.delete(TABLE))
            if bulk:
                insert_columns(link, TABLE, COLUMNS)
            else:
                link.execute(sa.insert(TABLE), singly)
            asked = sa.select(*(TABLE.c[name] for name in COLUMNS)).order_by(TABLE.c.id)
            found.append(([tuple(row) for row in link.execute(asked)], link.scalars(raw).all()))
    assert found[0] == found[1]
    assert [row[0] for row in found[0][0]] == COLUMNS["text"]


def test_nothing_to_insert_is_nothing(books: sa.Engine) -> None:
    TABLE.metadata.create_all(books)
    with books.begin() as link:
        insert_columns(link, TABLE, {"text": [], "open": []})
        assert link.scalar(sa.select(sa.func.count()).select_from(TABLE)) == 0


@pytest.mark.parametrize(
    ("columns", "said"),
    [({"text": ["a"], "nowhere": [1]}, "of many"), ({"text": ["a", "b"], "open": [True]}, "zip")],
    ids=["unknown column", "lengths differ"],
)
def test_columns_that_make_no_rows_are_refused(
    sqlite_books: sa.Engine, columns: dict[str, list[Any]], said: str
) -> None:
    TABLE.metadata.create_all(sqlite_books)
    with sqlite_books.begin() as link, pytest.raises(ValueError, match=said):
        insert_columns(link, TABLE, columns)


@pytest.mark.parametrize("size", [1, 3, 4, 7, 100])
def test_pages_have_every_row_once_in_the_order_of_the_keys(books: sa.Engine, size: int) -> None:
    TABLE.metadata.create_all(books)
    with books.begin() as link:
        insert_columns(link, TABLE, {"text": [*"bacadbc"], "open": [True] * 7})
        found = list(pages(link, sa.select(TABLE.c.text), TABLE.c.text, TABLE.c.id, size=size))
    assert all(0 < len(page) <= size for page in found)
    assert "".join(row[0] for page in found for row in page) == "aabbccd"
