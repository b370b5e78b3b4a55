"""Degree-days by the rules of standards."""

import numpy as np
import pytest

from analytics.heat.degree_days import RULES, degree_days

NAN = float("nan")


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ("HDD18", 24 + 3.0 + 2.9 + 1.0),
        ("GTZ20/15", 26 + 5.1),
        ("HGT15", 21 + 0.1),
        ("HDD18/15", 24 + 3.1),
    ],
)
def test_each_rule_has_its_base_and_its_limit(rule: str, expected: float) -> None:
    outdoor = np.array([-6.0, 15.0, 15.1, 17.0, 18.0, 25.0])
    if "15" in rule:
        outdoor[1] = 14.9
    found = degree_days(outdoor, RULES[rule])
    assert found.sum == pytest.approx(expected)
    assert (found.known, found.days) == (6, 6)


def test_an_unknown_day_is_told_and_adds_nothing() -> None:
    found = degree_days(np.array([0.0, NAN, 0.0]), RULES["HDD18"])
    assert (found.sum, found.known, found.days) == (36.0, 2, 3)


def test_every_rule_says_who_says_so() -> None:
    assert all(each.source for each in RULES.values())
