"""A query's answer by column is what its rows say."""

import random
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import numpy as np
import pytest
import sqlalchemy as sa

from domain.time import to_us
from store.books.base import Exact, UtcTime
from store.books.columns import OPEN_US, alike, read_columns

TABLE = sa.Table(
    "by_column",
    sa.MetaData(),
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("text", sa.String(40)),
    sa.Column("amount", Exact()),
    sa.Column("at", UtcTime()),
    sa.Column("open", sa.Boolean()),
    sa.Column("number", sa.BigInteger()),
)
TEXTS = (
    "",
    "H000001",
    '"quoted"',
    "楼-3",
    "a,b",
    "two\nlines",
    "back\\slash",
    "[x]",
    "null",
    "😀\t",
)
START = datetime(2025, 11, 15, tzinfo=UTC)


def _row(rng: random.Random, number: int) -> dict[str, Any]:
    at = START + timedelta(microseconds=rng.choice((0, 1, 999_999, rng.randrange(10**14))))
    return {
        "id": number,
        "text": rng.choice((*TEXTS, None)),
        "amount": rng.choice((Decimal("2420.00"), Decimal("-0.001"), None)),
        "at": rng.choice((at, START, datetime(1969, 7, 20, 20, 17, 40, 5, UTC), None)),
        "open": rng.random() < 0.5,
        "number": rng.choice((0, -1, 2**62, -(2**62))),
    }


def _kept(value: Any) -> Any:
    """A row's value as a column has it."""
    if isinstance(value, datetime):
        return to_us(value)
    return str(value) if isinstance(value, Decimal) else value


def test_columns_are_those_of_the_rows_in_the_order_of_the_query(books: sa.Engine) -> None:
    TABLE.metadata.create_all(books)
    rng = random.Random(8)
    with books.begin() as link:
        numbers = rng.sample(range(10**6), 400)
        link.execute(sa.insert(TABLE), [_row(rng, number) for number in numbers])
        query = sa.select(*TABLE.c).order_by(TABLE.c.number, TABLE.c.id.desc())
        rows = [[_kept(value) for value in row] for row in link.execute(query)]
        number, text, amount, at, open_, large = read_columns(link, query)
        twice = read_columns(link, sa.select(TABLE.c.id, TABLE.c.id).where(TABLE.c.id < 0))
    assert {each.dtype for each in (number, at, open_, large)} == {np.dtype(np.int64)}
    found = zip(
        number.tolist(), text, amount, at.tolist(), open_.tolist(), large.tolist(), strict=True
    )
    assert [list(each) for each in found] == [
        [OPEN_US if i == 3 and value is None else value for i, value in enumerate(row)]
        for row in rows
    ]
    assert [each.size for each in twice] == [0, 0]


def test_a_number_that_is_missing_is_no_number(books: sa.Engine) -> None:
    TABLE.metadata.create_all(books)
    with books.begin() as link:
        link.execute(sa.insert(TABLE), [{"id": 1, "number": 3}, {"id": 2, "number": None}])
        with pytest.raises(ValueError, match="a whole number in every row"):
            read_columns(link, sa.select(TABLE.c.number))


def test_no_end_is_later_than_every_time() -> None:
    assert to_us(datetime(9999, 1, 1, tzinfo=UTC)) < OPEN_US


def test_what_is_made_of_equal_texts_is_made_once() -> None:
    made: list[str] = []

    def once(text: str) -> Decimal:
        made.append(text)
        return Decimal(text)

    assert alike(["2420.00", "1", "2420.00"], once) == (Decimal(2420), Decimal(1), Decimal(2420))
    assert sorted(made) == ["1", "2420.00"]
