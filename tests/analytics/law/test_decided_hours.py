"""Decisions on undetermined hours: by hand on kernels and twin, and both on random seasons."""

from datetime import date, timedelta
from random import Random
from typing import Any

import pytest

from analytics.law.policy import load
from analytics.settlement.settle import settle_facts
from heatwatch.evaluate.law_city import answer_of, comparable
from simulators.law.russia import russia
from simulators.law.twins import world_of

RUSSIA = "RU-354"
WHOLE = ("10T00:00", "11T00:00")


def settled(facts: dict[str, Any]) -> dict[str, Any]:
    return answer_of(settle_facts(facts, load(RUSSIA)))


BOTH = pytest.mark.parametrize("answer", [settled, russia])


def decision(span: tuple[str, str], outcome: str, **more: str) -> dict[str, str]:
    return {
        "since": f"2025-01-{span[0]}", "until": f"2025-01-{span[1]}", "outcome": outcome,
        "basis": "authority", "document": "no. 7", "clause": "item 15", **more,
    }  # fmt: skip


def hourly(*told: tuple[str, range]) -> list[list[str]]:
    """10 January at these temperatures, and warm on the days beside it."""
    own = [[f"2025-01-10T{h:02d}:00", celsius] for celsius, hours in told for h in hours]
    warm = [[f"2025-01-{d:02d}T{h:02d}:00", "20"] for d in (9, 11) for h in range(24)]
    return sorted([*own, *warm])


def gap(*decisions: dict[str, str]) -> dict[str, Any]:
    """10 January: two rooms at 17 and 16 until 8:00, then the living room is unknown up to midnight and
    the bedroom from 13:00 to 18:00, else warm."""
    bedroom = hourly(
        ("17", range(6, 8)), ("20", range(8, 12)), ("17", range(12, 13)), ("20", range(18, 24))
    )
    return {
        "policy": RUSSIA, "zone": "Europe/Moscow", "season": ["2025-01-01T00:00", "2025-02-01T00:00"],
        "season_fee": "3000.00", "interval_min": 30, "acts": [], "outages": [],
        "requests": ["2025-01-01T00:00"],
        "rooms": {"bedroom": bedroom, "living": hourly(("16", range(7, 8)))},
        "decisions": list(decisions),
    }  # fmt: skip


BELOW_AT_17 = decision(WHOLE, "below", temperature="17", room="bedroom")


@BOTH
@pytest.mark.parametrize(
    ("decisions", "owed", "undetermined"),
    [
        pytest.param([], "18.00", True, id="none"),
        pytest.param([decision(WHOLE, "below")], "18.07", False, id="just-below"),
        pytest.param([decision(WHOLE, "below", temperature="17.5")], "51.75", False, id="half-a-degree"),
        pytest.param(
            [decision(WHOLE, "below", temperature="12")], "157.50", False, id="no-more-than-possible"
        ),
        pytest.param(
            [decision(("10T14:00", "10T16:00"), "below", temperature="17")], "27.00", True,
            id="its-two-hours",
        ),
        pytest.param([decision(WHOLE, "compliant")], "18.00", False, id="compliant"),
        pytest.param([BELOW_AT_17], "40.50", True, id="five-hours-of-one-room"),
        pytest.param(
            [BELOW_AT_17, decision(WHOLE, "compliant", room="living")], "40.50", False, id="each-room"
        ),
        pytest.param([decision(WHOLE, "compliant", room="living")], "18.00", True, id="not-the-other"),
        pytest.param(
            [decision(WHOLE, "compliant"), decision(WHOLE, "below", temperature="17")], "85.50", False,
            id="below-before-compliant",
        ),
        pytest.param([decision(WHOLE, "below", room="kitchen")], "18.00", True, id="no-room-of-theirs"),
    ],
)  # fmt: skip
def test_a_decision_settles_the_unknown_hours_of_what_it_names(
    answer: Any, decisions: list[dict[str, str]], owed: str, undetermined: bool
) -> None:
    found = answer(gap(*decisions))
    assert (found["total"], found["undetermined"]) == (owed, undetermined)


def without_heat(*decisions: dict[str, str]) -> dict[str, Any]:
    """24 h without heat on 10 January, of which the bedroom's first half is known: 13 °C."""
    facts = gap(*decisions) | {"outages": [["2025-01-10T00:00", "2025-01-11T00:00"]]}
    return facts | {"rooms": {"bedroom": hourly(("13", range(12))), "living": []}}


@BOTH
@pytest.mark.parametrize(
    ("decisions", "owed", "undetermined"),
    [
        pytest.param([], "36.00", True, id="none: 16 h or 4 h"),
        pytest.param([decision(WHOLE, "compliant")], "36.00", False, id="warm: 16 h"),
        pytest.param([decision(WHOLE, "below")], "36.00", False, id="just-below-the-standard: 16 h"),
        pytest.param([decision(WHOLE, "below", temperature="11.999")], "72.00", False, id="8 h"),
        pytest.param([decision(WHOLE, "below", temperature="12")], "36.00", False, id="the-edge"),
        pytest.param([decision(WHOLE, "below", temperature="5")], "90.00", False, id="4 h"),
        pytest.param(
            [decision(("10T00:00", "10T20:00"), "below", temperature="11")], "72.00", True,
            id="four-hours-stay-unknown",
        ),
        pytest.param(
            [decision(("10T00:00", "10T12:00"), "below", temperature="5")], "36.00", True,
            id="what-is-known-stays",
        ),
        pytest.param([decision(WHOLE, "below", room="living", temperature="11")], "72.00", False,
                     id="one-room-is-below"),
        pytest.param([decision(WHOLE, "compliant", room="living")], "36.00", True,
                     id="one-room-of-two-is-compliant"),
        pytest.param(
            [decision(WHOLE, "compliant"), decision(WHOLE, "below", temperature="11")], "72.00", False,
            id="below-before-compliant",
        ),
    ],
)  # fmt: skip
def test_a_decision_settles_how_long_an_outage_might_have_lasted(
    answer: Any, decisions: list[dict[str, str]], owed: str, undetermined: bool
) -> None:
    found = answer(without_heat(*decisions))
    outages = [each["amount"] for each in found["lines"] if each["kind"] == "outage"]
    assert (outages, found["undetermined"]) == ([owed], undetermined)


def test_the_sheet_of_an_outage_names_the_decision_that_settled_its_limit() -> None:
    told = [
        settle_facts(without_heat(*decisions), load(RUSSIA)).steps
        for decisions in ([decision(WHOLE, "below", temperature="11")], [])
    ]
    assert [[each["step"] for each in steps].count("decision") for steps in told] == [1, 0]


def test_settlement_and_twin_agree_on_decided_seasons_seeds_400_to_411() -> None:
    wrong, changed = [], 0
    for seed in range(400, 412):
        world, rng = world_of(RUSSIA, seed), Random(seed)
        told = sorted(at for rows in world["rooms"].values() for at, _ in rows) or ["2024-12-01"]
        decisions = []
        for _ in range(4):
            begin = date.fromisoformat(rng.choice(told)[:10])
            end = begin + timedelta(days=rng.choice((1, 2, 9)))
            decisions.append({
                "since": f"{begin}T{rng.randrange(24):02d}:30", "until": f"{end}T{rng.randrange(24):02d}:00",
                "outcome": rng.choice(("below", "compliant")), "basis": "authority", "document": "no. 7",
                "clause": "item 15", "room": rng.choice(["", *world["rooms"]]),
            })  # fmt: skip
            if decisions[-1]["outcome"] == "below":
                decisions[-1]["temperature"] = rng.choice(("", "5", "11", "15.5", "17"))
        decided = world | {"decisions": decisions}
        found = comparable(settled(decided))
        changed += found != comparable(settled(world))
        if found != comparable(russia(decided)):
            wrong.append(seed)
    assert wrong == []
    assert changed >= 3
