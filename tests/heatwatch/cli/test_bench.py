"""`heatwatch bench`: what it is asked."""

import pytest

from domain.errors import WrongCall
from heatwatch.cli.bench import _sizes


def test_one_size_or_several_with_commas() -> None:
    assert _sizes("50000") == [50_000]
    assert _sizes("10000, 100000") == [10_000, 100_000]


@pytest.mark.parametrize("text", ["", "49", "a", "100,", "100;200", "-100", "1e4"])
def test_anything_else_is_refused_by_name(text: str) -> None:
    with pytest.raises(WrongCall, match="--households"):
        _sizes(text)
