"""Out of many rows at once, by column: the database writes a column as one text, and no row is made.

SQLAlchemy makes a row of each answer and a value of each of its columns; of a million households
that alone is a minute.
"""

import json
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import (
    BigInteger,
    Boolean,
    ColumnElement,
    Connection,
    Dialect,
    Integer,
    Select,
    Text,
    cast,
    extract,
    func,
    select,
)
from sqlalchemy.types import TypeEngine

from domain.time import SECOND_US, to_us
from store.books.base import UtcTime

OPEN_US = int(
    np.iinfo(np.int64).max
)  # of a time that is not there, as the end of what goes on [µs]

V = TypeVar("V")


def read_columns(link: Connection, query: Select[*tuple[Any, ...]]) -> list[Any]:
    """(n,) values of each selected column, in the order of the query.

    Whole numbers, and yes or no as 1 or 0, are int64 arrays; times are such arrays, too, in µs since
    the epoch, `OPEN_US` where there is none. Everything else is a list of str as it is kept, or None:
    a decimal is not made of its text. Raises ValueError where a number is missing.

    The database puts the columns together from the ordered query: PostgreSQL gives an aggregate its
    rows in the order of a subquery, and SQLite keeps that order for every aggregate that can see it.
    """
    asked = query.subquery()
    sqlite = link.dialect.name == "sqlite"
    whole = func.json_group_array if sqlite else func.json_agg
    texts = [cast(whole(_sent(each, sqlite)), Text) for each in asked.c]
    n, *found = link.execute(select(func.count(), *texts).select_from(asked)).one()
    kinds = [each.type for each in asked.c]
    return [_values(kind, link.dialect, n, text) for kind, text in zip(kinds, found, strict=True)]


def alike(texts: Sequence[str], made: Callable[[str], V]) -> tuple[V, ...]:
    """What is made of each text; equal ones, as most of a city's are, are made once."""
    known = {text: made(text) for text in set(texts)}
    return tuple(map(known.__getitem__, texts))


def _sent(column: ColumnElement[Any], sqlite: bool) -> ColumnElement[Any]:
    """A column as the database sends it."""
    if isinstance(column.type, Boolean):
        return cast(column, Integer)
    if isinstance(column.type, UtcTime) and not sqlite:
        us = cast(extract("epoch", column) * SECOND_US, BigInteger)
        return func.coalesce(us, OPEN_US)
    return column


def _values(kind: TypeEngine[Any], dialect: Dialect, n: int, text: str | None) -> Any:
    """The values of a column of which the database sent this JSON."""
    told = "[]" if text is None else text
    if isinstance(kind, UtcTime) and dialect.name == "sqlite":
        return _times(kind, dialect, json.loads(told))
    if isinstance(kind, Integer | Boolean | UtcTime):
        return _numbers(n, told)
    return json.loads(told)


def _numbers(n: int, told: str) -> NDArray[np.int64]:
    if "null" in told:
        raise ValueError("expected a whole number in every row, got none in some")
    inside = told[1:-1].strip()
    numbers = np.fromstring(inside, dtype=np.int64, sep=",") if inside else np.empty(0, np.int64)
    assert numbers.size == n
    return numbers


def _times(kind: UtcTime, dialect: Dialect, told: list[str | None]) -> NDArray[np.int64]:
    """SQLite keeps times as text; of a city's many are equal, and each is turned once."""
    made = kind.dialect_impl(dialect).result_processor(dialect, None)
    assert made is not None
    known = {each: OPEN_US if (at := made(each)) is None else to_us(at) for each in set(told)}
    return np.fromiter(map(known.__getitem__, told), dtype=np.int64, count=len(told))
