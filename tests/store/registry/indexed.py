"""Books with a registry to ask."""

from pathlib import Path

import pytest
from sqlalchemy import Engine

from domain.time import to_us
from store.registry.importing import import_registry
from store.registry.series import (
    Tree,
)
from store.registry.values import instant
from tests.actors import TEST
from tests.store.city import AUTUMN, SWAP, city, write_city


@pytest.fixture
def peopled(books: Engine, tmp_path: Path) -> Engine:
    """Books with the small city."""
    assert import_registry(books, [write_city(tmp_path / "city", city())], by=TEST).refused == ()
    return books


def code_of(places: Tree, ids: object) -> list[str]:
    return sorted(places.code(int(each)) for each in ids)  # type: ignore[attr-defined]


START, SWAPPED = to_us(instant(AUTUMN)), to_us(instant(SWAP))
