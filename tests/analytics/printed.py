"""Recomputes what a sheet prints: `left = right` must be equal, `left ≈ right` equal when rounded."""

import re
from fractions import Fraction
from typing import Any

NUMBER = r"\d[\d,]*(?:\.\d\d)?"
AMOUNT = rf"(?:[A-Z]{{3}} {NUMBER}|{NUMBER} (?:元|[A-Z]{{3}}))"
SIGNS = {"×": "*", "÷": "/", "−": "-", "+": "+", "(": "(", ")": ")", "/": "/"}


def recomputed(text: str) -> None:
    """AssertionError where the formula at the end of the sentence is not true, or lacks its units."""
    formula = re.split("[:：] ?", text)[-1]
    left, sign, right = re.split(" ([=≈]) ", formula)
    assert re.match(AMOUNT, right), f"no amount of money: {text}"
    assert re.search(AMOUNT, left), f"no amount of money to begin with: {text}"
    days = [part for part in re.split("[×÷]", left)[1:3] if re.search("days?|天", part)]
    assert len(days) == 2 or "−" in left or "÷" not in left, f"days without their unit: {text}"
    flat = re.split("×", left)[1:] if "÷" not in left else []
    assert all(re.search(r"[^\W\d_]|%", part) for part in flat), f"a number without unit: {text}"
    amount, value = _value(re.match(AMOUNT, right)[0]), _value(left)  # type: ignore[index]
    if sign == "=":
        assert value == amount, text
    else:
        assert value != amount, text
        half = Fraction(5, 1000) if "." in right else Fraction(1, 2)
        assert abs(value - amount) <= half, text


def _value(words: str) -> Fraction:
    """The value of a product or difference, exact."""
    found = re.findall(r"[\d,]*\d(?:\.\d+)?%?|[×÷−+()/]", words)
    return Fraction(eval("".join(map(_token, found)), {"F": Fraction}))


def _token(each: str) -> Any:
    if each in SIGNS:
        return SIGNS[each]
    number = each.replace(",", "")
    return f"(F('{number[:-1]}')/100)" if number.endswith("%") else f"F('{number}')"
