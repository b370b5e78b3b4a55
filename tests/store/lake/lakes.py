"""Small lakes to flush into."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from store.journal.journal import Flush, Journal
from store.lake.lake import Lake
from store.readings.readings import Readings
from tests.store.batches import NOW, keep
from tests.store.s3 import bucket_in

Place = tuple[str, dict[str, str]]


@pytest.fixture(params=["folder", "s3"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Place]:
    if request.param == "folder":
        yield str(tmp_path / "lake"), {}
    else:
        with bucket_in(tmp_path / "s3") as found:
            yield found


@pytest.fixture
def readings(place: Place, tmp_path: Path) -> Readings:
    return Readings(Journal.open(str(tmp_path / "journal.db")), Lake.open(*place))


def flushed(readings: Readings, *batches: list[tuple[int, float, int | None, int, int]]) -> Flush:
    for each in batches:
        keep(readings.journal, each)
    return readings.flush(NOW)


def counted(readings: Readings) -> int:
    return sum(part.num_rows for part in readings.lake.scan(columns=["series"]))
