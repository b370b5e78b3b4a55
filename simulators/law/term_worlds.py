"""Contracts of random households whose fee or terms change inside the season, at or beside what happens in it."""

import random
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from simulators.law.contracts import OWN_BANDS, PROMISED, contract_of
from simulators.law.kinds import OTHERS
from simulators.law.metered import METER_PRICES
from simulators.law.policies import POLICIES
from simulators.law.record_worlds import CHANGCHUN, DALIAN, LIAONING, ORDOS

FEES = ("2620.00", "1310.00", "0.00", "1999.99", "3000.01")
AREAS = ("70.00", "85.00", "99.99", "120.00")  # of a home, with its rooms in it [m2]
OF_DWELLINGS = (ORDOS, LIAONING, DALIAN, CHANGCHUN, "RU-354", "RU-354-31")  # acts that pay sums
NEAR = (0, 0, 1, 1, 2, -1)  # days beside what happens


def with_new_terms(scenario: Mapping[str, Any], often: float = 1.0) -> dict[str, Any]:
    """The season, of a part `often` of all [1] with terms that change; its id says all."""
    rng = random.Random(f"{scenario['id']} terms")
    if rng.random() >= often:
        return dict(scenario)
    rows = [_row(rng, scenario, at) for at in _days(rng, scenario)]
    if not rows:
        return dict(scenario)
    changed = {**scenario, "contract_changes": rows}
    uses = {row.get("use") for row in (scenario.get("contract", {}), *rows)}
    return _with_other_rooms(rng, changed) if len(uses) > 1 else changed


def _with_other_rooms(rng: random.Random, world: dict[str, Any]) -> dict[str, Any]:
    """Often a room that counts for other users only, beside one that counts for all."""
    own = world.get("room_use", {})
    among = [room for room in sorted(world["rooms"])[1:] if room not in own]
    if not among or rng.random() < 0.3:
        return world
    return world | {"room_use": own | {rng.choice(among): rng.choice(OTHERS)}}


def _days(rng: random.Random, scenario: Mapping[str, Any]) -> list[str]:
    """One or two local days of the season, in order."""
    since, until = (datetime.fromisoformat(text) for text in scenario["season"])
    there = [row[0] for rows in scenario["rooms"].values() for row in rows[:1] + rows[-1:]]
    there += [row[0] for row in scenario["acts"]]
    there += [text for span in scenario["outages"] for text in span]
    found = set()
    for _ in range(rng.choice((1, 1, 2))):
        anywhere = since + timedelta(days=rng.randrange((until - since).days))
        among = rng.random() < 0.8 and there
        at = datetime.fromisoformat(rng.choice(there)) if among else anywhere
        day = (at + timedelta(days=rng.choice(NEAR))).replace(hour=0, minute=0)
        if since < day < until:
            found.add(day.isoformat(timespec="minutes"))
    return sorted(found)


def _row(rng: random.Random, scenario: Mapping[str, Any], at: str) -> dict[str, Any]:
    """All that holds from then on: another fee, another heated area, or other terms, or several of them."""
    contract = dict(scenario.get("contract", {}))
    by_use = POLICIES.get(scenario["policy"], {}).get("use_by_contract")
    if (by_use or scenario["policy"] in OF_DWELLINGS) and rng.random() < 0.35:
        contract = _of_other_use(rng, contract)
    elif "use" in contract:
        contract["agreed"] = rng.choice(PROMISED)
    elif "heat_price" in contract:
        contract = _by_meter(rng, contract)
    elif scenario["policy"] in POLICIES and rng.random() < 0.5:
        contract = contract_of(rng, scenario["policy"])
    fee = {"season_fee": rng.choice(FEES)} if rng.random() < 0.7 else {}
    unread = _unread(rng, scenario, contract)
    by_room = POLICIES.get(scenario["policy"], {}).get("per_room")
    area = {"area": rng.choice(AREAS)} if by_room and rng.random() < 0.5 else {}
    return {"since": at, **unread, **contract, **fee, **area}


def _of_other_use(rng: random.Random, contract: dict[str, Any]) -> dict[str, Any]:
    """A dwelling that becomes something else, with or without terms, or the other way round."""
    left = {name: own for name, own in contract.items() if name != "use"}
    if "use" in contract:
        return left
    whole = {"agreed": rng.choice(PROMISED), "bands": rng.choice(OWN_BANDS)}
    return left | {"use": "non_residential"} | (whole if rng.random() < 0.8 else {})


def _unread(
    rng: random.Random, scenario: Mapping[str, Any], row: Mapping[str, Any]
) -> dict[str, Any]:
    """Now and then terms of a dwelling that its act does not leave to contracts."""
    rules = POLICIES.get(scenario["policy"], {})
    if "use" in {*scenario.get("contract", {}), *row} or rng.random() < 0.6:
        return {}
    found: dict[str, Any] = {} if rules.get("agreed") else {"agreed": rng.choice(PROMISED)}
    if not (rules.get("contract_bands") or rules.get("contract_first")) and rng.random() < 0.5:
        found["bands"] = rng.choice(OWN_BANDS)
    return found


def _by_meter(rng: random.Random, contract: dict[str, Any]) -> dict[str, Any]:
    """What a metered household pays from then on: another price or basic fee, or again by its area."""
    what = rng.choice(("same", "price", "price", "basic", "area"))
    if what == "price":
        return contract | {"heat_price": rng.choice(METER_PRICES)}
    if what == "basic":
        return contract | {"basic_fee": rng.choice(("600.00", "0.00", "786.00"))}
    return {} if what == "area" else contract


def said_twice(scenario: Mapping[str, Any]) -> dict[str, Any]:
    """The same season with the terms of its begin recorded anew for its second half."""
    since, until = (datetime.fromisoformat(text) for text in scenario["season"])
    day = (since + (until - since) / 2).replace(hour=0, minute=0)
    row = {"since": day.isoformat(timespec="minutes"), **scenario.get("contract", {})}
    return {**scenario, "contract_changes": [row]}
