"""A policy's numbers as the kernels take them."""

from fractions import Fraction

import pytest

from analytics.law.cold_days.rules import Rules
from analytics.law.cold_days.table import DayBandTable
from analytics.law.policy import load
from domain.time import HOUR_US


def rules_of(policy: str, **change: object) -> Rules:
    terms = load(policy).policy
    table = terms.tables["day_band"]
    assert isinstance(table, DayBandTable)
    return Rules.of(terms, table.model_copy(update=change))


def test_henans_bands_are_ascending_with_their_shares() -> None:
    rules = rules_of("CN-HA-2018")
    assert (rules.standard, rules.edge.tolist()) == (18_000, [14_000, 18_000])
    assert rules.edge_in.tolist() == [False, False]
    assert [rules.shares[i] for i in rules.share] == [Fraction(1), Fraction(1, 2)]
    assert rules.shares[0] == 0
    assert (rules.gate, rules.gate_open) == (48 * HOUR_US, False)


def test_without_a_gate_there_is_none() -> None:
    rules = rules_of("CN-HA-2018", gate=None)
    assert (rules.gate, rules.gate_open) == (-1, False)


@pytest.mark.parametrize(
    "policy", ["CN-HA-2018", "CN-SD-LINYI-2017", "CN-TJ-2010", "CN-HL-HARBIN-pre2021"]
)
def test_a_late_supplier_has_a_limit_only_where_the_policy_presumes(policy: str) -> None:
    terms = load(policy).policy
    table = terms.tables["day_band"]
    assert isinstance(table, DayBandTable)
    presumes = table.presumptions.supplier_late in {"lowest_band", "band_open"}
    assert (rules_of(policy).limit >= 0) == presumes
