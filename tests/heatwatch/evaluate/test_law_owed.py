"""What a room is owed: by its kind, by the contract where the act leaves it to that, or by the act."""

from decimal import Decimal
from typing import Any

import pytest

from analytics.law.policy import load
from heatwatch.evaluate.law_owed import owed

WHOLE = {"agreed": "20", "bands": [["18", "1/2"]], "use": "non_residential"}


@pytest.mark.parametrize(
    ("policy", "contract", "celsius"),
    [
        ("CN-XJ-URUMQI-2002", {}, 18),
        ("CN-XJ-URUMQI-2002", WHOLE, 20),
        ("CN-BJ-BF2022-0501", {"agreed": "20"}, 20),
        ("CN-HA-2018", {"agreed": "20"}, 18),
    ],
)
def test_the_contract_counts_where_the_act_leaves_it_to_that(
    policy: str, contract: dict[str, Any], celsius: int
) -> None:
    law = load(policy).policy
    season = {"policy": policy, "rooms": {"living": []}, "contract": contract}
    assert owed(law, season, "living") == Decimal(celsius)


def test_a_corner_room_is_owed_its_own() -> None:
    law = load("RU-354").policy
    season = {"policy": "RU-354", "rooms": {"living": []}, "corner_rooms": ["living"]}
    assert owed(law, season, "living") > owed(law, season | {"corner_rooms": []}, "living")
