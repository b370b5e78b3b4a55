"""Codes in full width, in parts or with blanks around them are the plain ones."""

import unicodedata

import pytest

from domain.code import code_among, plain_code


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("Ｈ１", "H1"),
        ("ｓ１－０１．２＿ｂ", "s1-01.2_b"),
        (unicodedata.normalize("NFD", "Müller"), "Müller"),
        ("\u00a0H1\u3000", "H1"),
        ("H1", "H1"),
        ("1号楼（东）", "1号楼（东）"),
        ("①", "①"),
        ("H\u200b1", "H\u200b1"),
    ],
)
def test_a_code_is_composed_in_half_width_and_nothing_else_of_it_changes(
    written: str, code: str
) -> None:
    assert plain_code(written) == code
    assert plain_code(code) == code


def test_a_code_that_is_known_as_it_is_written_is_meant_so() -> None:
    assert code_among("Ｈ１", {"Ｈ１", "H1"}) == "Ｈ１"
    assert code_among("Ｈ１", {"H1"}) == "H1"
