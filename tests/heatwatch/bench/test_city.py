"""The city of the settlement bench is made the same every time."""

from pathlib import Path

import numpy as np
import pytest

from domain.errors import WrongCall
from heatwatch.bench.city import City, make, temperatures
from tests.heatwatch.bench.test_settle import quiet


def test_the_city_comes_from_its_seed() -> None:
    first, known = temperatures(City(30), 0, 30)
    again, _ = temperatures(City(30), 0, 30)
    other, _ = temperatures(City(30, seed=8), 0, 30)
    assert first.shape == known.shape == (30, 121 * 24)
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)


def test_a_folder_with_something_else_is_refused(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("dear")
    with pytest.raises(WrongCall, match="is not empty"):
        make(City(5), tmp_path, quiet)
    make(City(5), tmp_path / "a", quiet)
    make(City(5), tmp_path / "a", quiet)
    with pytest.raises(WrongCall, match="holds another city"):
        make(City(6), tmp_path / "a", quiet)
