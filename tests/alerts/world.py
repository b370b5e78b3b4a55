"""A small city in real books, with a real journal, told reading by reading."""

import itertools
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import sqlalchemy as sa
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from alerts.config import CONTROL_ROOM, AlertsConfig, Recipient, Settings
from alerts.detectors.base import Change
from alerts.follower.run import tick
from alerts.follower.watch import AlertWatch, Watch
from domain.quality import Quality, TimeKind
from domain.quantity import Role
from domain.time import to_us
from store.books.engine import open_books
from store.books.registry import Device, Place, Series
from store.books.watch import Episode, Outbox
from store.journal.journal import Batch, Journal
from store.journal.schema import READING
from store.lake.lake import Lake
from store.readings.followers import follow_once
from store.readings.readings import Readings
from tests.actors import changing
from tests.books import new_books

T0 = datetime(2026, 11, 22, 6, tzinfo=UTC)
BEFORE = datetime(2020, 1, 1, tzinfo=UTC)
READER = Recipient(name=CONTROL_ROOM, language="zh")
STATION_CHANNELS = {
    "flow": Role.FLOW,
    "t_sup": Role.SUPPLY_TEMPERATURE,
    "makeup": Role.MAKE_UP_FLOW,
}


def at(minutes: float) -> datetime:
    """So many minutes into the story."""
    return T0 + timedelta(minutes=minutes)


Say = tuple[str, float, float | None]  # series key, minutes, value in the unit people use


@dataclass
class World:
    """Stations `S1`.. of sources; homes `S1-H1`.. each with one bedroom; series by key."""

    folder: Path
    engine: Engine
    readings: Readings
    series: dict[str, int] = field(default_factory=dict)  # "S1.flow", "S1-H1.t"
    role: dict[str, Role] = field(default_factory=dict)
    place: dict[str, int] = field(default_factory=dict)
    now: datetime = T0
    config: AlertsConfig = field(default_factory=lambda: AlertsConfig(recipients=(READER,)))
    url: str = ""  # of the books, for another process
    channels: dict[str, Role] = field(default_factory=lambda: dict(STATION_CHANNELS))

    def settings(self, _now: datetime) -> Settings:
        return Settings(self.config)

    def watch(self) -> AlertWatch:
        """A new follower, as after a start of the process."""
        return AlertWatch(self.readings, self.engine, self.settings, lambda: self.now)

    def batch(self, says: Iterable[Say], *, quality: Quality = Quality.GOOD) -> pa.RecordBatch:
        rows = [self._row(say, quality) for say in says]
        return pa.RecordBatch.from_pylist(rows, schema=READING)

    def append(self, says: Iterable[Say], *, quality: Quality = Quality.GOOD) -> int:
        """One batch into the journal, committed now."""
        batch = self.batch(says, quality=quality)
        return self.readings.journal.append(batch, messages=batch.num_rows, now=self.now)

    def follow(self, watch: AlertWatch) -> None:
        follow_once(self.readings, self.engine, watch)

    def tick(self, watch: AlertWatch) -> None:
        tick(self.engine, watch, self.now)

    def live(self, watch: AlertWatch, says: Iterable[Say], *, ticks: bool = True) -> None:
        """Each minute's readings as one batch, in time order, with a tick after each."""
        ordered = sorted(says, key=lambda say: say[1])
        for minute, group in itertools.groupby(ordered, key=lambda say: say[1]):
            self.now = at(minute)
            self.append(group)
            self.follow(watch)
            if ticks:
                self.tick(watch)

    def episodes(self) -> list[tuple[str, str, float, float | None]]:
        """(kind, place code, opened minute, cleared minute), oldest first, then by kind."""
        codes = {place: code for code, place in self.place.items()}
        with Session(self.engine) as session:
            rows = session.scalars(
                sa.select(Episode).order_by(Episode.opened_at, Episode.kind, Episode.place_id)
            )
            return [
                (
                    row.kind,
                    codes[row.place_id],
                    (row.opened_at - T0) / timedelta(minutes=1),
                    None
                    if row.cleared_at is None
                    else (row.cleared_at - T0) / timedelta(minutes=1),
                )
                for row in rows
            ]

    def messages(self, *states: str) -> list[Outbox]:
        with Session(self.engine) as session:
            query = sa.select(Outbox).order_by(Outbox.id)
            if states:
                query = query.where(Outbox.state.in_(states))
            return list(session.scalars(query))

    def _row(self, say: Say, quality: Quality) -> dict[str, object]:
        key, minutes, value = say
        role = self.role[key]
        scale = {Role.FLOW: 1000, Role.MAKE_UP_FLOW: 1000}.get(role, 1)  # m3/h to L/h
        ticks = None
        if value is not None:
            ticks = role.quantity.to_ticks(Decimal(str(value)) * scale)
        return {
            "series": self.series[key], "at": at(minutes), "value": ticks,
            "quality": int(Quality.MISSING if value is None else quality),
            "time_kind": int(TimeKind.METER), "revision": 0, "feed": 1, "part": 0, "message": None,
        }  # fmt: skip


def build(
    folder: Path,
    *,
    sources: Mapping[str, int] | None = None,
    homes: int = 2,
    room_interval_s: int = 600,
    station_interval_s: int = 60,
    books: str | None = None,
    outdoor: bool = False,
    extra: Mapping[str, Role] | None = None,
) -> World:
    """Books and stores in `folder`; `sources` says how many stations each source has.

    `extra` are more series of each station, `{"tank": Role.SUPPLY_PRESSURE}` is `S1.tank`.
    """
    engine = new_books(folder / "books.db") if books is None else open_books(books)
    journal = Journal.open(str(folder / "journal.db"))
    lake = Lake.open(str(folder / "lake"), {})
    world = World(folder, engine, Readings(journal, lake, engine))
    world.channels |= extra or {}
    with changing(engine) as session:
        _build(
            session,
            world,
            sources or {"Q1": 1},
            homes,
            room_interval_s,
            station_interval_s,
            outdoor,
        )
    return world


class JournalAlone:
    """Of `Readings` what the follower asks for; the lake's library does not survive a fork."""

    def __init__(self, folder: Path) -> None:
        self.journal = Journal.open(str(folder / "journal.db"))

    def since(self, batch: int) -> Iterator[Batch]:
        yield from self.journal.since(batch, 10_000)


def reopened(world: World) -> World:
    """The same city as a forked process sees it."""
    readings: Any = JournalAlone(world.folder)
    return replace(world, engine=open_books(world.url), readings=readings)


def _build(
    session: Session,
    world: World,
    sources: Mapping[str, int],
    homes: int,
    room_s: int,
    station_s: int,
    outdoor: bool,
) -> None:
    places: list[dict[str, object]] = []
    devices: list[dict[str, object]] = []
    series: list[dict[str, object]] = []

    def place(code: str, kind: str, parent: str | None, **more: object) -> None:
        world.place[code] = len(places) + 1
        places.append(
            {
                "id": world.place[code], "code": code, "kind": kind, "name": f"{code}号",
                "name_en": "", "address": more.get("address", ""), "since": BEFORE, "until": None,
                "parent_id": world.place[parent] if parent else None, "area_m2": None,
                "room_use": more.get("room_use"),
            }
        )  # fmt: skip

    def measure(device: int, place: str, key: str, role: Role, interval_s: int) -> None:
        world.series[key] = len(series) + 1
        world.role[key] = role
        series.append(
            {
                "id": world.series[key], "device_id": device, "channel": key.split(".")[1],
                "role": role.code, "place_id": world.place[place], "interval_s": interval_s,
                "since": BEFORE, "until": None,
            }
        )  # fmt: skip

    def device(code: str) -> int:
        devices.append({"id": len(devices) + 1, "code": code, "model": "", "verified": True})
        return len(devices)

    place("demo", "company", None)
    if outdoor:
        measure(device("weather"), "demo", "demo.outdoor", Role.OUTDOOR_TEMPERATURE, 600)
    stations = itertools.count(1)
    for source, count in sources.items():
        place(source, "source", "demo")
        for _ in range(count):
            station = f"S{next(stations)}"
            place(station, "station", source, address=f"和平路{len(places)}号")
            meter = device(f"m-{station}")
            for channel, role in world.channels.items():
                measure(meter, station, f"{station}.{channel}", role, station_s)
            place(f"{station}-B", "building", station)
            for number in range(1, homes + 1):
                home = f"{station}-H{number}"
                place(home, "household", f"{station}-B")
                place(f"{home}-bed", "room", home, room_use="bedroom")
                measure(
                    device(f"r-{home}"), f"{home}-bed", f"{home}.t", Role.ROOM_TEMPERATURE, room_s
                )
    for table, rows in ((Place, places), (Device, devices), (Series, series)):
        session.execute(sa.insert(table), rows)


def every(key: str, value: float | None, since: float, until: float, step: float) -> list[Say]:
    """The same value again and again: minutes since <= t < until."""
    count = int((until - since + step - 1e-9) // step)
    return [(key, since + i * step, value) for i in range(count)]


def us(minutes: float) -> int:
    return to_us(at(minutes))


class Bench:
    """Detectors alone: readings in, changes out, nothing kept."""

    def __init__(self, world: World) -> None:
        with Session(world.engine) as session:
            self.watch = Watch.blank(session, Settings(world.config))
        self.world = world
        self.changes: list[Change] = []

    def take(self, says: Iterable[Say], *, quality: Quality = Quality.GOOD) -> list[Change]:
        """One batch, committed when its last reading was made."""
        says = list(says)
        table = pa.Table.from_batches([self.world.batch(says, quality=quality)])
        committed = at(max((say[1] for say in says), default=0.0))
        found = self.watch.take(Batch(self.watch.done + 1, table, len(says), committed))
        self.changes += found
        return found

    def live(self, says: Iterable[Say], *, minutes: float = 1.0) -> list[Change]:
        """In time order, so many minutes' readings a batch."""
        ordered = sorted(says, key=lambda say: say[1])
        for _, group in itertools.groupby(ordered, key=lambda say: say[1] // minutes):
            self.take(group)
        return self.changes

    def tick(self, minutes: float) -> list[Change]:
        now_us = us(minutes)
        clocks = self.watch.clocks
        found = [change for each in clocks for change in each.tick(self.watch.newest, now_us)]
        self.changes += found
        return found

    def told(self) -> list[tuple[str, str, str, float]]:
        """(opened or cleared, kind, place code, minute)."""
        return [
            (
                type(each).__name__.lower(),
                each.kind,
                self.watch.city.places.codes[each.place],
                (each.at_us - us(0)) / 60e6,
            )
            for each in self.changes
        ]
