"""Outages that were announced ahead, as the naive twins take them: there were none."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from simulators.law import abroad

DUTCH_NOTICE = timedelta(days=3)


def netherlands(scenario: Mapping[str, Any]) -> dict[str, Any]:
    """The Dutch twin without outages that were announced at least three days ahead."""
    return abroad.netherlands(without_announced(scenario, DUTCH_NOTICE))


def without_announced(scenario: Mapping[str, Any], ahead: timedelta) -> dict[str, Any]:
    """The season without the outages that were announced so long before they began, or longer."""
    zone = ZoneInfo(scenario.get("zone", "Asia/Shanghai"))

    def instant(text: str) -> datetime:
        return datetime.fromisoformat(text).replace(tzinfo=zone).astimezone(UTC)

    announced = {
        each["since"]: each["announced_at"]
        for each in scenario.get("outage_notes", ())
        if each.get("announced_at")
    }
    outages = [
        span
        for span in scenario["outages"]
        if span[0] not in announced or instant(span[0]) - instant(announced[span[0]]) < ahead
    ]
    return {key: value for key, value in scenario.items() if key != "outage_notes"} | {
        "outages": outages
    }


CAUSED = (
    "CN-XJ-URUMQI-2002",
    "CN-LN-2016-121",
    "CN-LN-2016-121-DALIAN",
)  # acts that ask for the cause


def with_causes(world: dict[str, Any]) -> dict[str, Any]:
    """The world, where the act asks for it often with an outage of a cause of its own."""
    rng = Random(f"{world['id']} cause")
    if world["policy"] not in CAUSED or rng.random() < 0.6:
        return world
    there = [text for text, *_ in (*world["acts"], *next(iter(world["rooms"].values())))]
    begin = datetime.fromisoformat(rng.choice(there or [world["season"][0]]))
    begin += timedelta(minutes=rng.choice((-1440, -60, -1, 0, 0, 60)))
    end = begin + timedelta(minutes=rng.choice((1, 60, 720, 1440, 3000)))
    span = [each.isoformat(timespec="minutes") for each in (begin, end)]
    if any(each[0] == span[0] for each in world["outages"]):
        return world
    cause = rng.choice(("force_majeure", "force_majeure", "force_majeure", "third_party"))
    return world | {
        "outages": sorted([*world["outages"], span]),
        "outage_notes": [{"since": span[0], "cause": cause}],
    }
