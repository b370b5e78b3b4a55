"""Texts that look alike have one skeleton."""

import pytest

from domain.look_alike import script_of, skeleton


@pytest.mark.parametrize(
    "other",
    [
        "Lі Wei", "Li\ufe0f Wei", "Li\u034f Wei", "Li\u3164Wei", "Li\u2800Wei", "Li Wei.", "Li‑Wei",
        "Li–Wei", "Lı Wei", "Li\u0307 Wei", "LİWEI", "l1 wei", "Ll Wei", "𝐋𝐢 𝐖𝐞𝐢", "Lí Wéi", "Li_Wei",
    ],
    ids=ascii,
)  # fmt: skip
def test_what_looks_like_a_name_has_its_skeleton(other: str) -> None:
    assert skeleton(other) == skeleton("Li Wei")


@pytest.mark.parametrize(
    ("one", "other"),
    [("Li", "Lu"), ("Yu", "Yue"), ("李伟", "李炜"), ("王一", "王二"), ("clerk2", "clerk3"),
     ("Иванов", "Иванова"), ("Ana", "Ena"), ("Nan", "Van")],
)  # fmt: skip
def test_what_can_be_told_apart_stays_apart(one: str, other: str) -> None:
    assert skeleton(one) != skeleton(other)


def test_two_letters_that_look_like_one_are_one() -> None:
    assert skeleton("Arnold") == skeleton("Amold")


def test_a_letter_without_a_shape_has_no_script() -> None:
    assert [script_of(each) for each in ("\u3164", "\u115f", "7", "ж", "한")] == [
        "", "", "", "CYRILLIC", "HANGUL",
    ]  # fmt: skip
