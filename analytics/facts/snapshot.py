"""What a settlement takes from the registry: frozen, hashed, the same from books or from a file.

Needs no database: `analytics.facts.from_books` takes it from the books.
"""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import MISSING, dataclass, field, fields, replace
from functools import cache
from typing import Annotated, Any, NamedTuple, get_type_hints

import numpy as np
from numpy.typing import NDArray

from analytics.facts.season_facts import SeasonFacts
from analytics.facts.written import Written, read
from analytics.heat.ragged import IntArray, Ragged, spread
from domain.errors import WrongCall
from domain.language import msg
from domain.plausible import around
from domain.time import Span

BoolArray = NDArray[np.bool_]
VERIFIED, UNVERIFIED = 0, 1  # of a placement: the lower is the better
ROOM, OUTDOOR = 0, 1  # rows of `Snapshot.checks`
NEVER_US = -(2**62)  # of an announcement that was not made


HOMES, ROOMS, RUN = "homes", "rooms", "run"  # what a field has a value or rows of

#: In place of the series of a device that has several registers of heat in one place at one time: a total
#: and a tariff's, or one in other units. Which of them says what the household is billed is not known.
NO_SERIES = 0


class Each(NamedTuple):
    """What a field has a value or rows of, by which it is cut; and what makes it of the bytes' JSON."""

    of: str
    read: Callable[[Any], Any]


def _array(dtype: Any) -> Callable[[Any], Any]:
    return lambda told: np.array(told, dtype=dtype)


def _rows(told: Sequence[Sequence[int]]) -> Ragged:
    offsets, *columns = (np.array(each, dtype=np.int64) for each in told)
    return Ragged(offsets, tuple(columns))


def _season(told: dict[str, Any]) -> SeasonFacts:
    _only(told, tuple(each.name for each in fields(SeasonFacts)), "its season")
    return SeasonFacts(**told)


def _checks(told: Sequence[Sequence[int]]) -> tuple[tuple[int, ...], ...]:
    return tuple(tuple(each) for each in told)


HomeTexts = Annotated[tuple[str, ...], Each(HOMES, tuple)]
RoomTexts = Annotated[tuple[str, ...], Each(ROOMS, tuple)]
HomeRows = Annotated[Ragged, Each(HOMES, _rows)]
RoomRows = Annotated[Ragged, Each(ROOMS, _rows)]
RunSeries = Annotated[NDArray[np.int64], Each(RUN, _array(np.int64))]


@dataclass(frozen=True, slots=True)
class Snapshot:
    """All facts of a run but the readings (n households, r covered rooms, s series).

    Times in µs since the epoch, temperatures in 0.001 °C. A new fact is a field here with whose rows
    it has, and with a default of None or (): nothing else lists the fields.
    """

    season: Annotated[SeasonFacts, Each(RUN, _season)]
    household: Annotated[NDArray[np.int32], Each(HOMES, _array(np.int32))]  # (n,) place ids
    code: HomeTexts  # (n,)
    fee: HomeTexts  # (n,) season fee, decimal
    currency: HomeTexts  # (n,)
    consent: Annotated[BoolArray, Each(HOMES, _array(np.bool_))]  # (n,) standing consent
    rooms: HomeRows  # household -> room ids
    room_code: RoomTexts  # (r,)
    series: RoomRows  # room -> series id, interval_s
    measurements: RoomRows  # room -> at_us, value
    requests: HomeRows  # household -> at_us
    outages: HomeRows  # household -> since_us, until_us; supplier's, chained
    faults: HomeRows  # household -> since_us, until_us
    refusals: HomeRows  # household -> at_us
    #: (k,) series of the designated outdoor station, interval beside
    outdoor: RunSeries
    outdoor_interval_s: RunSeries
    #: room -> since_us, until_us, VERIFIED or UNVERIFIED, beside `series`; None: all of the season,
    #: and of each room alike (`analytics.facts.placements`).
    spans: Annotated[Ragged | None, Each(ROOMS, _rows)] = None
    #: (n,) heated area, decimal [m2], "" unknown; where an act asks for it
    area: HomeTexts = ()
    room_area: RoomTexts = ()  # (r,) the same of the rooms
    #: Household -> since_us, until_us of outages recorded without an end that no meter shows to be
    #: over: how long they lasted is not known; None: there are none.
    open_outages: Annotated[Ragged | None, Each(HOMES, _rows)] = None
    #: Who confirmed the text of a policy that is to be confirmed: the policy's sha256, document, its
    #: date, name (`store.evidence.confirmations`); (): nobody, or there was no need to.
    confirmed: Annotated[tuple[str, ...], Each(RUN, tuple)] = ()
    #: What can be true of a room's and of the outdoor readings (`domain.plausible.FIELDS`); a run of
    #: before there were such rules has none.
    checks: Annotated[tuple[tuple[int, ...], ...], Each(RUN, _checks)] = ()
    #: (n,) what else is known of each (`facts.recorded`), "" nothing
    recorded: HomeTexts = ()
    #: (n,) what the contracts say of refunds (`domain.contract_terms`), "" nothing; (): none does.
    terms: HomeTexts = ()
    #: Household -> since_us, until_us, 1 with a known end, announced_us (`NEVER_US`: not), cause (index of
    #: `OUTAGE_CAUSES`) of outages that were announced or were not the supplier's own; they are not among
    #: `outages` and `open_outages`, as policies tell which count (`analytics.law.noted_outages`).
    noted_outages: Annotated[Ragged | None, Each(HOMES, _rows)] = None
    #: (r,) what each room is where the policy has standards of its own for some: its use and "corner",
    #: joined by "+"; "" not recorded; (): the policy has none.
    room_kind: RoomTexts = ()
    #: Household -> since_us, until_us, series, interval_s, meter: the energy registers [Wh] of metered
    #: households (`analytics.facts.meters`); None: the contract of none names a price of heat.
    meters: Annotated[Ragged | None, Each(HOMES, _rows)] = None
    #: (n,) the terms of contracts that change inside the season (`facts.changed_terms`), "" one set holds
    #: throughout; `fee` and `terms` are what holds at its begin; (): none changes.
    changes: HomeTexts = ()
    #: Room -> since_us, until_us, 0.001 K that readings of that time are moved by, where what is owed changes:
    #: made while a run is settled (`law.changed_limits`), and in no snapshot that is kept.
    moved: Annotated[Ragged | None, Each(ROOMS, _rows)] = None
    #: The canonical bytes once they are made: a city's are megabytes, and are hashed and kept.
    _told: Written | None = field(default=None, init=False, repr=False, compare=False)

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

    def written(self) -> Written:
        """One sequence of bytes for one content, by field; `snapshot_of` reads them."""
        if self._told is None:
            said = {name: _plain(getattr(self, name)) for name in _FIELDS if _said(self, name)}
            object.__setattr__(self, "_told", Written.of(said))
        assert self._told is not None
        return self._told

    def canonical(self) -> bytes:
        return self.written().raw

    def as_of(self, now_us: int) -> "Snapshot":
        """The same facts, known as of another instant [µs]; only the season is written anew."""
        season = replace(self.season, as_of_us=now_us)
        later, told = replace(self, season=season), self.written()
        if [*told.at] == sorted(name for name in _FIELDS if _said(self, name)):  # as of today
            object.__setattr__(later, "_told", told.put("season", _plain(season)))
        return later

    def sha256(self) -> str:
        return hashlib.sha256(self.canonical()).hexdigest()

    def row(self, household: str) -> int:
        """Row of a household by code; WrongCall where it has no contract in the season."""
        try:
            return self.code.index(household)
        except ValueError:
            raise WrongCall(
                msg(
                    "household {household!r} has no contract in season {code!r}; record it: heatwatch "
                    "evidence record contracts household={household} season={code} season_fee=FEE "
                    "currency=CNY",
                    household=household, code=self.season.code,
                )
            ) from None  # fmt: skip

    def of(self, rows: IntArray) -> "Snapshot":
        """The same for some households only."""
        rooms = spread(self.rooms.offsets[:-1][rows], self.rooms.count()[rows])
        return self._cut({HOMES: rows, ROOMS: rooms})

    def apart(self, owner: IntArray) -> "Snapshot":
        """A household for each room; `owner` (r,): the row of the household that each is of."""
        alone = Ragged(np.arange(owner.size + 1, dtype=np.int64), self.rooms.columns)
        return self._cut({HOMES: owner}, rooms=alone)

    def with_rooms(self, keep: BoolArray) -> "Snapshot":
        """The same with some of its rooms only; `keep` (r,)."""
        kept = np.flatnonzero(keep)
        owner = np.repeat(np.arange(self.household.size), self.rooms.count())[kept]
        own = Ragged.grouped(owner, self.household.size, self.rooms.columns[0][kept])
        return self._cut({ROOMS: kept}, rooms=own)

    def _cut(self, rows: Mapping[str, IntArray], **other: Any) -> "Snapshot":
        """Each field's rows, of what is named; the other fields as they are, or as they are given."""
        cut = {
            name: _taken(getattr(self, name), rows.get(each.of))
            for name, each in _layout().items()
            if name not in other
        }
        return Snapshot(**cut, **other)


def _taken(value: Any, rows: IntArray | None) -> Any:
    if value is None or rows is None:
        return value
    if isinstance(value, Ragged):
        return value.take(rows)
    return _some(value, rows) if isinstance(value, tuple) else value[rows]


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
_SELDOM = {
    each.name: each.default
    for each in fields(Snapshot)
    if each.init and each.default is not MISSING
}


@cache
def _layout() -> dict[str, Each]:
    """Of what each field is, in their order, as its type says."""
    hints = get_type_hints(Snapshot, include_extras=True)
    return {name: hints[name].__metadata__[0] for name in _FIELDS}


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
    told, written = read(raw)
    if isinstance(told, dict) and "acts" in told:  # what measurements were called before
        told["measurements"] = told.pop("acts")
    if isinstance(told, dict):
        told = _SELDOM | told
    _only(told, _FIELDS, "a snapshot")
    snapshot = Snapshot(**{name: _read(each, told[name]) for name, each in _layout().items()})
    object.__setattr__(snapshot, "_told", written)
    return snapshot


def _read(each: Each, told: Any) -> Any:
    return None if told is None else each.read(told)


def _only(told: object, names: Sequence[str], what: str) -> None:
    if not isinstance(told, dict) or told.keys() != set(names):
        given = sorted(told) if isinstance(told, dict) else type(told).__name__
        raise ValueError(f"expected {what} of {sorted(names)}, got {given}")
