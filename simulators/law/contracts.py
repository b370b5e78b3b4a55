"""What the contracts of random households say, and temperatures at the edges that follow from it."""

import random
from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from simulators.law.policies import POLICIES

PROMISED = ("18", "20", "16.5", "18")
OWN_BANDS = (
    [["20", "1/3"], ["16", "1/2"], ["14", "1"]],
    [["18", "1/2"], ["16", "1"]],
    [["20", "1/4"]],
)
#: Lengths of a long outage. [min]
LONG = (4319, 4320, 4321, 6000, 10080, 10081)
#: A thousandth on either side of an edge, and on it. [K]
BESIDE = (Decimal(0), Decimal("-0.001"), Decimal("0.001"))


def contract_of(rng: random.Random, policy: str) -> dict[str, Any]:
    """A contract with what its household can't be settled without, and now and then more."""
    rules = POLICIES[policy]
    found: dict[str, Any] = {}
    if rules.get("agreed"):
        found["agreed"] = rng.choice(PROMISED)
    if rules.get("net_of_basic"):
        found["basic_fee"] = rng.choice(("600.00", "0.00", "786.00", "1999.99"))
    if rules.get("contract_bands"):
        found["bands"] = rng.choice(OWN_BANDS)
    elif rng.random() < 0.3:
        found.pop("agreed", None)
    return found


def edges(policy: str, contract: Mapping[str, Any]) -> list[Decimal]:
    """Temperatures at which something changes: the promised one and the bands'. [Cel]"""
    rules = POLICIES[policy]
    own = rules.get("standard", Decimal(18))
    promised = Decimal(contract.get("agreed", own)) if rules.get("agreed") else own
    deficits = [promised - low for low, *_ in rules.get("deficits", ())]
    bands = [Decimal(below) for below, *_ in (*rules.get("bands", ()), *contract.get("bands", ()))]
    return sorted({promised, promised - 3, *deficits, *bands})


def fitted(rng: random.Random, world: Mapping[str, Any]) -> dict[str, Any]:
    """The world with a contract, and its temperatures moved to the edges of its policy."""
    contract = contract_of(rng, world["policy"])
    marks = edges(world["policy"], contract)
    moved: dict[str, str] = {}

    def near(celsius: str) -> str:
        """Each temperature of the world becomes one edge, a thousandth beside it or something cold."""
        if celsius not in moved:
            cold = Decimal(celsius) < Decimal(18)
            among = marks if cold else [marks[-1]]
            beside = rng.choice(BESIDE) if cold else abs(rng.choice(BESIDE))
            moved[celsius] = str(rng.choice(among) + beside)
        return moved[celsius]

    rooms = {
        room: [[at, near(celsius)] for at, celsius in rows] for room, rows in world["rooms"].items()
    }
    acts = [[at, room, near(celsius)] for at, room, celsius in world["acts"]]
    outages = [*world["outages"]]
    if outages and rng.random() < 0.5:  # the last, so that none overlap
        end = datetime.fromisoformat(outages[-1][0]) + timedelta(minutes=rng.choice(LONG))
        outages[-1] = [outages[-1][0], end.isoformat(timespec="minutes")]
    return {**world, "rooms": rooms, "acts": acts, "outages": outages} | (
        {"contract": contract} if contract else {}
    )


def with_use(world: dict[str, Any]) -> dict[str, Any]:
    """The world, now and then of a user who is not residential, with or without what its contract says."""
    rules, rng = POLICIES.get(world["policy"]), random.Random(f"{world['id']} use")
    if rules is None or rng.random() > (0.2 if rules.get("use_by_contract") else 0.05):
        return world
    contract = {"use": "non_residential"} | world.get("contract", {})
    if rng.random() < 0.8:
        contract = {"agreed": rng.choice(PROMISED), "bands": rng.choice(OWN_BANDS)} | contract
    return world | {"contract": contract}
