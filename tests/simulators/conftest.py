"""Worlds for the tests: the whole demo once, small cities where the size does not matter."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from simulators.city.city import Size
from simulators.world.world import WorldReport, write_world

PRESENT = datetime(2026, 11, 22, 5, 52, 17, tzinfo=UTC)
SMALL = Size(households=300, history_days=21, live_hours=6.0)


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> WorldReport:
    """The demo's world as `heatwatch demo` writes it: 2,000 households."""
    return write_world(tmp_path_factory.mktemp("demo"), PRESENT, seed=20_261)


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> WorldReport:
    """The same with 300 households and six live hours."""
    return write_world(tmp_path_factory.mktemp("small"), PRESENT, seed=5, size=SMALL)


@pytest.fixture
def small_folder(small: WorldReport) -> Path:
    return small.folder
