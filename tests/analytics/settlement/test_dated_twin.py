"""Values that change inside a season: the settlement and its naive twin, told of the same amendments."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from analytics.settlement.settle import settle_facts
from heatwatch.evaluate import law
from simulators.law import refund as naive_refund
from simulators.law.record_worlds import SEASONS, random_season, season
from simulators.law.twins import TWINS
from simulators.law.worlds import random_world
from tests.analytics.amended import AMENDMENTS, DAY, amended, for_twin, some_day
from tests.analytics.cities import answer_of
from tests.analytics.facts import comparable, facts, rows

EACH = 30


def season_of(policy: str, seed: int) -> dict[str, Any]:
    draw = random_season if policy in SEASONS else random_world
    return draw(seed, policy=policy)


@pytest.mark.compiled
@pytest.mark.parametrize("policy", sorted(AMENDMENTS))
@pytest.mark.parametrize("first", [pytest.param(first, id=f"{first}..") for first in (0, 30)])
def test_settlement_and_twin_agree_where_values_change_inside_the_season(
    policy: str, first: int
) -> None:
    wrong, other, twin = [], 0, TWINS[policy]
    for seed in range(first, first + EACH):
        world = season_of(policy, seed)
        day, new = some_day(world, seed), AMENDMENTS[policy]
        result = settle_facts(world, amended(policy, (day, new.keys)))
        own = comparable(answer_of(result))
        if own != comparable(twin(for_twin(world, (day, new.numbers)))):
            wrong.append((seed, day))
        assert result.total <= result.lower <= result.upper, seed
        other += own != comparable(twin(world))
    assert wrong == []
    assert other, "the amendment must make a difference in some season"


#: From 1 January 12 h in one run in place of 48, and outages from 3 h on in place of 12.
SHORTER = amended(
    "CN-HA-2018",
    (date(2025, 1, 1), {"day_band.gate.continuous_h": '"12"', "outage_time.continuous_h": '"3"'}),
)
TOLD = (
    date(2025, 1, 1), {"gate": timedelta(hours=12), "outage_gate": timedelta(hours=3)},
)  # fmt: skip


def cold_over_new_year(request: str, *spells: tuple[str, str], **more: Any) -> dict[str, Any]:
    """Henan, at 17 °C in these spells; 20.00 a day, a half of it for cold."""
    parts, at = [], "2024-12-30T00:00"
    for since, until in spells:
        parts += [(at, since, "20.000"), (since, until, "17.000")]
        at = until
    room = rows(*parts, (at, "2025-01-05T00:00", "20.000"))
    return facts("CN-HA-2018", {"bedroom": room}, requests=[request], **more)


@pytest.mark.parametrize(
    ("scenario", "total"),
    [
        (cold_over_new_year("2024-12-31T23:00", ("2024-12-31T12:00", "2025-01-02T06:00")), "10.00"),
        (cold_over_new_year("2025-01-01T00:00", ("2024-12-31T12:00", "2025-01-02T06:00")), "10.00"),
        (cold_over_new_year("2024-12-30T00:00", ("2025-01-01T00:00", "2025-01-02T06:00")), "10.00"),
        (cold_over_new_year("2024-12-30T00:00", ("2024-12-31T23:00", "2025-01-02T06:00")), "10.00"),
        (cold_over_new_year("2024-12-30T00:00", ("2024-12-31T00:00", "2025-01-01T11:59")), "0.00"),
        (
            cold_over_new_year("2024-12-30T00:00", outages=[["2025-01-01T00:00", "2025-01-01T08:00"]]),
            "6.67",
        ),
        (
            cold_over_new_year("2024-12-30T00:00", outages=[["2024-12-31T23:00", "2025-01-01T08:00"]]),
            "6.67",
        ),
    ],
)  # fmt: skip
def test_what_lies_behind_a_change_and_is_long_enough_for_it_is_paid(
    scenario: dict[str, Any], total: str
) -> None:
    """An earlier request, an hour more of cold or of an outage never pays less."""
    result = settle_facts(scenario, SHORTER)
    assert str(result.total) == total
    assert comparable(answer_of(result)) == comparable(
        naive_refund.settle(for_twin(scenario, TOLD))
    )


def test_at_most_is_not_below_at_least_where_a_length_changes() -> None:
    """4 hours of the night are not known: as below it is one run, as compliant two."""
    told = [("2024-12-31T12:00", "2024-12-31T22:00", "17.000")]
    told += [("2025-01-01T02:00", "2025-01-02T06:00", "17.000")]
    room = rows(*told, ("2025-01-02T06:00", "2025-01-05T00:00", "20.000"))
    scenario = facts("CN-HA-2018", {"bedroom": room}, requests=["2024-12-31T12:00"])
    result = settle_facts(scenario, SHORTER)
    assert result.total <= result.lower <= result.upper
    assert str(result.total) == "10.00"


#: From 1 January an outage of 72 h is refunded four times in place of two.
FOUR = date(2025, 1, 1), {"outage_multiple.multiplier": "4"}
YINCHUAN = "CN-NX-YINCHUAN-2010"
NOVEMBER = ["2024-11-10T00:00", "2024-11-12T00:00"]  # with which all sum up to 7 days


@pytest.mark.parametrize(
    ("outages", "total"),
    [
        ([["2025-01-01T00:00", "2025-01-05T00:00"]], "320.00"),
        ([["2024-12-31T00:00", "2025-01-05T00:00"]], "360.00"),
        ([["2024-12-30T00:00", "2025-01-05T00:00"]], "400.00"),
        ([["2024-12-29T00:00", "2025-01-05T00:00"]], "440.00"),  # 7 days: the sum pays, too
        ([NOVEMBER, ["2024-12-31T00:00", "2025-01-05T00:00"]], "440.00"),
        ([["2024-12-29T00:00", "2025-01-03T00:00"]], "200.00"),  # 48 h behind are too short alone
        ([["2024-12-27T00:00", "2025-01-03T00:00"]], "360.00"),  # but not where all sum up
        ([["2024-12-30T12:00", "2025-01-01T12:00"]], "0.00"),
    ],
)
def test_time_behind_a_new_multiple_is_refunded_by_the_higher_and_time_before_by_the_old(
    outages: list[list[str]], total: str
) -> None:
    scenario = season(YINCHUAN, outages=outages)
    result = settle_facts(scenario, amended(YINCHUAN, FOUR))
    assert str(result.total) == total
    told = for_twin(scenario, (FOUR[0], {"outage_multiple": (72, 4)}))
    assert comparable(answer_of(result)) == comparable(TWINS[YINCHUAN](told))


@pytest.mark.parametrize("every", [False, True], ids=["alone", "summed up"])
def test_an_hour_more_of_an_outage_over_a_new_multiple_never_pays_less(every: bool) -> None:
    file, end = amended(YINCHUAN, FOUR), datetime(2025, 1, 5)  # noqa: DTZ001 as in a scenario
    before = Decimal(0)
    for hours in range(40, 24 * 9, 5):
        begin = (end - timedelta(hours=hours)).isoformat(timespec="minutes")
        own = [[begin, "2025-01-05T00:00"]]
        result = settle_facts(season(YINCHUAN, outages=[*[NOVEMBER] * every, *own]), file)
        assert result.total >= before, hours
        before = result.total


@pytest.mark.compiled
@pytest.mark.parametrize("policy", ["CN-HA-2018", "CN-NX-2025"])
def test_an_amended_act_keeps_the_properties_of_every_policy(
    policy: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As `evaluate law`: colder, more evidence or a request never pay less, order changes no byte."""
    day, new = date.fromisoformat(DAY), AMENDMENTS[policy]
    file = amended(policy, (day, new.keys))
    twin = TWINS[policy]
    monkeypatch.setattr(
        law, "TWINS", {file.policy.id: lambda world: twin(for_twin(world, (day, new.numbers)))}
    )
    score = law.evaluate(file, range(6), season_of=lambda _, seed: season_of(policy, seed))
    assert score.wrong == []
    assert score.compared["twin"] == 6
