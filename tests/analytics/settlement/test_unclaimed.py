"""What waits for a claim is listed with what the claim would be paid at most."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from analytics.facts.facts_file import from_facts
from analytics.law.policy import load
from analytics.settlement.unclaimed import unclaimed
from simulators.law.record_worlds import LIAONING, season

FAILED = ["2025-02-05T10:00", "bedroom", "15.000"]
COLD = [["2024-12-05T10:00", "bedroom", "17.000"], FAILED]
DECIDED = {
    "since": "2024-12-01T00:00", "until": "2025-03-01T00:00", "outcome": "below",
    "basis": "authority", "document": "No. 12", "clause": "sec. 5",
}  # fmt: skip


def found(policy: str = LIAONING, **other: Any) -> list[tuple[str, date, Decimal, str]]:
    own = from_facts(season(LIAONING, **{"acts": COLD, "requests": [], **other}), policy, "CNY")
    listed = unclaimed(own.snapshot, lambda _: own.columns, load(policy))
    return [(f"{e.since:%Y-%m-%dT%H}", e.due, e.at_stake, e.currency) for e in listed]


def test_a_refund_that_nobody_claimed_is_at_stake_from_its_first_failing_measurement() -> None:
    assert found() == [("2024-12-05T02", date(2025, 4, 30), Decimal("56.00"), "CNY")]


@pytest.mark.parametrize(
    "other",
    [
        {"requests": ["2025-04-10T09:00"]},
        {"requests": ["2025-05-02T09:00"]},  # late: decided
        {"standing_consent": True},
        {"acts": [["2025-02-05T10:00", "bedroom", "19.000"]]},
        {"acts": []},
        {"decisions": [DECIDED]},
        {"policy": "CN-JL-CHANGCHUN"},
    ],
    ids=["claimed", "too-late", "consent", "warm", "not-measured", "decided", "no-limit"],
)
def test_nothing_waits_where_it_is_claimed_decided_or_nothing_is_owed(
    other: dict[str, Any],
) -> None:
    assert found(**other) == []
