"""Outages that were announced ahead, as the naive twins take them: there were none."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
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
