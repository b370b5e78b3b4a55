"""Who bore the fee when, of random households: subsidies that change, pauses, sales, moves and renames.

They begin at or beside what happens in the season, so that they cut outages, tests and cold days.
"""

import random
from collections.abc import Mapping
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

NAMES = ("Wang", "Zhao", "Li")
SUBSIDIES = (
    ("30", "City"),
    ("33.3333", "City"),
    ("50", "District"),
    ("100", "City"),
    ("0", "City"),
)
LASTS = (60, 1440, 1441, 3000, 6000, 14_400, 43_200)  # [min]
NEAR = (0, 0, 1, -1, 60, 600, 1440, -1440, 5 * 1440)  # [min]


def with_payers(scenario: Mapping[str, Any], often: float = 1.0) -> dict[str, Any]:
    """The season, of a part `often` of all [1] with rows of who bore its fee; its id says all."""
    rng = random.Random(f"{scenario['id']} payers")
    if rng.random() >= often:
        return dict(scenario)
    rows = [_row(rng, at) for at in _instants(rng, scenario)]
    return {**scenario, "fee_spans": one_at_a_time(rows)}


def one_at_a_time(rows: list[dict[str, str]]) -> list[dict[str, str]]:
    """As a registry has them: one that ends does so before the next begins."""
    own = {row["since"]: row for row in reversed(rows)}
    begins = sorted(own)
    for since, after in pairwise(begins):
        if own[since].get("until", "") > after:
            own[since]["until"] = after
    return [own[since] for since in begins]


def _instants(rng: random.Random, scenario: Mapping[str, Any]) -> list[datetime]:
    """Distinct times of up to four rows, in order; the first often before the season."""
    since, until = (datetime.fromisoformat(text) for text in scenario["season"])
    there = [row[0] for rows in scenario["rooms"].values() for row in rows[:1] + rows[-1:]]
    there += [row[0] for row in scenario["acts"]] + list(scenario["requests"])
    there += [text for span in scenario["outages"] for text in span]
    found = {since - timedelta(days=30)} if rng.random() < 0.5 else set()
    for _ in range(rng.choice((1, 1, 2, 3, 4))):
        days = (until - since).days
        anywhere = (since + timedelta(days=rng.randrange(days))).isoformat()
        at = datetime.fromisoformat(rng.choice([*there, anywhere]))
        at += timedelta(minutes=rng.choice(NEAR))
        found.add(at.replace(hour=0, minute=0) if rng.random() < 0.5 else at)
    return sorted(found)


def _row(rng: random.Random, at: datetime) -> dict[str, str]:
    """A row of one kind, from `at` on, now and then with an end."""
    state = rng.choice(
        ("charged", "charged", "charged", "sold", "moved_in", "moved_out", "paused", "arrears")
    )
    row = {"since": _text(at), "state": state}
    if state in {"sold", "moved_in"} or (state == "charged" and rng.random() < 0.5):
        row["payer"] = rng.choice(NAMES)
    if state in {"charged", "sold", "moved_in"} and rng.random() < 0.6:
        row["subsidy_percent"], row["subsidy_by"] = rng.choice(SUBSIDIES)
    if rng.random() < (0.2 if state in {"charged", "sold"} else 0.6):
        until = _text(at + timedelta(minutes=rng.choice(LASTS)))
        if until > row["since"]:  # the night hours in which clocks change are one instant here
            row["until"] = until
    return row


def _text(at: datetime) -> str:
    """A local time that clocks show once: none of the night hours in which they change."""
    return at.replace(hour=4 if 1 <= at.hour <= 3 else at.hour).isoformat(timespec="minutes")


def without_subsidies(scenario: Mapping[str, Any]) -> dict[str, Any]:
    """The same with all of the fee borne by whoever lived there."""
    rows = [
        {name: text for name, text in row.items() if not name.startswith("subsidy")}
        for row in scenario.get("fee_spans", ())
    ]
    return {**scenario, "fee_spans": rows} if rows else dict(scenario)


def renamed(scenario: Mapping[str, Any]) -> dict[str, Any]:
    """A household without such rows whose payer gets a name, and a subsidy of nothing, in the season."""
    since, until = (datetime.fromisoformat(text) for text in scenario["season"])
    row = {"state": "charged", "payer": NAMES[0], "subsidy_percent": "0", "subsidy_by": "City"}
    rows = [
        row | {"since": _text(since + (until - since) / 3)},
        row | {"since": _text(since + (until - since) / 2), "payer": NAMES[1]},
    ]
    return {**scenario, "fee_spans": rows}
