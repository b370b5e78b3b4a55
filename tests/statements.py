"""Compiled SQL statements are kept for all engines of a process, which are of two kinds and come with each test.

SQLAlchemy keeps them by engine, so that each test would compile all that it says anew: a third of the run.
"""

from typing import Any

from sqlalchemy import Engine
from sqlalchemy.orm import Mapper
from sqlalchemy.util import LRUCache

MOST = 2_000


class Statements(LRUCache[Any, Any]):
    """By what of a dialect a statement may hang on, not by the dialect itself."""

    def get(self, key: Any, default: Any = None) -> Any:
        return super().get(_of_kind(key), default)

    def __setitem__(self, key: Any, value: Any) -> None:
        super().__setitem__(_of_kind(key), value)


def _of_kind(key: tuple[Any, ...]) -> tuple[Any, ...]:
    dialect, *rest = key
    json = dialect._json_serializer, dialect._json_deserializer
    return dialect.name, dialect.driver, dialect.server_version_info, *json, *rest


STATEMENTS = Statements(MOST)


def keep_for_all(engine: Engine) -> None:
    """From now on the engine looks for its statements among those of all."""
    engine._compiled_cache = STATEMENTS


def keep_for_mappers() -> None:
    """So do all mappers, when they insert, change and delete."""
    Mapper._compiled_cache = STATEMENTS  # type: ignore[method-assign, assignment]
