"""What a decision about a dwelling settles where each room is settled alone (Qingdao)."""

from typing import Any

import pytest

from analytics.law.policy import load
from analytics.settlement.settle import settle_facts
from simulators.law import refund as naive_refund
from tests.analytics.cities import answer_of
from tests.analytics.facts import Scenario, facts, rows

QINGDAO = "CN-SD-QINGDAO-2017"
AREAS: dict[str, Any] = {"room_area": {"bedroom": "15.00", "living": "25.00"}, "area": "100.00"}
DAYS = ("2025-01-11T00:00", "2025-01-14T00:00")


def decided(outcome: str, *, room: str = "", span: tuple[str, str] = DAYS) -> dict[str, str]:
    return {
        "since": span[0], "until": span[1], "outcome": outcome, "basis": "authority",
        "document": "Decision 12/2025", "clause": "art. 33", "room": room,
    }  # fmt: skip


def scenario(*decisions: dict[str, str], living: str = "", until: str = "14T00:00") -> Scenario:
    """Both rooms at 17 on the 10th; then the bedroom is unknown for three days, and the living room too or,
    to the begin of a day, at `living`."""
    cold = ("2025-01-10T00:00", "2025-01-11T00:00", "17.000")
    after = ("2025-01-14T00:00", "2025-01-14T06:00", "17.000")
    warm = ("2025-01-14T06:00", "2025-01-16T00:00", "20.000")
    known = [("2025-01-11T00:00", f"2025-01-{until}", living)] if living else []
    rooms = {"bedroom": rows(cold, after, warm), "living": rows(cold, *known, after, warm)}
    asked = ["2025-01-09T12:00"]
    return facts(QINGDAO, rooms, requests=asked, decisions=list(decisions), **AREAS)


def kernels(own: Scenario) -> dict[str, Any]:
    return answer_of(settle_facts(own, load(QINGDAO)))


@pytest.mark.parametrize("settled", [kernels, naive_refund.settle])
@pytest.mark.parametrize(
    ("own", "bedroom", "living", "undetermined"),
    [
        pytest.param(scenario(), 1, 1, True, id="no-decision"),
        pytest.param(scenario(decided("below")), 1, 1, True, id="not-said-which"),
        pytest.param(scenario(decided("compliant")), 1, 1, False, id="none-is-below"),
        pytest.param(scenario(decided("below", room="bedroom")), 4, 1, True, id="a-room-by-name"),
        pytest.param(scenario(decided("below"), living="20.000"), 4, 1, False, id="only-the-bedroom"),
        pytest.param(
            scenario(decided("below"), living="20.000", until="12T12:00"), 3, 1, True, id="to-the-13th"
        ),
        pytest.param(scenario(decided("below"), living="17.000"), 1, 4, True, id="the-other-one-is"),
    ],
)  # fmt: skip
def test_below_settles_the_room_of_which_alone_it_can_be_true(
    settled: Any, own: Scenario, bedroom: int, living: int, undetermined: bool
) -> None:
    found = settled(own)
    paid = {"bedroom": 0, "living": 0}
    for line in found["lines"]:
        paid[line["room"]] += int(line["days"])
    assert (paid, found["undetermined"]) == ({"bedroom": bedroom, "living": living}, undetermined)
