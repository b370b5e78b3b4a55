"""A twin's line is rounded once and knows what it has of each day."""

from datetime import date
from fractions import Fraction

import pytest

from simulators.law.lines import answer, line_of, money


@pytest.mark.parametrize(
    ("exact", "told"),
    [("0.005", "0.01"), ("0.00499", "0.00"), ("29.775", "29.78"), ("20", "20.00")],
)
def test_half_a_cent_goes_up(exact: str, told: str) -> None:
    assert str(money(Fraction(exact))) == told


def test_a_line_runs_from_its_first_day_to_its_last_and_is_rounded_once() -> None:
    parts = {date(2025, 1, day): Fraction(1, 2) for day in (10, 11, 12)}
    line = line_of("temperature", parts, Fraction(1), Fraction("2620") / 132)
    assert (line["from"], line["to"], line["days"]) == ("2025-01-10", "2025-01-12", "3/2")
    assert line["amount"] == "29.77"
    assert line["parts"] == parts


def test_an_answer_sums_its_lines() -> None:
    line = line_of("outage", {date(2025, 1, 10): Fraction(1)}, 1, Fraction(20))
    assert answer([line, line], undetermined=True)["total"] == "40.00"
    assert answer([])["total"] == "0.00"
