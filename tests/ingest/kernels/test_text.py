"""Numbers and times in bytes: exact, or left to the codec."""

from datetime import datetime, timedelta
from decimal import Decimal

import numpy as np
import pytest

from domain.time import EPOCH
from ingest.kernels.text import AWARE, EMPTY, LOCAL, OTHER, READ, read_numbers, read_times


def cells(*texts: str) -> tuple[np.ndarray, np.ndarray]:
    encoded = [text.encode() for text in texts]
    offsets = np.cumsum([0, *map(len, encoded)]).astype(np.int64)
    return np.frombuffer(b"".join(encoded), dtype=np.uint8), offsets


@pytest.mark.parametrize("text", ["0", "18", "-18.25", "0.001", "18.10", "123456789012345678"])
def test_a_number_is_read_exactly(text: str) -> None:
    mantissa, decimals = np.zeros(1, dtype=np.int64), np.zeros(1, dtype=np.int64)
    state = np.zeros(1, dtype=np.uint8)
    read_numbers(*cells(text), mantissa, decimals, state)
    assert state[0] == READ
    assert Decimal(int(mantissa[0])).scaleb(-int(decimals[0])) == Decimal(text)


@pytest.mark.parametrize("text", ["1e3", "x", "-", "1.", "1 2", "NaN", "1234567890123456789"])
def test_what_is_no_plain_number_is_left_to_the_codec(text: str) -> None:
    mantissa, decimals = np.zeros(2, dtype=np.int64), np.zeros(2, dtype=np.int64)
    state = np.zeros(2, dtype=np.uint8)
    read_numbers(*cells(text, ""), mantissa, decimals, state)
    assert state.tolist() == [OTHER, EMPTY]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("2026-01-15T08:30:00Z", AWARE),
        ("2026-01-15T08:30:00.125+08:00", AWARE),
        ("2024-02-29T00:00:00", LOCAL),
        ("1969-12-31T23:59:59Z", AWARE),
        ("2023-02-29T00:00:00Z", 0),
        ("2026-13-01T00:00:00Z", 0),
        ("2026-01-15T24:30:00Z", 0),
        ("yesterday", 0),
    ],
)
def test_a_time_is_the_one_that_python_reads(text: str, kind: int) -> None:
    at_us, kinds = np.zeros(1, dtype=np.int64), np.zeros(1, dtype=np.uint8)
    read_times(*cells(text), at_us, kinds)
    assert kinds[0] == kind
    if kind:
        want = datetime.fromisoformat(text)
        want = want if want.tzinfo else want.replace(tzinfo=EPOCH.tzinfo)
        assert EPOCH + timedelta(microseconds=int(at_us[0])) == want
