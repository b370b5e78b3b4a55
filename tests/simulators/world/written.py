"""Worlds that were written."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from simulators.world.world import WorldReport
from tests.simulators.files import WorldFiles

ZONE = ZoneInfo("Asia/Shanghai")


@pytest.fixture(scope="module")
def files(demo: WorldReport) -> WorldFiles:
    return WorldFiles(demo.folder)


def scenario(files: WorldFiles, home: str, told: dict[str, Any]) -> dict[str, Any]:
    """A household in the form of the reference seasons, cut to the days around its run."""
    season = files.rows("seasons")[0]
    centre = told.get("below_since") or files.rows("outages")[0]["since"]
    centre_s = datetime.fromisoformat(centre).timestamp()
    rooms = {}
    for room in files.rooms[home]:
        at_s, value = files.of_room(room)
        near = np.abs(at_s - centre_s) < 7 * 86_400
        rooms[room] = [
            [local(datetime.fromtimestamp(int(at), ZONE)), f"{celsius:.3f}"]
            for at, celsius in zip(at_s[near], value[near], strict=True)
        ]
    asked = [files.requests[home]] if home in files.requests else []
    if told["ending"] == "consent_half_fee":
        asked = [datetime.fromisoformat(told["below_since"])]
    return {
        "id": 1,
        "policy": season["policy"],
        "season": [local(datetime.fromisoformat(season[name])) for name in ("since", "until")],
        "season_fee": next(
            row["season_fee"] for row in files.rows("contracts") if row["household"] == home
        ),
        "interval_min": 15,
        "rooms": rooms,
        "requests": [local(at) for at in asked],
        "acts": [
            [local(datetime.fromisoformat(row["at"])), row["room"], row["celsius"]]
            for row in files.rows("measurements")
            if row["room"] in rooms
        ],
        "outages": [
            [local(datetime.fromisoformat(row[name])) for name in ("since", "until")]
            for row in files.rows("outages")
            if home.startswith(row["place"])
        ],
        "outdoor_excused_days": [],
    }


def local(at: datetime) -> str:
    return at.astimezone(ZONE).replace(tzinfo=None).isoformat()
