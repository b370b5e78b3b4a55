"""Values as text: what reads back, and one that stands in many rows."""

from datetime import UTC, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from store.books.cells import text_of, texts_of

NOON = datetime(2025, 1, 10, 12, tzinfo=ZoneInfo("Asia/Shanghai"))


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""),
        (True, "true"),
        (NOON, "2025-01-10T04:00:00Z"),
        (Decimal("20.00"), "20.00"),
        (7, "7"),
        ({"b": 1, "a": ["ä"]}, '{"a": ["ä"], "b": 1}'),
    ],
)
def test_a_value_is_written_as_a_file_would_have_it(value: object, text: str) -> None:
    assert text_of(value) == text


@pytest.mark.parametrize(
    "values",
    [
        [NOON, None, NOON.astimezone(UTC)],
        [Decimal("1.0"), Decimal("1.00"), None],  # equal, and not the same text
        [True, 1, 0, False],
        ["a", "", None],
        [],
    ],
)
def test_a_column_is_written_as_its_values_are(values: list[object]) -> None:
    assert texts_of(values) == [text_of(each) for each in values]
