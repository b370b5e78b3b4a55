"""Column types: aware UTC and exact decimals come back from both databases as they went in."""

from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import StatementError

from store.books.base import Exact, UtcTime, WrittenJson

TABLE = sa.Table("kept", sa.MetaData(), sa.Column("at", UtcTime()), sa.Column("amount", Exact()))


def test_times_come_back_in_utc_and_decimals_with_every_digit(books: sa.Engine) -> None:
    shanghai = datetime(2026, 1, 1, 8, 0, 0, 123456, tzinfo=timezone(timedelta(hours=8)))
    amount = Decimal("1916.850000000000000001")
    TABLE.metadata.create_all(books)
    with books.begin() as link:
        link.execute(sa.insert(TABLE).values(at=shanghai, amount=amount))
        link.execute(sa.insert(TABLE).values(at=None, amount=None))
        rows = link.execute(sa.select(TABLE).where(TABLE.c.at.is_not(None))).all()
        (none,) = link.execute(sa.select(TABLE).where(TABLE.c.at.is_(None))).all()
    assert [tuple(row) for row in rows] == [(shanghai, amount)]
    assert rows[0].at.tzinfo == UTC
    assert str(rows[0].amount) == str(amount)
    assert tuple(none) == (None, None)


def test_equal_values_of_many_rows_are_made_once(books: sa.Engine) -> None:
    TABLE.metadata.create_all(books)
    rows = [
        {"at": datetime(2026, 1, 1 + i % 2, tzinfo=UTC), "amount": Decimal(i % 2)} for i in range(6)
    ]
    with books.begin() as link:
        link.execute(sa.insert(TABLE), rows)
        found = link.execute(sa.select(TABLE.c.at, TABLE.c.amount)).all()
    assert [row._asdict() for row in found] == rows
    for name in ("at", "amount"):
        assert len({id(row._mapping[name]) for row in found}) == 2


def test_a_time_without_zone_is_never_kept(books: sa.Engine) -> None:
    TABLE.metadata.create_all(books)
    naive = datetime(2026, 1, 1)  # noqa: DTZ001
    with books.connect() as link, pytest.raises(StatementError, match="expected a time with zone"):
        link.execute(sa.insert(TABLE).values(at=naive))


def test_json_that_is_written_already_is_kept_as_it_is_and_read_as_any_other(
    books: sa.Engine,
) -> None:
    table = sa.Table(
        "told", sa.MetaData(), sa.Column("n", sa.Integer), sa.Column("json", sa.JSON())
    )
    table.metadata.create_all(books)
    text = '[{"b": "供热",  "a": [1, "2"]}]'
    with books.begin() as link:
        link.execute(
            sa.insert(table), [{"n": 1, "json": WrittenJson(text)}, {"n": 2, "json": text}]
        )
        read = link.execute(sa.select(table.c.json).order_by(table.c.n)).scalars().all()
        raw = link.execute(sa.text("SELECT CAST(json AS TEXT) FROM told WHERE n = 1")).scalar_one()
    assert read == [[{"b": "供热", "a": [1, "2"]}], text]
    assert raw == text
