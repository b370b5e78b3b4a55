"""Fixed sums for long outages: the Netherlands and one supplier of Great Britain."""

from datetime import datetime, timedelta
from decimal import Decimal
from random import Random

import pytest

from analytics.law.policy import load, parse
from analytics.law.steps import shown
from analytics.settlement.settle import settle_facts
from domain.errors import WrongCall
from simulators.law.record_worlds import random_season, season
from simulators.law.twins import TWINS
from tests.analytics.cities import answer_of as comparable
from tests.analytics.law.calculators.abroad import differing

DUTCH, BRITISH = "NL-WW", "GB-SUPPLIER-24H"
EXAMPLE = (DUTCH, random_season)
#: Two outages that grow together are one, with one first sum (7.9).
PAYS_LESS = {"longer_outage": "outage-ends-when-held"}


@pytest.mark.parametrize(
    ("policy", "until", "owed"),
    [
        pytest.param(DUTCH, "2025-01-10T09:59", "0.00", id="below-4-h"),
        pytest.param(DUTCH, "2025-01-10T19:00", "55.00", id="N1-13-h"),
        pytest.param(BRITISH, "2025-01-12T05:59", "45.00", id="one-full-day"),
        pytest.param(BRITISH, "2025-02-10T06:00", "725.00", id="the-most"),
    ],
)
def test_an_outage_pays_its_first_sum_and_whole_blocks(policy: str, until: str, owed: str) -> None:
    result = settle_facts(season(policy, outages=[["2025-01-10T06:00", until]]), load(policy))
    assert result.total == Decimal(owed)


def test_it_is_paid_where_no_fee_was_charged_and_the_sheet_says_how() -> None:
    facts = season(DUTCH, outages=[["2025-01-10T06:00", "2025-01-10T19:00"]], season_fee="0.00")
    result = settle_facts(facts, load(DUTCH))
    assert (result.total, result.currency) == (Decimal("55.00"), "EUR")
    told = [shown(step, "en") for step in result.steps]
    assert any("EUR 35.00 + EUR 20.00 × 1 block = EUR 55.00" in each for each in told)


@pytest.mark.parametrize("policy", [DUTCH, BRITISH])
def test_settlement_and_naive_twin_agree_seeds_0_to_99(policy: str) -> None:
    wrong, paying = differing(policy, range(100))
    assert wrong == []
    assert paying >= 30


def test_settlement_and_twin_agree_where_outages_were_announced_seeds_0_to_99() -> None:
    law, left_out = load(DUTCH), 0
    for seed in range(100):
        rng, world = Random(f"{seed} announced"), random_season(seed, DUTCH)
        notes = [
            {
                "since": since,
                "announced_at": _before(since, rng.choice((1, 4319, 4320, 4321, 9999))),
            }
            for since, _ in world["outages"]
            if rng.random() < 0.7
        ]
        told = world | {"outage_notes": notes}
        result = settle_facts(told, law)
        assert comparable(result) == TWINS[DUTCH](told), seed
        left_out += result.total < settle_facts(world, law).total
    assert left_out >= 20


def _before(since: str, minutes: int) -> str:
    return (datetime.fromisoformat(since) - timedelta(minutes=minutes)).isoformat(
        timespec="minutes"
    )


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('behind_h = "24"', 'behind_h = "3"', "behind_h: 3 is below from_h"),
        ('most = "725"', 'most = "5"', "most: 5 is below first"),
        ('block_h = "24"', 'block_h = "9999"', "block_h: 9999; allowed"),
    ],
)
def test_numbers_that_contradict_each_other_are_refused(old: str, new: str, said: str) -> None:
    raw = load(BRITISH).raw.decode().replace(old, new)
    with pytest.raises(WrongCall, match=said):
        parse(raw.encode(), "mine.toml")
