"""Column types that mean the same in SQLite and PostgreSQL."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Annotated, Any, ClassVar, TypeVar

from sqlalchemy import JSON, BigInteger, DateTime, Dialect, ForeignKey, Integer, MetaData, String
from sqlalchemy.orm import DeclarativeBase, mapped_column
from sqlalchemy.types import TypeDecorator

from domain.actor import Actor

KNOWN = 4096  # values of one type that an engine remembers

V = TypeVar("V")


class _Repeating(TypeDecorator[V]):
    """A type of few distinct values among a city's rows: equal ones are made once and shared."""

    __abstract__ = True

    def result_processor(self, dialect: Dialect, coltype: Any) -> Callable[[Any], V | None] | None:
        made = super().result_processor(dialect, coltype)
        return None if made is None else lru_cache(KNOWN)(made)


class UtcTime(_Repeating[datetime]):
    """Aware UTC in and out; SQLite keeps no zone, so it is put back on reading."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"expected a time with zone, got {value.isoformat()} without")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Exact(_Repeating[Decimal]):
    """An exact decimal, kept as text: SQLite would make a float of it."""

    impl = String(40)
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        return None if value is None else str(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> Decimal | None:  # noqa: ARG002
        return None if value is None else Decimal(value)


class ActorColumn(_Repeating[Actor]):
    """An actor as it is written, `kind:name`."""

    impl = String(140)
    cache_ok = True

    def process_bind_param(self, value: Actor | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        return None if value is None else str(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> Actor | None:  # noqa: ARG002
        return None if value is None else Actor.parse(value)


class WrittenJson(str):
    """The value of a JSON column that is written already: it is kept as it is."""

    __slots__ = ()


def as_json(value: object) -> str:
    return str(value) if isinstance(value, WrittenJson) else json.dumps(value)


class Base(DeclarativeBase):
    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: ClassVar = {
        datetime: UtcTime(),
        Decimal: Exact(),
        Actor: ActorColumn(),
        dict[str, Any]: JSON(),
        list[Any]: JSON(),
    }


Id = Annotated[int, mapped_column(Integer, primary_key=True)]
BigId = Annotated[
    int, mapped_column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True)
]
Code = Annotated[str, mapped_column(String(64), unique=True)]
PlaceRef = Annotated[int, mapped_column(ForeignKey("place.id"), index=True)]
