"""Whatever octets come in, the books hold them."""

import pytest

from alerts.channels.base import Inbound, PartOf
from alerts.inbound.clean import LONGEST_TEXT, clean, cleaned, possible


@pytest.mark.parametrize(
    ("text", "kept"),
    [("a\0b", "a␀b"), ("\x1b\x7f", "␛�"), ("\ud83d", "�"), ("供热\nok\t1", "供热\nok\t1")],
)
def test_control_and_half_characters_are_visible_and_the_rest_is_as_it_came(
    text: str, kept: str
) -> None:
    assert cleaned(text, 100) == kept


def test_of_a_long_message_the_beginning_is_kept() -> None:
    bare = clean(Inbound("8" * 99, "x" * 39_000, "k" * 99))
    assert (len(bare.sender), len(bare.text), len(bare.key)) == (32, LONGEST_TEXT, 64)


@pytest.mark.parametrize(
    "part", [PartOf(2**31, 2, 1), PartOf(-1, 2, 1), PartOf(1, 256, 1), PartOf(1, 2, 3)], ids=str
)
def test_parts_numbered_as_no_messages_are_impossible(part: PartOf) -> None:
    assert not possible(part)
    assert possible(PartOf(0xFFFF, 2, 2))
    assert possible(None)
