"""Amendments that no act has, for random seasons: values that change on a day, for a policy's file and for its twin."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any, NamedTuple


class Amendment(NamedTuple):
    """The same values for the policy's file and for the twin."""

    keys: Mapping[str, str]  # dotted key -> value as TOML
    numbers: Mapping[str, Any]  # as `simulators.law.policies` has them


AMENDMENTS = {
    "CN-HA-2018": Amendment(
        {
            "day_band.bands.0.refund": '"3/4"', "day_band.bands.0.from": '"15"',
            "day_band.bands.1.below": '"15"', "day_band.gate.continuous_h": '"24"',
            "outage_time.continuous_h": '"3"',
        },
        {
            "bands": [(Decimal(15), Fraction(1)), (Decimal(18), Fraction(3, 4))],
            "gate": timedelta(hours=24), "outage_gate": timedelta(hours=3),
        },
    ),
    "CN-SD-LINYI-2017": Amendment(
        {
            "day_band.bands.0.refund": '"1/4"', "day_band.bands.2.refund": '"3/4"',
            "outage_time.continuous_h": '"6"',
        },
        {
            "bands": [
                (Decimal(14), Fraction(3, 4)), (Decimal(16), Fraction(1, 2)),
                (Decimal(18), Fraction(1, 4)),
            ],
            "outage_gate": timedelta(hours=6),
        },
    ),
    "CN-SD-QINGDAO-2017": Amendment(
        {"day_band.bands.0.refund": '"1/3"'},
        {
            "bands": [
                (Decimal(14), Fraction(1)), (Decimal(16), Fraction(1, 2)),
                (Decimal(18), Fraction(1, 3)),
            ],
        },
    ),
    "CN-SD-TAIAN-2020": Amendment(
        {"outage_elsewhere.continuous_h": '"6"', "day_band.bands.0.refund": '"1/2"'},
        {
            "bands": [
                (Decimal(14), Fraction(1)), (Decimal(16), Fraction(1, 2)),
                (Decimal(18), Fraction(1, 2)),
            ],
            "outage_elsewhere": timedelta(hours=6),
        },
    ),
    "CN-SD-HEZE-2017": Amendment(
        {"outage_day.continuous_h": '"12"'}, {"outage_over": timedelta(hours=12)}
    ),
    "CN-NX-2025": Amendment(
        {"outage_multiple.continuous_h": '"24"', "outage_multiple.multiplier": "4"},
        {"outage_over": timedelta(hours=24), "outage_times": Fraction(4)},
    ),
    "CN-NX-YINCHUAN-2010": Amendment(
        {"outage_multiple.continuous_h": '"48"', "outage_multiple.multiplier": "3"},
        {"outage_multiple": (48, 3)},
    ),
}  # fmt: skip


def for_twin(scenario: Mapping[str, Any], *days: tuple[date, Mapping[str, Any]]) -> dict[str, Any]:
    """The scenario as the twin takes it."""
    return {**scenario, "amended": days}


def some_day(scenario: Mapping[str, Any], seed: int) -> date:
    """A day inside the season with something around it; the seed says which."""
    first, last = (date.fromisoformat(text[:10]) for text in scenario["season"])
    told: Sequence[str] = [
        *(at for rows in scenario["rooms"].values() for at, _ in rows[:: max(1, len(rows) // 20)]),
        *(act[0] for act in scenario["acts"]), *(at for span in scenario["outages"] for at in span),
    ]  # fmt: skip
    inside = sorted({day for at in told if first < (day := date.fromisoformat(at[:10])) < last})
    if not inside:
        return first + timedelta(days=40)
    return inside[seed % len(inside)]
