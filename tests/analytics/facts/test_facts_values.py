"""Single values of a facts file."""

from datetime import date

import pytest

from analytics.facts import facts_values
from domain.errors import WrongCall


def test_a_value_is_read_exactly() -> None:
    assert facts_values.milli("-0.001", "outdoor") == -1
    assert facts_values.fee("0.10") == "0.10"
    assert facts_values.day("2025-03-09") == date(2025, 3, 9)
    assert facts_values.zone(facts_values.zone_of("CNY")).key == "Asia/Shanghai"


@pytest.mark.parametrize(
    ("call", "text", "said"),
    [
        (lambda text: facts_values.milli(text, "outdoor"), "201", "no possible temperature"),
        (lambda text: facts_values.milli(text, "outdoor"), "warm", "not a decimal temperature"),
        (facts_values.fee, "1.001", "at most two decimals"),
        (facts_values.currency, "XYZ", "no currency|not a currency"),
        (facts_values.zone_of, "USD", "zone is missing"),
        (facts_values.zone, "New York", "not an IANA zone"),
        (facts_values.day, "2025-02-30", "is not a day"),
    ],
)
def test_one_that_can_not_be_is_refused_with_its_key(call: object, text: str, said: str) -> None:
    assert callable(call)
    with pytest.raises(WrongCall, match=said):
        call(text)
