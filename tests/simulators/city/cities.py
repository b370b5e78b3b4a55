"""Cities to run."""

from copy import deepcopy
from functools import lru_cache

from simulators.city.city import City, Record, Size
from tests.simulators.conftest import PRESENT

SIZE = Size(households=240, history_days=21, live_hours=6.0)


@lru_cache
def _run(seed: int) -> tuple[City, Record]:
    city = City(seed, PRESENT, SIZE)
    return city, city.history()


def run(seed: int) -> tuple[City, Record]:
    """A city at the end of its history, to do with as one likes, and the record of it."""
    city, record = _run(seed)
    return deepcopy(city), record
