"""What a household is owed, in words that tests use: core and naive twin must say the same."""

from typing import Any

from analytics.law.policy import load
from analytics.settlement.settle import settle_facts
from simulators.law import refund as naive_refund
from tests.analytics.cities import answer_of
from tests.analytics.facts import Scenario, comparable, rows

HENAN, LUOYANG, LINYI, WEIFANG = (
    "CN-HA-2018", "CN-HA-LY-2018", "CN-SD-LINYI-2017", "CN-SD-WEIFANG-2021",
)  # fmt: skip
WARM = "20.000"


def owed(scenario: Scenario) -> dict[str, Any]:
    """The answer, which the naive twin gives too."""
    answer = answer_of(settle_facts(scenario, load(scenario["policy"])))
    assert comparable(answer) == comparable(naive_refund.settle(scenario))
    return answer


def total(scenario: Scenario) -> tuple[str, bool]:
    """The sum, and whether a part is undetermined."""
    answer = owed(scenario)
    return answer["total"], answer["undetermined"]


def paid_days(scenario: Scenario) -> list[tuple[str, str, str]]:
    """(first, last, share) of each line; of days of January 2025 their number."""
    return [
        (each["from"].removeprefix("2025-01-"), each["to"].removeprefix("2025-01-"), each["share"])
        for each in owed(scenario)["lines"]
    ]


def spells(*cold: tuple[str, str], celsius: str = "17.000") -> list[list[str]]:
    """Samples of January 2025 every 15 min, warm from the 9th to the 30th but for these spells.

    A spell is (from, until) as "10T09:00"; values of its own stand in `celsius`.
    """
    parts, at = [], "2025-01-09T00:00"
    for since, until in cold:
        begin, end = f"2025-01-{since}", f"2025-01-{until}"
        parts += [(at, begin, WARM), (begin, end, celsius)]
        at = end
    return rows(*parts, (at, "2025-01-30T00:00", WARM))


def at(*instants: str) -> list[str]:
    """ "10T09:00" as an instant of January 2025."""
    return [f"2025-01-{each}" for each in instants]


def acts(*made: tuple[str, str, str]) -> list[list[str]]:
    """("10T09:00", room, value) as measurement records of January 2025."""
    return [[f"2025-01-{when}", room, celsius] for when, room, celsius in made]
