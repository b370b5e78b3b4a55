"""What a settlement takes from the registry: frozen, hashed, the same from books or from a file.

Needs no database: `analytics.facts.from_books` takes it from the books.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, field, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from analytics.facts.season_facts import SeasonFacts
from analytics.heat.ragged import IntArray, Ragged, spread
from domain.errors import WrongCall
from domain.language import msg
from domain.plausible import around
from domain.time import Span

BoolArray = NDArray[np.bool_]
VERIFIED, UNVERIFIED = 0, 1  # of a placement: the lower is the better
ROOM, OUTDOOR = 0, 1  # rows of `Snapshot.checks`
NEVER_US = -(2**62)  # of an announcement that was not made


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
    measurements: Ragged  # room -> at_us, value
    requests: Ragged  # household -> at_us
    outages: Ragged  # household -> since_us, until_us; supplier's, chained
    faults: Ragged  # household -> since_us, until_us
    refusals: Ragged  # household -> at_us
    outdoor: NDArray[np.int64]  # (k,) series of the designated outdoor station, interval beside
    outdoor_interval_s: NDArray[np.int64]
    #: room -> since_us, until_us, VERIFIED or UNVERIFIED, beside `series`; None: all of the season,
    #: and of each room alike (`analytics.facts.placements`).
    spans: Ragged | None = None
    #: (n,) heated area, decimal [m2], "" unknown; where an act asks for it
    area: tuple[str, ...] = ()
    room_area: tuple[str, ...] = ()  # (r,) the same of the rooms
    #: Household -> since_us, until_us of outages recorded without an end that no meter shows to be
    #: over: how long they lasted is not known; None: there are none.
    open_outages: Ragged | None = None
    #: Who confirmed the text of a policy that is a template: the policy's sha256, document, its
    #: date, name (`store.evidence.confirmations`); (): nobody, or there was no need to.
    confirmed: tuple[str, ...] = ()
    #: What can be true of a room's and of the outdoor readings (`domain.plausible.FIELDS`); a run of
    #: before there were such rules has none.
    checks: tuple[tuple[int, ...], ...] = ()
    recorded: tuple[str, ...] = ()  # (n,) what else is known of each (`facts.recorded`), "" nothing
    #: (n,) what the contracts say of refunds (`domain.contract_terms`), "" nothing; (): none does.
    terms: tuple[str, ...] = ()
    #: Household -> since_us, until_us, 1 with a known end, announced_us (`NEVER_US`: not), cause (index of
    #: `OUTAGE_CAUSES`) of outages that were announced or were not the supplier's own; they are not among
    #: `outages` and `open_outages`, as policies tell which count (`analytics.law.noted_outages`).
    noted_outages: Ragged | None = None
    #: (r,) what each room is where the policy has standards of its own for some: its use and "corner",
    #: joined by "+"; "" not recorded; (): the policy has none.
    room_kind: tuple[str, ...] = ()
    #: Household -> since_us, until_us, series, interval_s, meter: the energy registers [Wh] of metered
    #: households (`analytics.facts.meters`); None: the contract of none names a price of heat.
    meters: Ragged | None = None
    #: The canonical bytes once they are made: a city's are megabytes, and are hashed and kept.
    _told: bytes | None = field(default=None, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        n, rooms = self.household.size, len(self.room_code)
        sizes = {len(self.code), len(self.fee), len(self.currency), self.consent.size}
        owners = self.rooms.offsets.size - 1, self.series.offsets.size - 1
        if sizes != {n} or owners != (n, rooms):
            raise ValueError(f"expected {n} households and {rooms} rooms, got columns of {sizes}")

    @property
    def read_span(self) -> Span:
        """Which readings a run needs: those that count, and those that say whether they can be true.

        Of what comes after the season only once it is over; while it runs nothing after the present.
        """
        span, over = self.season.read_span, self.season.end_us == self.season.until_us
        if not self.checks:
            return span
        return Span(around(span).since, around(span).until if over else span.until)

    def canonical(self) -> bytes:
        """One sequence of bytes for one content; `snapshot_of` reads them."""
        if self._told is None:
            said = {name: _plain(getattr(self, name)) for name in _FIELDS if _said(self, name)}
            told = json.dumps(said, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
            object.__setattr__(self, "_told", told.encode())
        assert self._told is not None
        return self._told

    def sha256(self) -> str:
        return hashlib.sha256(self.canonical()).hexdigest()

    def row(self, household: str) -> int:
        """Row of a household by code; WrongCall where it has no contract in the season."""
        try:
            return self.code.index(household)
        except ValueError:
            raise WrongCall(
                msg(
                    "household {household!r} has no contract in season {code!r}",
                    household=household, code=self.season.code,
                )
            ) from None  # fmt: skip

    def of(self, rows: IntArray) -> "Snapshot":
        """The same for some households only."""
        rooms = spread(self.rooms.offsets[:-1][rows], self.rooms.count()[rows])
        return Snapshot(
            self.season,
            self.household[rows],
            _some(self.code, rows),
            _some(self.fee, rows),
            _some(self.currency, rows),
            self.consent[rows],
            self.rooms.take(rows),
            _some(self.room_code, rooms),
            self.series.take(rooms),
            self.measurements.take(rooms),
            self.requests.take(rows),
            self.outages.take(rows),
            self.faults.take(rows),
            self.refusals.take(rows),
            self.outdoor,
            self.outdoor_interval_s,
            None if self.spans is None else self.spans.take(rooms),
            _some(self.area, rows),
            _some(self.room_area, rooms),
            None if self.open_outages is None else self.open_outages.take(rows),
            self.confirmed,
            self.checks,
            _some(self.recorded, rows),
            _some(self.terms, rows),
            None if self.noted_outages is None else self.noted_outages.take(rows),
            _some(self.room_kind, rooms),
            None if self.meters is None else self.meters.take(rows),
        )


def _some(values: tuple[str, ...], rows: IntArray) -> tuple[str, ...]:
    """Those of the rows, () of none at all; rows beside each other, as of most pieces, are a slice."""
    if not values or not rows.size:
        return ()
    first, last = int(rows[0]), int(rows[-1]) + 1
    if last - first == rows.size and bool(np.all(rows[1:] > rows[:-1])):
        return values[first:last]
    return tuple(map(values.__getitem__, rows.tolist()))


_FIELDS = tuple(each.name for each in fields(Snapshot) if each.init)
#: Not in the bytes where they are empty, as they mostly are.
_NONE: dict[str, Any] = {"spans": None, "open_outages": None, "noted_outages": None, "meters": None}
_EMPTY = ("area", "room_area", "confirmed", "checks", "recorded", "terms", "room_kind")
_SELDOM = _NONE | {name: [] for name in _EMPTY}


def _said(snapshot: Snapshot, name: str) -> bool:
    value = getattr(snapshot, name)
    return name not in _SELDOM or not (value is None or value == ())


def _plain(value: object) -> object:
    if isinstance(value, Ragged):
        return [value.offsets.tolist(), *(each.tolist() for each in value.columns)]
    if isinstance(value, SeasonFacts):
        return {each.name: getattr(value, each.name) for each in fields(value)}
    return value.tolist() if isinstance(value, np.ndarray) else value


def snapshot_of(raw: bytes, sha256: str) -> Snapshot:
    """The snapshot of these canonical bytes: the inverse of `Snapshot.canonical`.

    Raises ValueError for bytes of another hash than the one named, and for those of a snapshot
    that has not exactly these fields.
    """
    found = hashlib.sha256(raw).hexdigest()
    if found != sha256:
        raise ValueError(f"expected bytes of sha256 {sha256}, got those of {found}")
    told = json.loads(raw)
    if isinstance(told, dict) and "acts" in told:  # what measurements were called before
        told["measurements"] = told.pop("acts")
    if isinstance(told, dict):
        told = _SELDOM | told
    _only(told, _FIELDS, "a snapshot")
    _only(told["season"], tuple(each.name for each in fields(SeasonFacts)), "its season")
    snapshot = Snapshot(
        SeasonFacts(**told["season"]),
        np.array(told["household"], dtype=np.int32),
        tuple(told["code"]),
        tuple(told["fee"]),
        tuple(told["currency"]),
        np.array(told["consent"], dtype=np.bool_),
        _ragged_of(told["rooms"]),
        tuple(told["room_code"]),
        _ragged_of(told["series"]),
        _ragged_of(told["measurements"]),
        _ragged_of(told["requests"]),
        _ragged_of(told["outages"]),
        _ragged_of(told["faults"]),
        _ragged_of(told["refusals"]),
        np.array(told["outdoor"], dtype=np.int64),
        np.array(told["outdoor_interval_s"], dtype=np.int64),
        None if told["spans"] is None else _ragged_of(told["spans"]),
        tuple(told["area"]),
        tuple(told["room_area"]),
        None if told["open_outages"] is None else _ragged_of(told["open_outages"]),
        tuple(told["confirmed"]),
        tuple(tuple(each) for each in told["checks"]),
        tuple(told["recorded"]),
        tuple(told["terms"]),
        None if told["noted_outages"] is None else _ragged_of(told["noted_outages"]),
        tuple(told["room_kind"]),
        None if told["meters"] is None else _ragged_of(told["meters"]),
    )
    object.__setattr__(snapshot, "_told", raw)
    return snapshot


def _only(told: object, names: Sequence[str], what: str) -> None:
    if not isinstance(told, dict) or told.keys() != set(names):
        given = sorted(told) if isinstance(told, dict) else type(told).__name__
        raise ValueError(f"expected {what} of {sorted(names)}, got {given}")


def _ragged_of(told: Sequence[Sequence[int]]) -> Ragged:
    offsets, *columns = (np.array(each, dtype=np.int64) for each in told)
    return Ragged(offsets, tuple(columns))
