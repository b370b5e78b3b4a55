"""Which members a filter takes."""

from decimal import Decimal
from typing import Any

import pytest

from ingest.mapping.filters import parse_filter

RECORD: dict[str, Any] = {"n": "x", "v": Decimal("1.5"), "ok": True, "none": None, "a": {"b": [7]}}


@pytest.mark.parametrize(
    ("text", "takes"),
    [
        ("(@.n == 'x')", True),
        ("(@.n=='y')", False),
        ("@.v > 1 && @.v < 2", True),
        ("@.v >= 2 || @.n != 'y'", True),
        ("!(@.n == 'x')", False),
        ("@.none", True),
        ("@.z", False),
        ("!@.z", True),
        ("@.none == null", True),
        ("@.ok == true", True),
        ("@.ok == 1", False),
        ("@.a.b[0] == 7", True),
        ("@['n'] =~ '^x$'", True),
        ("@.v =~ 'x'", False),
        ("@.n > 1", False),
        ("@.n == 'x' & @.v = 1.5", True),
    ],
)
def test_a_filter_takes_what_it_says(text: str, takes: bool) -> None:
    assert parse_filter(text)(RECORD) is takes
    assert isinstance(parse_filter(text)(5), bool)


@pytest.mark.parametrize(
    "text", ["", "@.a ==", "(@.a", "@.a @.b", "== 1", "@.a == [1]", "@.a =~ '('"]
)
def test_what_is_no_filter_is_refused(text: str) -> None:
    with pytest.raises(Exception, match=r".*") as wrong:
        parse_filter(text)
    assert isinstance(wrong.value, ValueError) or type(wrong.value).__name__ in {
        "error",
        "PatternError",
    }
