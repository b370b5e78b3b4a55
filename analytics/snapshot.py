"""What a settlement takes from the registry: frozen, hashed, the same from books or from a file."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from domain.columns import Columns
from domain.errors import WrongCall
from domain.money import Money
from domain.quality import Quality
from domain.quantity import Quantity
from domain.time import Span, from_us, to_us

IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Ragged:
    """Rows of many owners, CSR: owner i has `offsets[i]:offsets[i + 1]` of each column."""

    offsets: IntArray  # (n + 1,)
    columns: tuple[IntArray, ...]

    @classmethod
    def of(cls, rows: Sequence[Sequence[Sequence[int]]], width: int) -> "Ragged":
        """From each owner's rows, which are sorted here by their first column."""
        offsets = np.zeros(len(rows) + 1, dtype=np.int64)
        np.cumsum([len(each) for each in rows], out=offsets[1:])
        flat = [tuple(row) for each in rows for row in sorted(each)]
        table = np.array(flat, dtype=np.int64).reshape(-1, width)
        return cls(offsets, tuple(np.ascontiguousarray(table[:, i]) for i in range(width)))

    @classmethod
    def grouped(cls, owner: IntArray, owners: int, *columns: IntArray) -> "Ragged":
        """From flat columns with the owner's index beside them."""
        order = np.lexsort((columns[0], owner))
        offsets = np.searchsorted(owner[order], np.arange(owners + 1)).astype(np.int64)
        return cls(offsets, tuple(np.ascontiguousarray(each[order]) for each in columns))

    def take(self, owners: IntArray) -> "Ragged":
        """The same for some owners, in their order."""
        size = np.diff(self.offsets)[owners]
        offsets = np.zeros(owners.size + 1, dtype=np.int64)
        np.cumsum(size, out=offsets[1:])
        rows = spread(self.offsets[:-1][owners], size)
        return Ragged(offsets, tuple(each[rows] for each in self.columns))

    def count(self) -> IntArray:
        return np.diff(self.offsets)


def spread(start: IntArray, size: IntArray) -> IntArray:
    """(n,) starts and sizes -> all indices start, start + 1, ..., one run after the other."""
    total = int(size.sum())
    before = np.repeat(np.cumsum(size) - size, size)
    return np.repeat(start, size) + np.arange(total, dtype=np.int64) - before


@dataclass(frozen=True, slots=True)
class SeasonFacts:
    """The season a run settles; `as_of` cuts it while it runs."""

    code: str
    policy: str
    since_us: int
    until_us: int
    zone: str
    design_outdoor: str | None  # [Cel], decimal
    as_of_us: int  # nothing after it is known (regulations.md 7.20)

    @property
    def span(self) -> Span:
        return Span(from_us(self.since_us), from_us(self.until_us))

    @property
    def end_us(self) -> int:
        """The season's end, or what of it is past. [µs]"""
        return max(self.since_us, min(self.until_us, self.as_of_us))


@dataclass(frozen=True, slots=True)
class Snapshot:
    """All facts of a run but the readings (n households, r covered rooms, s series).

    Times in µs since the epoch, temperatures in 0.001 °C.
    """

    season: SeasonFacts
    household: NDArray[np.int32]  # (n,) place ids
    code: tuple[str, ...]  # (n,)
    fee: tuple[str, ...]  # (n,) season fee, decimal
    currency: tuple[str, ...]  # (n,)
    consent: BoolArray  # (n,) standing consent
    rooms: Ragged  # household -> room ids
    room_code: tuple[str, ...]  # (r,)
    series: Ragged  # room -> series id, interval_s
    acts: Ragged  # room -> at_us, value
    requests: Ragged  # household -> at_us
    outages: Ragged  # household -> since_us, until_us; supplier's, merged
    faults: Ragged  # household -> since_us, until_us
    refusals: Ragged  # household -> at_us
    outdoor: NDArray[np.int64]  # (k,) series of the designated outdoor station, interval beside
    outdoor_interval_s: NDArray[np.int64]

    def __post_init__(self) -> None:
        n, rooms = self.household.size, len(self.room_code)
        sizes = {len(self.code), len(self.fee), len(self.currency), self.consent.size}
        if sizes != {n} or self.rooms.offsets.size != n + 1 or self.series.offsets.size != rooms + 1:
            raise ValueError(f"a snapshot of {n} households and {rooms} rooms has columns of {sizes}")

    def canonical(self) -> bytes:
        """One sequence of bytes for one content."""
        return json.dumps(
            {each.name: _plain(getattr(self, each.name)) for each in fields(self)},
            ensure_ascii=False,
            separators=(",", ":"),
            sort_keys=True,
        ).encode()

    def sha256(self) -> str:
        return hashlib.sha256(self.canonical()).hexdigest()

    def row(self, household: str) -> int:
        """Row of a household by code; WrongCall where it has no contract in the season."""
        try:
            return self.code.index(household)
        except ValueError:
            raise WrongCall(
                f"household {household!r} has no contract in season {self.season.code!r}"
            ) from None

    def of(self, rows: IntArray) -> "Snapshot":
        """The same for some households only."""
        rooms = spread(self.rooms.offsets[:-1][rows], self.rooms.count()[rows])
        return Snapshot(
            self.season,
            self.household[rows],
            tuple(self.code[i] for i in rows.tolist()),
            tuple(self.fee[i] for i in rows.tolist()),
            tuple(self.currency[i] for i in rows.tolist()),
            self.consent[rows],
            self.rooms.take(rows),
            tuple(self.room_code[i] for i in rooms.tolist()),
            self.series.take(rooms),
            self.acts.take(rooms),
            self.requests.take(rows),
            self.outages.take(rows),
            self.faults.take(rows),
            self.refusals.take(rows),
            self.outdoor,
            self.outdoor_interval_s,
        )


def _plain(value: object) -> object:
    if isinstance(value, Ragged):
        return [value.offsets.tolist(), *(each.tolist() for each in value.columns)]
    if isinstance(value, SeasonFacts):
        return {each.name: getattr(value, each.name) for each in fields(value)}
    return value.tolist() if isinstance(value, np.ndarray) else value


def merged(spans: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Overlapping and touching spans as one: no second is without heat twice.

    >>> merged([(5, 9), (0, 5), (12, 13)])
    [(0, 9), (12, 13)]
    """
    joined: list[tuple[int, int]] = []
    for since, until in sorted(spans):
        if joined and since <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(until, joined[-1][1]))
        elif since < until:
            joined.append((since, until))
    return joined


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
            raise WrongCall(f"facts: {text!r} is not a local time such as 2025-01-09T08:00") from None
        return to_us(at if at.tzinfo else at.replace(tzinfo=self._zone))


def _samples(rows: Sequence[Sequence[str]], local: _local_us, key: str) -> list[tuple[int, int]]:
    taken = sorted((local(at), _milli(value, key)) for at, value in rows)
    for before, after in zip(taken, taken[1:], strict=False):
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
