"""Small cities for the alerts' tests."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.alerts.world import Bench, World, build


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """One source, one station, two homes; for tests that write nothing into its books."""
    world = build(tmp_path_factory.mktemp("small"))
    yield world
    world.engine.dispose()


@pytest.fixture
def bench(small: World) -> Bench:
    """Blank detectors over the small city."""
    return Bench(small)


@pytest.fixture
def city(tmp_path: Path) -> Iterator[Callable[..., World]]:
    """Builds a city of its own in books of its own."""
    made: list[World] = []

    def make(**how: object) -> World:
        world = build(tmp_path, **how)  # type: ignore[arg-type]
        made.append(world)
        return world

    yield make
    for world in made:
        world.engine.dispose()
