"""Places of device, channel, time, unit and status."""

import pytest

from ingest.mapping.paths import Found
from ingest.mapping.places import checked_place, compile_place
from ingest.mapping.steps import ABSENT

RECORD = Found({"v": 1, "n": None}, ({"id": "inner"}, {"id": "outer", "ts": 5}), {"flat": "2"})


@pytest.mark.parametrize(
    ("text", "stands"),
    [
        ("$.v", 1),
        ("$.n", None),  # what is there is not looked for further out
        ("$.id", "inner"),
        ("$.ts", 5),
        ("$.z", ABSENT),
        ("{flat}", "2"),
        ("B1-{flat}", "B1-2"),
        ("boiler-1", "boiler-1"),
    ],
)
def test_a_place_is_looked_for_from_the_record_outwards(text: str, stands: object) -> None:
    assert compile_place(checked_place(text))(RECORD) == stands


@pytest.mark.parametrize("text", ["", "{", "{}", "{A}", "{a", "a}", "{a!r}", "$.a["])
def test_what_is_no_place_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"allowed|can't be read"):
        checked_place(text)
