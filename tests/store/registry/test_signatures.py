"""Who signed a measurement record."""

import pytest

from store.registry.signatures import signatures


@pytest.mark.parametrize(
    ("signed_by", "count"),
    [
        ("", 0), ("  ;  ", 0), ("张三", 1), ("张三, 李四", 2), ("张三；李四", 2), ("张三、李四、王五", 3),
        ("李和平", 1), ("张三;张三", 1), ("operator, household", 2), ("Li Wei and Wu Hao", 2),
        ("Anderson", 1),
    ],
)  # fmt: skip
def test_different_names_are_counted(signed_by: str, count: int) -> None:
    assert signatures(signed_by) == count
