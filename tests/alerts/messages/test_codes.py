"""Codes of alerts: a slip of the finger names no other alert."""

import random

import pytest

from alerts.messages.codes import code_of, number_of, plain

NUMBERS = [1, 9, 10, 57, 100, 572, 4711, 99_999, 2**31 - 1]


@pytest.mark.parametrize("number", NUMBERS)
def test_a_code_gives_its_number_back_however_it_is_written(number: int) -> None:
    code = code_of(number)
    wide = code.translate({48 + n: 0xFF10 + n for n in range(10)})
    for written in (code, f" #{code}", "-".join(code), f"{code}.", wide):
        assert number_of(written) == number


@pytest.mark.parametrize("number", NUMBERS)
def test_every_single_wrong_digit_is_found(number: int) -> None:
    code = code_of(number)
    for i, right in enumerate(code):
        for wrong in set("0123456789") - {right}:
            assert number_of(code[:i] + wrong + code[i + 1 :]) is None


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_every_two_neighbours_that_changed_places_are_found(seed: int) -> None:
    rng = random.Random(seed)
    for code in (code_of(rng.randrange(1, 10**9)) for _ in range(200)):
        for i in range(len(code) - 1):
            swapped = code[:i] + code[i + 1] + code[i] + code[i + 2 :]
            assert swapped == code or number_of(swapped) is None


@pytest.mark.parametrize("text", ["", "1", "0", "017 4", "17a4", "٣٤", "1" * 19])
def test_what_is_no_code_has_no_number(text: str) -> None:
    assert number_of(text) is None


def test_full_width_letters_are_plain_in_lower_case() -> None:
    assert plain(" ＡＣＫ\u3000") == "ack"
