"""A tiny city by hand: one station, three homes, one day, so that every number can be seen."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
from sqlalchemy import Engine

from domain.quality import Quality
from domain.time import to_us
from store.books.engine import open_books
from store.books.facts import Contract, OutageRecord
from store.books.ledger import SettlementLine, SettlementResult, SettlementRun
from store.books.registry import Device, Feed, Place, Season, Series
from store.journal.journal import Journal
from store.journal.schema import READING
from store.lake.lake import Lake
from store.readings.readings import Readings
from tests.actors import TESTER, changing
from tests.books import place_books
from tests.copies import copy_of

MIDNIGHT = datetime(2026, 1, 14, 16, tzinfo=UTC)  # 15 January 0:00 in Shanghai
NOW = MIDNIGHT + timedelta(hours=30)
SEASON = ("2025-26", datetime(2025, 11, 14, 16, tzinfo=UTC), datetime(2026, 3, 15, 16, tzinfo=UTC))

#: (id, code, kind, parent, zh, en, address, room use)
PLACES = (
    (1, "demo", "company", None, "示范热力", "Demo Heat", "", None),
    (2, "S1", "source", 1, "东热源", "East Plant", "", None),
    (3, "S1-01", "station", 2, "滨河站", "Riverside", "滨河路1号", None),
    (4, "S1-01-B1", "building", 3, "1号楼", "Block 1", "滨河路1号", None),
    (5, "warm", "household", 4, "", "", "滨河路1号101室", None),
    (6, "cold", "household", 4, "", "", "滨河路1号102室", None),
    (7, "gone", "household", 4, "", "", "滨河路1号103室", None),
    (8, "warm-bed", "room", 5, "", "", "", "bedroom"),
    (9, "cold-bed", "room", 6, "", "", "", "bedroom"),
    (10, "gone-bed", "room", 7, "", "", "", "bedroom"),
)
#: (series id, role, place, interval [s])
SERIES = (
    (1, "room_temperature", 8, 900),
    (2, "room_temperature", 9, 900),
    (3, "room_temperature", 10, 900),
    (4, "supply_temperature", 3, 900),
    (5, "flow", 3, 900),
)


@dataclass(frozen=True, slots=True)
class Tiny:
    books: Engine
    readings: Readings


def tiny_city(folder: Path) -> Tiny:
    """Books and readings of 15 January: one home warm, one 2 K short for six hours, one silent by noon."""
    copy_of(_make, folder)
    return _opened(folder)


def _opened(folder: Path) -> Tiny:
    books = open_books(str(folder / "books.sqlite"))
    journal = Journal.open(str(folder / "journal.sqlite"))
    return Tiny(books, Readings(journal, Lake.open(str(folder / "lake")), books))


def _make(folder: Path) -> None:
    place_books(folder / "books.sqlite")
    books, readings = (tiny := _opened(folder)).books, tiny.readings
    _registry(books)
    quarter = [MIDNIGHT + timedelta(minutes=15 * i) for i in range(-12, 96)]
    rows = [
        *_series(1, quarter, lambda at: 21_000),
        *_series(2, quarter, lambda at: 16_000 if _hour(at) in range(6, 12) else 19_500),
        *_series(3, [at for at in quarter if _hour(at) < 12], lambda at: 20_000),
        *_series(4, quarter, lambda at: 45_000 if _hour(at) < 20 else 20_000),
        *_series(5, quarter, lambda at: 11_000 if _hour(at) < 20 else 0),
    ]
    readings.import_table(table(rows), NOW)
    readings.journal.close()
    books.dispose()


def _hour(at: datetime) -> int:
    return (at - MIDNIGHT) // timedelta(hours=1)


Row = tuple[int, datetime, int | None]


def _series(series: int, times: list[datetime], value: Callable[[datetime], int]) -> list[Row]:
    return [(series, at, value(at)) for at in times]


def table(rows: list[Row]) -> pa.Table:
    """Rows as the store takes them, all good and of one feed."""
    count = len(rows)
    columns = {
        "series": [row[0] for row in rows],
        "at": [to_us(row[1]) for row in rows],
        "value": [row[2] for row in rows],
        "quality": [int(Quality.GOOD)] * count,
        "time_kind": [0] * count,
        "revision": [0] * count,
        "feed": [1] * count,
        "part": [0] * count,
        "message": [None] * count,
    }
    return pa.table(
        [pa.array(columns[field.name], type=field.type) for field in READING], schema=READING
    )


def _registry(books: Engine) -> None:
    since = datetime(2025, 1, 1, tzinfo=UTC)
    with changing(books) as session:
        session.add(Feed(id=1, code="history", live=False))
        for key, code, kind, parent, zh, en, address, use in PLACES:
            place = Place(id=key, code=code, kind=kind, parent_id=parent, name=zh, name_en=en)
            place.address, place.room_use, place.since = address, use, since
            session.add(place)
            session.flush()
        for key, role, place_id, interval in SERIES:
            session.add(Device(id=key, code=f"d{key}"))
            session.flush()
            made = Series(id=key, device_id=key, channel="t", role=role, place_id=place_id)
            made.interval_s, made.since = interval, since
            session.add(made)
        season = Season(id=1, code=SEASON[0], company_id=1, policy="CN-HA-2018")
        season.since, season.until, season.zone = SEASON[1], SEASON[2], "Asia/Shanghai"
        session.add(season)
        session.flush()
        for home in (5, 6, 7):
            contract = Contract(household_id=home, season_id=1, currency="CNY")
            contract.season_fee = Decimal("2420.00")
            session.add(contract)


def record_outage(books: Engine, since: datetime, until: datetime | None, place: int = 3) -> None:
    """A stop of the station, or of another place, in the dispatch's record."""
    with changing(books) as session:
        session.add(OutageRecord(place_id=place, since=since, until=until, planned=True))


def record_draft(books: Engine, step: dict[str, str], clause: str) -> None:
    """A draft in which the cold home gets 20.00 for two half days."""
    total = Decimal("20.00")
    with changing(books) as session:
        run = SettlementRun(season_id=1, policy="CN-HA-2018", policy_sha256="", flush=1)
        run.snapshot_sha256, run.made_at, run.state = "", NOW, "draft"
        run.households, run.total, run.currency, run.undetermined = 3, total, "CNY", 0
        run.drafted_by = TESTER
        session.add(run)
        session.flush()
        result = SettlementResult(run_id=run.id, household_id=6, total=total)
        result.undetermined, result.reason, result.steps = False, "paid", [step]
        session.add(result)
        session.flush()
        line = SettlementLine(result_id=result.id, kind="temperature", days="2", share="1/2")
        line.first_day = line.last_day = MIDNIGHT.date()
        line.amount, line.clause = total, clause
        session.add(line)
