"""A town with its season, and the exit codes that its commands end with."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.heatwatch.towns import town

OK, WRONG_CALL, ANSWER_IS_NO = 0, 2, 5


@pytest.fixture
def config(tmp_path: Path) -> Iterator[Path]:
    """The town of `tests.analytics.books`, its readings imported into a lake."""
    path, world = town(tmp_path)
    yield path
    world.books.dispose()
