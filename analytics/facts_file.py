"""One household's facts from a file: what `heatwatch refund try` settles."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np

from analytics.ragged import Ragged, merged
from analytics.snapshot import SeasonFacts, Snapshot
from domain.columns import Columns
from domain.errors import WrongCall
from domain.money import Money
from domain.quality import Quality
from domain.quantity import Quantity
from domain.time import from_us, to_us

FACTS_KEYS = {
    "id", "policy", "season", "season_fee", "interval_min", "rooms", "requests", "acts",
    "outages", "outdoor_excused_days", "zone", "currency",
}  # fmt: skip
OPTIONAL_KEYS = {"id", "policy", "zone", "currency", "outdoor_excused_days"}


@dataclass(frozen=True, slots=True)
class Facts:
    """One household's facts from a file, ready to settle."""

    snapshot: Snapshot
    columns: Columns
    excused_days: tuple[str, ...]  # local days, ISO


def from_facts(facts: Mapping[str, Any], policy: str) -> Facts:
    """Facts in the format of `refund try` (README there); local civil times of the zone.

    Raises WrongCall with the key, the value and what is allowed.
    """
    unknown = sorted(set(facts) - FACTS_KEYS)
    missing = sorted(FACTS_KEYS - OPTIONAL_KEYS - set(facts))
    if unknown or missing:
        raise WrongCall(f"facts: unknown keys {unknown}, missing keys {missing}")
    zone = ZoneInfo(facts.get("zone", "Asia/Shanghai"))
    local = _local_us(zone)
    names = sorted(facts["rooms"])
    samples = [_samples(facts["rooms"][name], local, f"rooms.{name}") for name in names]
    acts: list[list[tuple[int, int]]] = [[] for _ in names]
    for at, room, celsius in facts["acts"]:
        if room not in names:
            raise WrongCall(f"facts: acts: room {room!r} is not known; allowed: {', '.join(names)}")
        acts[names.index(room)].append((local(at), _milli(celsius, "acts")))
    since, until = (local(each) for each in facts["season"])
    if until <= since:
        raise WrongCall(f"facts: season: ends {facts['season'][1]} before it begins")
    interval = int(facts["interval_min"]) * 60
    if interval <= 0:
        raise WrongCall(f"facts: interval_min: {facts['interval_min']} is not above 0")
    none = Ragged.of([[]], 2)
    rooms = range(len(names))
    snapshot = Snapshot(
        SeasonFacts("facts", policy, since, until, str(zone), None, until),
        np.array([1], dtype=np.int32),
        (str(facts.get("id", "facts")),),
        (_fee(facts["season_fee"]),),
        (str(facts.get("currency", "CNY")),),
        np.array([False]),
        Ragged.of([[(i + 1,) for i in rooms]], 1),
        tuple(names),
        Ragged.of([[(i + 1, interval)] for i in rooms], 2),
        Ragged.of(acts, 2),
        Ragged.of([[(local(each),) for each in facts["requests"]]], 1),
        Ragged.of([merged([(local(a), local(b)) for a, b in facts["outages"]])], 2),
        none,
        Ragged.of([[]], 1),
        np.array([], dtype=np.int64),
        np.array([], dtype=np.int64),
    )
    return Facts(snapshot, _columns(samples), tuple(facts.get("outdoor_excused_days", ())))


def _columns(samples: Sequence[Sequence[tuple[int, int]]]) -> Columns:
    flat = np.array([row for each in samples for row in each], dtype=np.int64).reshape(-1, 2)
    offsets = np.zeros(len(samples) + 1, dtype=np.int64)
    np.cumsum([len(each) for each in samples], out=offsets[1:])
    mark = np.full(flat.shape[0], int(Quality.GOOD), dtype=np.uint8)
    ids = np.arange(1, len(samples) + 1, dtype=np.int32)
    at, value = np.ascontiguousarray(flat[:, 0]), np.ascontiguousarray(flat[:, 1])
    return Columns(ids, offsets, at, value, mark)


class _local_us:
    """Local civil time without offset -> µs since the epoch."""

    def __init__(self, zone: ZoneInfo) -> None:
        self._zone = zone

    def __call__(self, text: str) -> int:
        try:
            at = datetime.fromisoformat(text)
        except (TypeError, ValueError):
            raise WrongCall(
                f"facts: {text!r} is not a local time such as 2025-01-09T08:00"
            ) from None
        return to_us(at if at.tzinfo else at.replace(tzinfo=self._zone))


def _samples(rows: Sequence[Sequence[str]], local: _local_us, key: str) -> list[tuple[int, int]]:
    taken = sorted((local(at), _milli(value, key)) for at, value in rows)
    for before, after in pairwise(taken):
        if before[0] == after[0]:
            raise WrongCall(f"facts: {key}: two samples at {from_us(after[0]).isoformat()}")
    return taken


def _milli(text: str, key: str) -> int:
    try:
        return Quantity.TEMPERATURE.to_steps(Decimal(text))
    except ArithmeticError:
        raise WrongCall(f"facts: {key}: {text!r} is not a decimal temperature") from None


def _fee(text: str) -> str:
    try:
        fee = Money(Decimal(text)).amount
    except (ArithmeticError, ValueError):
        raise WrongCall(f"facts: season_fee: {text!r} is not a decimal string") from None
    if fee < 0:
        raise WrongCall(f"facts: season_fee: {text!r} is below 0")
    return str(fee)
