"""Changchun: where the mean of a month's three tests fails, the whole month pays its share."""

import pytest

from analytics.law.policy import load, parse
from analytics.law.steps import shown
from domain.errors import WrongCall
from simulators.law.record_worlds import CHANGCHUN, random_season, season
from tests.analytics.facts import Scenario
from tests.analytics.law.calculators.settled import check_twin, settled

#: No reference season shows its lines.
EXAMPLE = (CHANGCHUN, random_season)


def with_tests(*values: str, outages: list[list[str]] | None = None) -> Scenario:
    """Of January, five days apart."""
    acts = [[f"2025-01-{5 * i + 3:02}T10:00", "bedroom", each] for i, each in enumerate(values)]
    return season(CHANGCHUN, acts=acts, outages=outages or [])


@pytest.mark.parametrize("seeds", [range(i, i + 100) for i in (0, 100, 200)], ids=str)
def test_it_agrees_with_its_naive_twin(seeds: range) -> None:
    answers = check_twin([random_season(seed, CHANGCHUN) for seed in seeds])
    paid = [any(line["kind"] == "month_mean" for line in each["lines"]) for each in answers]
    assert sum(paid) > 10


@pytest.mark.parametrize(
    ("values", "total", "reason"),
    [
        (("17.999", "18.000", "18.000"), "186.00", "paid"),  # 31 days of 6.00
        (("18.000", "18.000", "18.000"), "0.00", "mean_passed"),
        (("15.000", "15.000"), "0.00", "too_few_tests"),
        (("15.000", "15.000", "25.000", "15.000"), "372.00", "paid"),  # the lowest three
        ((), "0.00", "not_tested"),
    ],
)
def test_the_mean_of_three_tests_decides_the_month(
    values: tuple[str, ...], total: str, reason: str
) -> None:
    result = settled(with_tests(*values))
    assert (str(result.total), result.reason.code) == (total, reason)


def test_of_days_without_heat_the_outage_pays_and_the_month_the_others() -> None:
    result = settled(
        with_tests("17.000", "17.000", "17.000", outages=[["2025-01-10T12:00", "2025-01-13T00:00"]])
    )
    assert [(line.kind, str(line.days), str(line.share)) for line in result.lines] == [
        ("outage", "5/2", "2"), ("month_mean", "57/2", "3/10"),
    ]  # fmt: skip


def test_a_month_without_heat_throughout_leaves_nothing_to_the_mean() -> None:
    result = settled(
        with_tests("17.000", "17.000", "17.000", outages=[["2025-01-01T00:00", "2025-02-01T00:00"]])
    )
    assert [line.kind for line in result.lines] == ["outage"]


def test_the_sheet_says_the_mean_in_both_languages() -> None:
    steps = settled(with_tests("17.000", "17.500", "18.000")).steps
    (own,) = [each for each in steps if each["step"] == "month_mean"]
    assert shown(own, "en") == "2025-01-01 to 2025-01-31: the mean of 3 tests is 17.5 °C, failed"
    assert shown(own, "zh") == "2025年1月1日 至 2025年1月31日：3 次测温的平均值为 17.5 °C，不合格"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('below = "18"', 'below = "17"', "must end below the standard 18"),
        ('from = "14"', 'from = "15"', "between 14 and 15 °C there is a gap or an overlap"),
        ('name = "month-is-its-season-days"', 'name = "own"\ntitle = { zh = "一", en = "a" }', "bands needs the interpretation"),
    ],
)  # fmt: skip
def test_what_can_not_be_is_refused(old: str, new: str, said: str) -> None:
    text = load(CHANGCHUN).raw.decode()
    assert old in text
    with pytest.raises(WrongCall) as wrong:
        parse(text.replace(old, new).encode(), "own.toml")
    assert said in str(wrong.value)
