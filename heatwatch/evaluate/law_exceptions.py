"""Where a text lets more against the supplier pay less: what a policy may name, and how it is known.

Each name has a way to take the clause's effect out of a comparison. A season that is paid less is
allowed only where the policy names the exception and, without its effect, nothing is paid less.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import chain
from types import MappingProxyType
from typing import Any, NamedTuple

from analytics.law.policy import PolicyFile
from simulators.law.smallest import Scenario


class Comparison(NamedTuple):
    """A season before and after a change that may not pay less, under a policy."""

    policy: PolicyFile
    before: Scenario
    after: Scenario


#: Outages less than this apart are one (7.9). [min]
HELD_MIN = 60
Without = Callable[[Comparison], Comparison]


def without_presumption(tried: Comparison) -> Comparison:
    """As if nothing were presumed against a late supplier."""
    policy = tried.policy.policy
    table: Any = policy.tables["day_band"]
    silent = table.presumptions.model_copy(update={"supplier_late": "none"})
    own = table.model_copy(update={"presumptions": silent})
    tables = MappingProxyType({**policy.tables, "day_band": own})
    return tried._replace(
        policy=replace(tried.policy, policy=policy.model_copy(update={"tables": tables}))
    )


def without_cold(tried: Comparison) -> Comparison:
    """As if only outages were paid."""
    policy = tried.policy.policy
    tables = {name: each for name, each in policy.tables.items() if name != "degree_hour"}
    own = policy.model_copy(update={"tables": MappingProxyType(tables)})
    return tried._replace(policy=replace(tried.policy, policy=own))


def together_before(tried: Comparison) -> Comparison:
    """As if outages that one outage of the changed season covers had been one before."""
    joined: list[list[str]] = []
    for since, until in sorted(tried.after["outages"]):
        if joined and _minutes(joined[-1][1], since) < HELD_MIN:
            joined[-1][1] = max(joined[-1][1], until)
        else:
            joined.append([since, until])
    before = []
    for since, until in joined:
        own = [each for each in tried.before["outages"] if since <= each[0] and each[1] <= until]
        before += [[min(a for a, _ in own), max(b for _, b in own)]] if own else []
    return tried._replace(before={**tried.before, "outages": before})


def _minutes(since: str, until: str) -> float:
    """From one local time to another. [min]"""
    return (datetime.fromisoformat(until) - datetime.fromisoformat(since)) / timedelta(minutes=1)


def as_cold_as_readings(tried: Comparison) -> Comparison:
    """As if each failing record said what the coldest reading of its room and day says."""
    acts = []
    for at, room, celsius in tried.after["acts"]:
        told = [value for when, value in tried.after["rooms"][room] if when[:10] == at[:10]]
        failing = Decimal(celsius) < tried.policy.policy.standard.temp
        acts.append([at, room, min([celsius, *told], key=Decimal) if failing else celsius])
    return tried._replace(after={**tried.after, "acts": acts})


def without_means(tried: Comparison) -> Comparison:
    """As if each reading said what the coldest of its room and day says."""
    rooms = {}
    for room, rows in tried.after["rooms"].items():
        coldest: dict[str, str] = {}
        for at, value in rows:
            coldest[at[:10]] = min(coldest.get(at[:10], value), value, key=Decimal)
        rooms[room] = [[at, coldest[at[:10]]] for at, _ in rows]
    return tried._replace(after={**tried.after, "rooms": rooms})


def without_records(tried: Comparison) -> Comparison:
    """As if nobody had measured."""
    return tried._replace(before={**tried.before, "acts": []}, after={**tried.after, "acts": []})


def without_earlier_records(tried: Comparison) -> Comparison:
    """As if nobody had measured before the household asked."""
    asked = min(tried.before["requests"], default="")
    seasons = [
        {**each, "acts": [act for act in each["acts"] if act[0] >= asked]}
        for each in (tried.before, tried.after)
    ]
    return Comparison(tried.policy, *seasons)


def records_at_noon(tried: Comparison) -> Comparison:
    """As if every record had been made at noon of its day."""
    return tried._replace(before=_at_noon(tried.before), after=_at_noon(tried.after))


def _at_noon(season: Scenario) -> Scenario:
    coldest: dict[tuple[str, str], str] = {}
    for at, room, celsius in season["acts"]:
        key = at[:10] + "T12:00", room
        coldest[key] = min(coldest.get(key, celsius), celsius, key=Decimal)
    return {**season, "acts": [[*key, celsius] for key, celsius in sorted(coldest.items())]}


#: Name, as a policy has it under `pays_less` -> how its effect is taken out.
EXCEPTIONS: Mapping[str, Without] = {
    "late_supplier": without_presumption,
    "record_for_readings": as_cold_as_readings,
    "mean_of_readings": without_means,
    "record_inside_gap": without_records,
    "record_before_request": without_earlier_records,
    "outage_for_cold": without_cold,
    "outages_grow_together": together_before,
    "first_failing_test": records_at_noon,
}
#: Of these the sum that is paid less is not gone but undetermined.
LEAVES_OPEN = frozenset({"record_inside_gap"})


def ways_out(names: Iterable[str]) -> list[tuple[str, ...]]:
    """What may explain a season that is paid less: each exception alone, then all together."""
    known = [name for name in EXCEPTIONS if name in set(names)]
    alone = [(name,) for name in known]
    return list(dict.fromkeys(chain(alone, [tuple(known)] if known else [])))
