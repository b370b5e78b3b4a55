"""A town of four homes in real books, with its readings as columns."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
from sqlalchemy import Engine, delete
from sqlalchemy.orm import Session

from analytics.facts.from_books import take
from analytics.law.policy import PolicyFile, load
from analytics.ledger.drafts import save
from analytics.settlement.results import Settlement
from analytics.settlement.settle import settle
from domain.columns import Columns
from domain.time import to_us
from store.books import facts
from store.books import registry as reg
from store.books.engine import open_books
from store.books.ledger import DRAFT, WHAT_IF
from store.registry.seasons import season_of
from tests.actors import at, changing
from tests.analytics.cities import source
from tests.books import new_books
from tests.copies import copy_of

ZONE = ZoneInfo("Asia/Shanghai")
OLD = datetime(2024, 1, 1, tzinfo=UTC)
NOW = datetime(2025, 3, 20, tzinfo=UTC)
SEASON = "2024-25"
FILLED = "filled.sqlite"
#: Series id -> (home, temperature while cold); all are cold from 10 to 15 January.
COLD = {1: "17.000", 2: "13.000", 3: "17.500", 4: "20.000"}


def local(day: int, hour: int = 0, month: int = 1) -> datetime:
    return datetime(2025, month, day, hour, tzinfo=ZONE)


def fill(engine: Engine) -> None:
    """Company > source > two stations > buildings > homes H1, H2 (station 1), H3, H4 (station 2)."""
    with changing(engine) as session:
        places: list[tuple[int, str, str, int | None, str | None]] = [
            (1, "co", "company", None, None), (2, "S1", "source", 1, None),
            (3, "S1-01", "station", 2, None), (4, "S1-02", "station", 2, None),
            (5, "B1", "building", 3, None), (6, "B2", "building", 4, None),
        ]  # fmt: skip
        for i in range(1, 5):
            places.append((10 + i, f"H{i}", "household", 5 if i < 3 else 6, None))
            places.append((20 + i, f"H{i}-bed", "room", 10 + i, "bedroom"))
        places.append((31, "H1-bath", "room", 11, "bathroom"))
        for id_, code, kind, parent, use in places:
            session.add(
                reg.Place(
                    id=id_, code=code, kind=kind, parent_id=parent, name=code, name_en="",
                    address="", room_use=use, since=OLD, until=None, area_m2=None,
                )
            )  # fmt: skip
            session.flush()
        for i in (*range(1, 5), 9):
            session.add(reg.Device(id=i, code=f"d{i}", verified=i != 9))
        session.flush()
        for i, place in ((1, 21), (2, 22), (3, 23), (4, 24), (9, 21)):
            session.add(
                reg.Series(
                    id=i, device_id=i, channel="t", role="room_temperature", place_id=place,
                    interval_s=900, since=OLD, until=None,
                )
            )  # fmt: skip
        session.add(
            reg.Season(
                id=1, code=SEASON, company_id=1, policy="CN-HA-2018", zone="Asia/Shanghai",
                since=datetime(2024, 11, 15, tzinfo=ZONE), until=datetime(2025, 3, 16, tzinfo=ZONE),
                design_outdoor=Decimal("-5.8"),
            )
        )  # fmt: skip
        session.flush()
        for i in range(1, 5):
            session.add(
                facts.Contract(
                    household_id=10 + i, season_id=1, season_fee=Decimal("2420.00"),
                    currency="CNY", standing_consent=i == 2,
                )
            )  # fmt: skip
        session.add(facts.Request(household_id=11, at=local(10, 6)))
        session.add(facts.Request(household_id=14, at=local(10, 6)))
        session.add(
            facts.OutageRecord(place_id=4, since=local(20), until=local(20, 18), cause="operator")
        )


def filled(path: Path) -> Engine:
    """Books of the town in this new SQLite file."""
    copy_of(_make, path.parent)
    (path.parent / FILLED).rename(path)
    return open_books(str(path))


def _make(folder: Path) -> None:
    engine = new_books(folder / FILLED)
    fill(engine)
    engine.dispose()


def add(engine: Engine, *rows: Any) -> None:
    with changing(engine) as session:
        session.add_all(rows)


def colder_record() -> facts.MeasurementRecord:
    """A measurement record that makes one day of H1 colder: 60.00 for 50.00."""
    return facts.MeasurementRecord(
        room_id=21, at=local(11, 9), celsius=Decimal("13.5"), signed_by="Li; Wu"
    )


def without_contract(engine: Engine, household: int) -> None:
    """Takes a household's contract away, as if it had never been."""
    with changing(engine) as session:
        session.execute(delete(facts.Contract).where(facts.Contract.household_id == household))


def readings() -> Columns:
    """9 to 17 January every 15 minutes: warm, cold from the 10th to the 15th, warm again."""
    at = np.arange(to_us(local(9)), to_us(local(17)), 900 * 1_000_000, dtype=np.int64)
    cold = (at >= to_us(local(10))) & (at < to_us(local(15)))
    ids = (1, 2, 3, 4, 9)
    value = [np.where(cold, int(Decimal(COLD.get(i, "10")) * 1000), 20_000) for i in ids]
    for own in value[2:4]:  # a working sensor is not still for days: a tick each midnight
        own[::96] += 1
    sizes = np.arange(len(ids) + 1, dtype=np.int64) * at.size
    return Columns(
        np.array(ids, dtype=np.int32), sizes, np.tile(at, len(ids)),
        np.concatenate(value).astype(np.int64), np.zeros(sizes[-1], dtype=np.uint8),
    )  # fmt: skip


def season(engine: Engine) -> reg.Season:
    with Session(engine) as session:
        return season_of(session, SEASON)


def settled(engine: Engine, policy: PolicyFile | None = None, now: datetime = NOW) -> Settlement:
    snapshot = take(engine, season(engine), now)
    chosen = policy or load(snapshot.season.policy)
    return settle(snapshot, source(readings()), chosen, flush=5)


def drafted(engine: Engine, policy: PolicyFile | None = None, now: datetime = NOW) -> int:
    """A draft of the town, or a what-if under another policy -> its run number."""
    own = load(season(engine).policy)
    chosen = policy or own
    state = DRAFT if chosen.sha256 == own.sha256 else WHAT_IF
    return save(engine, settled(engine, chosen, now), at(now + timedelta(hours=1)), state)
