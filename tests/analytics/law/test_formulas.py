"""The formulas of sheets: whatever is printed comes to the sum beside it when it is recomputed."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cache

import pytest

from analytics.law.calculators import CALCULATORS, calculator
from analytics.law.formulas import again, of_part, product, the_rest
from analytics.law.lines import Line, exact_amount
from analytics.law.policy import load, shipped
from analytics.law.steps import kept, shown
from analytics.settlement.policy_cases import cases_of
from analytics.settlement.result import Result
from analytics.settlement.settle import settle, settle_facts
from heatwatch.evaluate.law_city import settled_together
from simulators.law.record_worlds import ORDOS, season
from tests.analytics.amounts import amount_of
from tests.analytics.cities import city, settled_by_policy, source
from tests.analytics.facts import Scenario, reference_seasons
from tests.analytics.law.calculators.examples import EXAMPLES, SAMPLES, Made
from tests.analytics.printed import recomputed
from tests.shared import shared_folder

DAY = date(2025, 1, 10)
SEEDS = range(40)
PAYING = [each.policy.id for each in shipped() if each.policy.pays()]
#: Those with lines, whose formulas can be recomputed.
PAID = [each for each in SAMPLES if load(each[0]).policy.pays()]
#: Policies whose lines seasons of their own show: those that all share may have none.
WITH_OWN = {policy for policy, made in PAID if made is not None}


def scenarios() -> Iterator[Scenario]:
    """Every reference season of the policies that ship."""
    for policy in shipped():
        yield from (each for each, _ in reference_seasons(shared_folder(), policy.policy.id))


@cache
def reference_results() -> dict[str, list[Result]]:
    found: dict[str, list[Result]] = {}
    seasons = list(scenarios())
    for each, result in zip(seasons, settled_by_policy(seasons), strict=True):
        found.setdefault(each["policy"], []).append(result)
    return found


def printed(results: list[Result]) -> Iterator[tuple[str, str]]:
    """(kind, sentence) of every line of these results, in both languages."""
    for result in results:
        for step in result.steps:
            if step["step"].startswith("line."):
                for language in ("en", "zh"):
                    yield step["step"].removeprefix("line."), shown(step, language)


@pytest.mark.compiled
@pytest.mark.parametrize("policy", PAYING)
def test_every_formula_of_every_reference_season_or_case_is_true(policy: str) -> None:
    """Of a policy without reference seasons its cases."""
    results = reference_results().get(policy)
    cases = () if results else cases_of(policy) or ()
    own = settled_by_policy([{**case.facts, "policy": policy} for case in cases])
    found = list(printed(results or own))
    for _, text in found:
        recomputed(text)
    assert found


@pytest.mark.compiled
@pytest.mark.parametrize(("policy", "made"), PAID, ids=[policy for policy, _ in PAID])
def test_every_formula_of_random_seasons_is_true_seeds_0_to_39(
    policy: str, made: Made | None
) -> None:
    snapshot, columns = city(SEEDS, policy, made)
    found = list(printed(list(settle(snapshot, source(columns), load(policy), flush=1).results)))
    for _, text in found:
        recomputed(text)
    assert found or (made is None and policy in WITH_OWN)


@pytest.mark.compiled
def test_the_reference_seasons_show_a_formula_of_every_calculator_without_a_sample() -> None:
    kinds = {kind for results in reference_results().values() for kind, _ in printed(results)}
    for name in set(CALCULATORS) - EXAMPLES.keys():
        own = calculator(name).kinds.keys()
        assert not own or kinds & own, (
            f"no reference season has a line of {name}, and "
            f"tests/analytics/law/calculators/test_{name}.py gives no EXAMPLE"
        )


@pytest.mark.parametrize("name", sorted(EXAMPLES))
def test_every_formula_of_a_calculators_own_sample_is_true_seeds_0_to_39(name: str) -> None:
    policy, made = EXAMPLES[name]
    found = list(printed([*settled_together(load(policy), [made(seed, policy) for seed in SEEDS])]))
    for _, text in found:
        recomputed(text)
    assert {kind for kind, _ in found} & calculator(name).kinds.keys(), "it must show its lines"


@pytest.mark.parametrize(
    ("fee", "days", "share", "said"),
    [
        ("2420.00", "5/4", "1", "CNY 2,420.00 ÷ 121 days × 1.25 days × 100% = CNY 25.00"),
        ("2420.00", "2", "1/2", "CNY 2,420.00 ÷ 121 days × 2 days × 50% = CNY 20.00"),
        (
            "2420.00", "10/3", "2",
            "CNY 2,420.00 ÷ 121 days × (3 + 1/3) days × 2 ≈ CNY 133.33, rounded once",
        ),
        (
            "2620.00", "3", "1/3",
            "CNY 2,620.00 ÷ 121 days × 3 days × 1/3 ≈ CNY 21.65, rounded once",
        ),
    ],
)  # fmt: skip
def test_a_product_has_its_units_and_says_whether_it_was_rounded(
    fee: str, days: str, share: str, said: str
) -> None:
    parts = Fraction(fee), Fraction(days), Fraction(share), Fraction(121)
    line = Line("outage", DAY, DAY, parts[1], parts[2], amount_of(*parts), "art. 25")
    text = product(parts[0], parts[3], line, "CNY")
    assert shown({"text": kept(text)}, "en") == said
    for language in ("en", "zh"):
        recomputed(shown({"text": kept(text)}, language))


def test_what_is_left_of_the_season_fee_is_printed_as_a_difference() -> None:
    """Seven months of a fee that no day divides: the last line is what rounding left."""
    days = [f"{2024 + (m < 10)}-{m:02}-{d:02}" for m in (11, 12, 1, 2, 3) for d in range(1, 19)]
    facts = season(ORDOS, acts=[[f"{day}T10:00", "bedroom", "17.000"] for day in days])
    facts |= {"season_fee": "1999.92", "outages": [["2024-10-15T00:00", "2024-10-18T01:00"]]}
    result = settle_facts(facts, load(ORDOS))
    assert result.total == Decimal("1999.92")
    for _, text in printed([result]):
        recomputed(text)


def test_a_stretch_and_a_part_of_a_line_say_how_they_come_about_in_both_languages() -> None:
    fee, count = Fraction(2500), Fraction(121)
    parts = fee, Fraction(3), Fraction("1/2"), count
    exact = exact_amount(*parts)
    whole = Line("outage", DAY, DAY, parts[1], parts[2], amount_of(*parts), "art. 25", exact=exact)
    one = replace(whole, days=Fraction(1), amount=Decimal("10.33"), exact=exact / 3)
    own = replace(whole, amount=Decimal("21.69"), exact=exact * Fraction("7/10"))
    for formula in (
        again(product(*parts[::3], whole, "CNY"), whole, one, "CNY"),
        of_part(fee, count, whole, own, Fraction("7/10"), "CNY"),
        the_rest(whole.amount, own.amount, Decimal("9.30"), "CNY"),
    ):
        for language in ("en", "zh"):
            recomputed(shown({"text": kept(formula)}, language))
    assert "× 1 day ×" in shown(
        {"text": kept(of_part(fee, count, one, own, Fraction("7/10"), "CNY"))}, "en"
    )
