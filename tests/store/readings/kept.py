"""Readings kept in a lake and a journal."""

from pathlib import Path

import numpy as np
import pytest

from store.journal.journal import Journal
from store.lake.lake import Lake
from store.readings.readings import Readings

CITY = np.arange(1, 6, dtype=np.int32)


def opened(folder: Path) -> Readings:
    return Readings(Journal.open(str(folder / "journal.db")), Lake.open(str(folder / "lake")))


@pytest.fixture
def readings(tmp_path: Path) -> Readings:
    return opened(tmp_path)
