"""Scenarios of the reference form (refund-seasons/FORMAT.md of the shared data), built by hand."""

import gzip
import json
import re
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from heatwatch.evaluate.law_city import comparable

__all__ = ["comparable"]  # beside what is made here

Scenario = dict[str, Any]
_POLICY = re.compile(rb'"policy": ?"([^"]+)"')

SEASONS = {
    "CN-HA-2018": ["2024-11-15T00:00", "2025-03-16T00:00"],
    "CN-HA-LY-2018": ["2024-11-15T00:00", "2025-03-16T00:00"],
    "CN-SD-LINYI-2017": ["2024-11-10T00:00", "2025-03-21T00:00"],
    "CN-SD-WEIFANG-2021": ["2024-11-14T12:00", "2025-03-15T12:00"],
    "CN-SD-TAIAN-2020": ["2024-11-15T00:00", "2025-03-16T00:00"],
    "CN-SD-BINZHOU-2016": ["2024-11-15T00:00", "2025-03-16T00:00"],
    "CN-SD-HEZE-2017": ["2024-11-15T00:00", "2025-03-16T00:00"],
    "CN-SD-QINGDAO-2017": ["2024-11-16T00:00", "2025-04-06T00:00"],
}
#: A season's fee that makes the daily fee 20.00.
TWENTY_A_DAY = dict.fromkeys(SEASONS, "2420.00") | {
    "CN-SD-LINYI-2017": "2620.00",
    "CN-SD-QINGDAO-2017": "2820.00",
}


def rows(*parts: tuple[str, str, str], minutes: int = 15) -> list[list[str]]:
    """(from, to, value) -> samples at a fixed interval, up to before `to`."""
    found = []
    for since, until, celsius in parts:
        at = datetime.fromisoformat(since)
        while at < datetime.fromisoformat(until):
            found.append([at.isoformat(timespec="minutes"), celsius])
            at += timedelta(minutes=minutes)
    return found


def facts(
    policy: str,
    rooms: dict[str, list[list[str]]],
    *,
    requests: Sequence[str] = (),
    acts: Sequence[Sequence[str]] = (),
    outages: Sequence[Sequence[str]] = (),
    interval_min: int = 15,
    **other: object,
) -> Scenario:
    """A scenario with a daily fee of 20.00 unless `season_fee` says otherwise."""
    return {
        "id": 0,
        "policy": policy,
        "season": SEASONS[policy],
        "season_fee": TWENTY_A_DAY[policy],
        "interval_min": interval_min,
        "rooms": rooms,
        "requests": list(requests),
        "acts": [list(each) for each in acts],
        "outages": [list(each) for each in outages],
        "outdoor_excused_days": [],
    } | other


def reference_seasons(shared: Path, policy: str) -> Iterator[tuple[Scenario, dict[str, Any]]]:
    """Each reference season of a policy with its answer, read where they are."""
    folder = shared / "data" / "refund-seasons"
    text = (folder / "answers.jsonl").read_text(encoding="utf-8")
    answers = [json.loads(each) for each in text.splitlines()]
    by_id = {each["id"]: each for each in answers}
    for line in _lines(folder / "scenarios.jsonl.gz").get(policy, ()):
        scenario = json.loads(line)
        answer = by_id[scenario["id"]]
        yield scenario, {key: answer[key] for key in ("total", "undetermined", "lines")}


@cache
def _lines(path: Path) -> dict[str, list[bytes]]:
    """Policy -> its seasons as they are written: nobody reads those of all."""
    found: dict[str, list[bytes]] = {}
    with gzip.open(path) as lines:
        for line in lines:
            (policy,) = _POLICY.findall(line)
            found.setdefault(policy.decode(), []).append(line)
    return found
