"""Worlds to publish."""

import pytest

from simulators.live.live import LiveMessages, Out, live_from
from simulators.world.world import WorldReport, city_of, read_plan


@pytest.fixture(scope="module")
def blocks(small: WorldReport) -> list[Out]:
    """The first three quarters of an hour of the small city."""
    live: LiveMessages = live_from(city_of(read_plan(small.folder)))
    return [out for _ in range(3) for out in live.block()]
