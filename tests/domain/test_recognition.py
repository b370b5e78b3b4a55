"""Sentences are found again in the English text that was kept of them."""

import pytest

from domain.language import in_language, msg
from domain.recognition import Recognition

FOUND = Recognition(
    [
        msg("device {device!r} is not in the registry"),
        msg("channel {channel}: {why}"),
        msg("no device at {path}"),
    ]
)


@pytest.mark.parametrize(
    "device", ["D1", "it's", 'a "b"', 'it\'s "both"', "a; b", "back\\slash", "{x}", "新\n行"]
)
def test_a_sentence_is_found_with_its_values(device: str) -> None:
    text = msg("device {device!r} is not in the registry", device=device)
    found = FOUND(str(text))
    assert found == text
    assert in_language(found, "zh") == text.to("zh")


def test_several_are_found_one_by_one_and_what_is_none_of_them_stays() -> None:
    kept = "no device at $.id; something of a library; channel t: no device at $.x"
    assert str(FOUND(kept)) == kept
    assert "something of a library" in in_language(FOUND(kept), "zh")
    assert FOUND("ZeroDivisionError: a bug") == "ZeroDivisionError: a bug"
    assert FOUND("") == ""
