"""The same season with more against the supplier: what no calculator may pay less for."""

from collections.abc import Callable, Mapping
from copy import deepcopy
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from tests.analytics.facts import Scenario

Change = Callable[[Scenario, Decimal], Scenario]
RECORDS = ("acts", "measurements")  # the older key, and the one of now


def colder(facts: Scenario, _standard: Decimal) -> Scenario:
    """Every reading and record half a degree colder."""
    found = deepcopy(facts)
    for name, samples in facts.get("rooms", {}).items():
        found["rooms"][name] = [[at, _colder(value)] for at, value in samples]
    for key in RECORDS:
        if key in facts:
            found[key] = [[at, room, _colder(value)] for at, room, value in facts[key]]
    return found


def longer_outage(facts: Scenario, _standard: Decimal) -> Scenario:
    """The last outage to end ends six hours later."""
    found = deepcopy(facts)
    ended = [each for each in found.get("outages", []) if each[1] is not None]
    if ended:
        last = max(ended, key=lambda each: datetime.fromisoformat(each[1]))
        last[1] = (datetime.fromisoformat(last[1]) + timedelta(hours=6)).isoformat()
    return found


def repeated_record(facts: Scenario, standard: Decimal) -> Scenario:
    """The coldest record once more at the end of its day, where it is below the standard.

    At the end, as an earlier one would move the instant that the days of a test run from.
    """
    found = deepcopy(facts)
    key = next((each for each in RECORDS if facts.get(each)), None)
    if key is None:
        return found
    at, room, value = min(facts[key], key=lambda each: Decimal(each[2]))
    again = datetime.fromisoformat(at).replace(hour=23, minute=59)
    if Decimal(value) < standard and again > datetime.fromisoformat(at):
        found[key].append([again.isoformat(timespec="minutes"), room, value])
    return found


def _colder(value: Any) -> Any:
    return None if value is None else str(Decimal(value) - Decimal("0.5"))


#: By the names under which a calculator's own test may say `PAYS_LESS`.
CHANGES: Mapping[str, Change] = {
    each.__name__: each for each in (colder, longer_outage, repeated_record)
}
