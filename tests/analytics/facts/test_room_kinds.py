"""What a file of facts says its rooms are."""

from typing import Any

import pytest

from analytics.facts.room_kinds import from_file
from domain.errors import WrongCall

ROOMS = ("a", "b")


def test_a_use_and_a_corner_stand_beside_each_other_and_what_is_not_said_is_empty() -> None:
    assert from_file({"a": "bedroom"}, ["a"], ROOMS) == ("bedroom+corner", "")
    assert from_file({}, ["b"], ROOMS) == ("", "corner")
    assert from_file({}, (), ROOMS) == ()


@pytest.mark.parametrize(
    ("said", "fault"),
    [
        (({"a": "cellar"}, ()), "room_use.a.*cellar.*bedroom, living, kitchen, bathroom, other"),
        (({"c": "kitchen"}, ()), "room_use: room.*'c'.*a, b"),
        (({}, ["c"]), "corner_rooms: room.*'c'.*a, b"),
    ],
)
def test_what_can_not_be_is_refused_with_what_is_allowed(said: Any, fault: str) -> None:
    with pytest.raises(WrongCall, match=fault):
        from_file(said[0], said[1], ROOMS)
