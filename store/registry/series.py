"""From what a device calls itself to the series it fills: the index that ingest resolves with."""

from bisect import bisect_left
from collections.abc import Sequence
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, Engine, insert, select
from sqlalchemy.exc import IntegrityError

from domain.actor import By
from domain.errors import WrongCall
from domain.language import msg
from domain.quantity import Quantity, Role
from store.books.changes import FEED, record
from store.books.columns import OPEN_US, read_columns
from store.books.registry import Device, Feed, RegistryVersion, Series
from store.registry.places import Tree, tree
from store.registry.rooms import CoveredRooms, covered_rooms

__all__ = [
    "OPEN_US",
    "CoveredRooms",
    "SeriesIndex",
    "SeriesSpan",
    "Tree",
    "covered_rooms",
    "feed_id",
    "key_hashes",
    "registry_version",
    "tree",
    "version_on",
]

ROLES: tuple[Role, ...] = tuple(Role)
QUANTITIES: tuple[Quantity, ...] = tuple(Quantity)
#: By quantity: whether its series are registers, which count on.
REGISTER = np.array([each in (Quantity.ENERGY, Quantity.VOLUME) for each in QUANTITIES])

_FNV_START = np.uint64(0xCBF29CE484222325)
_FNV_PRIME = np.uint64(0x100000001B3)


class SeriesSpan(NamedTuple):
    """One series of a device channel: `since_us <= event time < ends_us`."""

    since_us: int
    until_us: int  # OPEN_US: no end
    series: int
    quantity: int  # index into `tuple(Quantity)`
    ends_us: int  # `until_us`, or of a register where it may close 1 µs more (`SeriesIndex`)


class SeriesIndex:
    """Every series of the registry as it stood at `version`. Never changes; load a new one instead.

    Arrays by series, sorted by series id (n series):
        series (n,) int32, role (n,) int8 index into `tuple(Role)`, quantity (n,) int8 index into
        `tuple(Quantity)`, place (n,) int32, interval_s (n,) int32, since_us and until_us (n,)
        int64 [µs since the epoch, UTC; half-open; OPEN_US: no end]; ends_us (n,) int64: readings
        before it are of the row, which is `until_us` but for registers. What a register shows at the
        very instant `until` is what it closed with, and of it, where no other row of its channel
        begins there: `ends_us` is then 1 µs more.

    Arrays by device channel, for kernels (m keys, n series; a meter swap gives a key two series):
        A key is the bytes `device \\0 channel` in UTF-8; its hash is FNV-1a of 64 bits. Keys are
        sorted by hash (equal hashes are possible: compare the bytes).
        key_hash (m,) uint64; key_offsets (m + 1,) int64 into key_bytes uint8;
        span_offsets (m + 1,) int64 into span_row int64 (n,): row in the arrays above,
        by `since` within a key. Spans of one key never overlap.
    """

    def __init__(self, version: int, series: Sequence[Sequence[Any]]) -> None:
        """`series` by column, by increasing id: ids, device codes, channels, role codes, place ids,
        intervals [s], since, until [µs; OPEN_US: no end]."""
        self.version = version
        ids, devices, channels, roles, places, intervals, since, until = series
        role_at = {role.code: i for i, role in enumerate(ROLES)}
        quantity_of = np.array([QUANTITIES.index(role.quantity) for role in ROLES], dtype=np.int8)
        self.series = np.array(ids, dtype=np.int32)
        self.role = np.array([_known(role_at, code) for code in roles], dtype=np.int8)
        self.quantity = quantity_of[self.role]
        self.place = np.array(places, dtype=np.int32)
        self.interval_s = np.array(intervals, dtype=np.int32)
        self.since_us = np.array(since, dtype=np.int64)
        self.until_us = np.array(until, dtype=np.int64)
        self.devices: tuple[str, ...] = tuple(devices)
        self.channels: tuple[str, ...] = tuple(channels)
        self._sort_keys()

    @classmethod
    def load(cls, engine: Engine) -> "SeriesIndex":
        """Reads all series of the books; 150,000 take a second or two."""
        asked = (
            Series.id, Device.code, Series.channel, Series.role,
            Series.place_id, Series.interval_s, Series.since, Series.until,
        )  # fmt: skip
        with engine.connect() as connection:
            version = version_on(connection)
            query = select(*asked).join(Device).order_by(Series.id)
            return cls(version, read_columns(connection, query))

    def _sort_keys(self) -> None:
        pairs = sorted(set(zip(self.devices, self.channels, strict=True)))
        keys = [f"{device}\0{channel}".encode() for device, channel in pairs]
        offsets = np.zeros(len(keys) + 1, dtype=np.int64)
        np.cumsum([len(key) for key in keys], out=offsets[1:])
        data = np.frombuffer(b"".join(keys), dtype=np.uint8)
        hashes = key_hashes(data, offsets)
        order = np.argsort(hashes, kind="stable")
        self.key_hash = hashes[order]
        self.key_bytes = np.frombuffer(b"".join([keys[i] for i in order]), dtype=np.uint8)
        self.key_offsets = np.zeros(len(keys) + 1, dtype=np.int64)
        np.cumsum(np.diff(offsets)[order], out=self.key_offsets[1:])
        rank = {pairs[i]: slot for slot, i in enumerate(order.tolist())}
        self._slots: dict[tuple[str, str], int] = rank
        slot = np.array(
            [rank[pair] for pair in zip(self.devices, self.channels, strict=True)], dtype=np.int64
        )
        self.span_row = np.lexsort((self.since_us, slot)).astype(np.int64)
        self.span_offsets = np.searchsorted(slot[self.span_row], np.arange(len(keys) + 1))
        self.ends_us = self.until_us + self._closes(slot)

    def _closes(self, slot: NDArray[np.int64]) -> NDArray[np.bool_]:
        """(n,) whether a reading at the instant that the row ends at closes its register."""
        rows = self.span_row[(self.since_us < self.until_us)[self.span_row]]
        goes_on = slot[rows[1:]] == slot[rows[:-1]]
        goes_on &= self.since_us[rows[1:]] == self.until_us[rows[:-1]]
        closes = np.zeros(self.series.size, dtype=np.bool_)
        closes[rows] = REGISTER[self.quantity[rows]] & (self.until_us[rows] != OPEN_US)
        closes[rows[:-1][goes_on]] = False
        return closes

    @cached_property
    def _spans(self) -> dict[tuple[str, str], tuple[SeriesSpan, ...]]:
        """By device and channel; built on first use, as bulk users never need it."""
        spans = [
            SeriesSpan(*values)
            for values in zip(
                self.since_us[self.span_row].tolist(),
                self.until_us[self.span_row].tolist(),
                self.series[self.span_row].tolist(),
                self.quantity[self.span_row].tolist(),
                self.ends_us[self.span_row].tolist(),
                strict=True,
            )
        ]
        edges = self.span_offsets.tolist()
        return {key: tuple(spans[edges[i] : edges[i + 1]]) for key, i in self._slots.items()}

    def spans(self, device: str, channel: str) -> tuple[SeriesSpan, ...]:
        """The series this device channel has had, by time; empty: nobody registered it."""
        return self._spans.get((device, channel), ())

    def resolve(self, device: str, channel: str, at_us: int) -> SeriesSpan | None:
        """The series that a reading of this event time [µs] belongs to; None: there is none."""
        for span in self._spans.get((device, channel), ()):
            if span.since_us <= at_us < span.ends_us:
                return span
        return None

    def slot(self, device: str, channel: str) -> int:
        """Position of a device channel in the arrays by key; -1: nobody registered it."""
        return self._slots.get((device, channel), -1)

    def resolve_rows(self, slots: NDArray[np.int64], at_us: NDArray[np.int64]) -> NDArray[np.int64]:
        """Rows in the arrays by series for (m,) slots and event times [µs]; -1 where none fits.

        `slots` may hold -1. `index.series[rows]` are the series where `rows >= 0`.
        """
        rows = np.full(slots.shape, -1, dtype=np.int64)
        known = np.flatnonzero(slots >= 0)
        first = self.span_offsets[slots[known]]
        count = self.span_offsets[slots[known] + 1] - first
        for k in range(int(count.max(initial=0))):
            here = known[count > k]
            row = self.span_row[first[count > k] + k]
            fits = (self.since_us[row] <= at_us[here]) & (at_us[here] < self.ends_us[row])
            rows[here[fits]] = row[fits]
        return rows

    def begun(self, slot: int, at_us: NDArray[np.int64]) -> NDArray[np.int64]:
        """(m,) how many rows of a device channel begin at or before each time [µs]; 0 for slot -1."""
        if slot < 0:
            return np.zeros(at_us.size, dtype=np.int64)
        rows = self.span_row[self.span_offsets[slot] : self.span_offsets[slot + 1]]
        return np.searchsorted(self.since_us[rows], at_us, side="right").astype(np.int64)

    def row_of(self, series: int) -> int:
        """Row of a series id in the arrays by series; KeyError where there is none."""
        row = bisect_left(self.series, series)  # searchsorted would copy all ids to its type
        if row == self.series.size or self.series[row] != series:
            raise KeyError(f"series {series} is not in the registry")
        return row

    def of_role(
        self, role: Role, places: NDArray[np.int32] | None = None
    ) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
        """(series, place) of a role, sorted by place; only of these places where given."""
        rows = np.flatnonzero(self.role == ROLES.index(role))
        if places is not None:
            rows = rows[np.isin(self.place[rows], places)]
        rows = rows[np.lexsort((self.since_us[rows], self.place[rows]))]
        return self.series[rows], self.place[rows]


def _known(role_at: dict[str, int], code: str) -> int:
    """Position of a role of the books; a newer heatwatch, or one with more roles, may have written it."""
    if code not in role_at:
        raise WrongCall(
            msg(
                "the registry has series of role {code!r}, which this program does not know; "
                "run the version of heatwatch that wrote them; known: {known}",
                code=code, known=", ".join(role_at),
            )
        )  # fmt: skip
    return role_at[code]


def key_hashes(data: NDArray[np.uint8], offsets: NDArray[np.int64]) -> NDArray[np.uint64]:
    """FNV-1a of 64 bits of each key: `data[offsets[i]:offsets[i + 1]]`, (m,) uint64.

    >>> [hex(h) for h in key_hashes(np.frombuffer(b"foobar", np.uint8), np.array([0, 0, 6]))]
    ['0xcbf29ce484222325', '0x85944171f73967e8']
    """
    lengths = np.diff(offsets)
    hashes = np.full(lengths.size, _FNV_START, dtype=np.uint64)
    for i in range(int(lengths.max(initial=0))):
        at = np.flatnonzero(lengths > i)
        hashes[at] = (hashes[at] ^ data[offsets[at] + i]) * _FNV_PRIME
    return hashes


def registry_version(engine: Engine) -> int:
    """A number that grows with every change of the registry; 0 before the first import."""
    with engine.connect() as connection:
        return version_on(connection)


def version_on(connection: Connection) -> int:
    """The same, as this connection's transaction sees it."""
    return int(connection.execute(select(RegistryVersion.number)).scalar_one())


def feed_id(engine: Engine, code: str, live: bool, by: By) -> int:
    """The feed's id, made on first use `by` who needs it; two processes asking at once get the same."""
    query = select(Feed.id).where(Feed.code == code)
    with engine.connect() as connection:
        found = connection.execute(query).scalar_one_or_none()
    if found is not None:
        return int(found)
    try:
        with engine.begin() as connection:
            record(connection, by, FEED, details={"feed": code})
            made = insert(Feed).values(code=code, live=live).returning(Feed.id)
            return int(connection.execute(made).scalar_one())
    except IntegrityError:  # somebody else was first
        with engine.connect() as connection:
            return int(connection.execute(query).scalar_one())
