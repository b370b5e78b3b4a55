"""Means of days as whole thousandths that lie on their side of every edge; what readings make one."""

from fractions import Fraction

import pytest

from analytics.law.cold_days.day_means import in_band
from analytics.law.cold_days.rules import Rules
from analytics.law.cold_days.table import DayBandTable
from analytics.law.policy import load, parse
from domain.errors import WrongCall
from tests.analytics.facts import facts, rows
from tests.analytics.settlement.owing import owed

BINZHOU = "CN-SD-BINZHOU-2016"


def rules() -> Rules:
    policy = load(BINZHOU).policy
    return Rules.of(policy, policy.table(DayBandTable))


@pytest.mark.parametrize(
    ("mean", "whole"),
    [
        ("16000", 16000),
        ("96001/6", 16001),  # above 16 °C: it was never 16
        ("95999/6", 15999),
        ("107999/6", 17999),  # below 18 °C
        ("108001/6", 18000),
        ("14000", 14000),
        ("84001/6", 14001),
        ("90001/6", 15000),
    ],
)
def test_a_mean_lies_on_its_side_of_every_edge(mean: str, whole: int) -> None:
    found, exact = in_band(Fraction(mean), rules()), Fraction(mean)
    assert found == whole
    for edge in (14000, 16000):
        assert (found <= edge) == (exact <= edge)
    assert (found < 18000) == (exact < 18000)


def test_a_passing_mean_ends_the_episode_at_its_last_reading_only() -> None:
    """Its first two days were cold by telemetry, and are paid."""
    bedroom = rows(("2025-01-10T00:00", "2025-01-20T00:00", "17.000"))
    acts = [
        [f"2025-01-{d}T{h}", "bedroom", "18.000"] for d in (10, 11, 12) for h in ("08:00", "18:00")
    ]
    answer = owed(facts(BINZHOU, {"bedroom": bedroom}, requests=["2025-01-10T00:00"], acts=acts))
    assert [(each["from"], each["to"]) for each in answer["lines"]] == [
        ("2025-01-10", "2025-01-12")
    ]


def test_readings_of_a_day_of_the_users_fault_make_no_measurement() -> None:
    acts = [
        [f"2025-01-{d}T{h}", "bedroom", "13.000"] for d in (10, 11, 12) for h in ("08:00", "18:00")
    ]
    cold = rows(
        ("2025-01-10T00:00", "2025-01-13T00:00", "17.000"),
        ("2025-01-13T00:00", "2025-01-14T00:00", "20.000"),
    )
    flat = facts(BINZHOU, {"bedroom": cold}, requests=["2025-01-10T00:00"], acts=acts)
    assert owed(flat)["total"] == "60.00"
    flat["user_faults"] = [["2025-01-11T08:00", "2025-01-11T08:30"]]
    assert owed(flat)["total"] == "12.00"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("from_hour = 6", "from_hour = 21", "'from_hour' must be before 'to_hour'"),
        ("days = 3\n", "days = 0\n", "day_band.measurement.days"),
        ('name = "mean-of-days-is-the-measurement"', 'name = "exact-hours"\ntitle = { zh = "一", en = "a" }', "measurement needs the interpretation"),
    ],
)  # fmt: skip
def test_what_can_not_be_is_refused(old: str, new: str, said: str) -> None:
    text = load(BINZHOU).raw.decode()
    assert old in text
    with pytest.raises(WrongCall) as wrong:
        parse(text.replace(old, new).encode(), "own.toml")
    assert said in str(wrong.value)
