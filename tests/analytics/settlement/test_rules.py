"""Versions of the rules: one after the other, each with what it changed for which calculators."""

import pytest

from analytics.law.calculators import CALCULATORS
from analytics.settlement.rules import CHANGES, VERSION, changed_since


def test_versions_count_up_and_name_calculators_that_there_are() -> None:
    assert [each.version for each in CHANGES] == list(range(1, VERSION + 1))
    assert {name for each in CHANGES for name in each.calculators} <= {*CALCULATORS}


@pytest.mark.parametrize(
    ("version", "calculators", "changes"),
    [(None, ["day_band"], 23), (0, ["outage_day"], 9), (1, ["degree_hour"], 13), (4, ["hour_excess"], 10), (6, ["tests_in_month"], 13), (VERSION, ["day_band"], 0)],
)  # fmt: skip
def test_what_changed_since_a_version_is_what_concerns_its_calculators(
    version: int | None, calculators: list[str], changes: int
) -> None:
    assert len([*changed_since(version, calculators)]) == changes
