"""Roles, levels of the network and quality marks have names."""

from domain.language import Text, languages
from domain.names import ROOM_USES, place_kind_name, quality_words, role_name
from domain.quality import Quality
from domain.quantity import Role
from domain.tree import PlaceKind, RoomUse


def test_every_role_level_and_mark_is_named_differently_in_every_language() -> None:
    for named in (
        [role_name(each.code) for each in Role],
        [place_kind_name(each.value) for each in PlaceKind],
        [quality_words(each.name) for each in Quality],
    ):
        assert all(isinstance(each, Text) for each in named), named
        for language in languages():
            words = {each.to(language) for each in named if isinstance(each, Text)}
            assert len(words) == len(named)


def test_what_has_no_name_yet_is_shown_by_its_code() -> None:
    assert role_name("valve") == "valve"
    assert place_kind_name("district") == "district"
    assert quality_words("doubtful") == "doubtful"


def test_a_mark_is_found_in_any_case() -> None:
    assert quality_words("DEVICE_ERROR") == quality_words("device_error")


def test_every_use_of_a_room_has_its_word() -> None:
    assert set(ROOM_USES) == {each.value for each in RoomUse}
