"""Two companies that share nothing but the stores: `demo`, the tiny city, and `other`, full of trouble.

`alone` holds the first only; `together` holds both. What the first has is the same in the two, down
to ids and data versions, so whatever is said of it must be the same bytes.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
from sqlalchemy import Engine

from domain.actor import program
from heatwatch.demo.config import Ports, write_config
from heatwatch.wiring import World, open_world
from store.books.facts import Contract, OutageRecord, Refusal, Request, Tariff
from store.books.registry import Device, Place, Season, Series
from store.books.watch import Episode, Outbox
from store.journal.refused_message import RefusedMessage
from store.journal.schema import READING
from tests.actors import changing
from tests.copies import copy_of
from tests.tiny import MIDNIGHT, NOW, Row, table, tiny_city

FIRST, SECOND = "demo", "other"
CONFIG = "heatwatch.toml"
#: The second's season has another law, another zone and other days.
SECOND_SEASON = "other-2025-26"
SINCE = datetime(2025, 1, 1, tzinfo=UTC)
#: (id, code, kind, parent, name, room use); the first's end at 10.
PLACES = (
    (101, "other", "company", None, "另一热力", None),
    (102, "P1", "source", 101, "西热源", None),
    (103, "P1-01", "station", 102, "河西站", None),
    (104, "P1-01-B1", "building", 103, "9号楼", None),
    (105, "icy", "household", 104, "", None),
    (106, "icy-bed", "room", 105, "", "bedroom"),
)
SERIES = ((101, "room_temperature", 106), (102, "supply_temperature", 103), (103, "flow", 103))


@dataclass(frozen=True, slots=True)
class Both:
    """The same city twice: with one company and with two."""

    alone: World
    together: World


def both(folder: Path) -> Both:
    """Makes both worlds; their clocks stand at `tests.tiny.NOW`."""
    copy_of(_make, folder)
    alone, together = (open_world(folder / name / CONFIG) for name in ("alone", "together"))
    return Both(alone, together)


def _make(folder: Path) -> None:
    _world(folder / "alone", second=False)
    _world(folder / "together", second=True)


def _world(folder: Path, *, second: bool) -> None:
    folder.mkdir()
    tiny = tiny_city(folder)
    config = write_config(folder, Ports(1, 2), clock=(NOW, 1.0))
    _first(tiny.books)
    rows = _first_rows()
    if second:
        text = config.read_text(encoding="utf-8")
        text = text.replace('company = "demo"\n', "", 1)
        config.write_text(text + COMPANIES, encoding="utf-8")
        _registry(tiny.books)
        rows += _rows()
    tiny.readings.import_table(table(rows), NOW)
    world = open_world(config)
    lost = RefusedMessage("stations", "scada/x", b"no", "not-json", "no JSON", MIDNIGHT)
    nothing = pa.RecordBatch.from_pylist([], schema=READING)
    world.journal.append(nothing, messages=1, now=NOW, refused=[lost] if second else [])
    for journal in (world.journal, tiny.readings.journal):
        journal.close()
    tiny.books.dispose()


COMPANIES = """
[[companies]]
code = "demo"
feeds = ["rooms"]

[[companies]]
code = "other"
feeds = ["stations"]
"""


def _first_rows() -> list[Row]:
    """Four days more of the first, one home cold enough for a refund."""
    times = [MIDNIGHT - timedelta(days=4) + timedelta(minutes=15 * i) for i in range(4 * 96 - 12)]
    rows: list[Row] = [(2, at, 15_000) for at in times]
    return [*rows, *((1, at, 20_500) for at in times)]


def _rows() -> list[Row]:
    """The second's home is cold all day, and its station stands still."""
    times = [MIDNIGHT - timedelta(days=2) + timedelta(minutes=15 * i) for i in range(4 * 72)]
    return [row for at in times for row in ((101, at, 9_000), (102, at, 15_000), (103, at, 0))]


def _first(books: Engine) -> None:
    with changing(books) as session:
        session.add(Request(household_id=6, at=MIDNIGHT - timedelta(days=4)))
        session.add(Request(household_id=7, at=MIDNIGHT + timedelta(hours=2)))
        session.add(_episode(1, 6, MIDNIGHT))
        session.flush()
        session.add(_message(1, 1))


def _registry(books: Engine) -> None:
    with changing(books) as session:
        for key, code, kind, parent, name, use in PLACES:
            place = Place(id=key, code=code, kind=kind, parent_id=parent, name=name, since=SINCE)
            place.room_use = use
            session.add(place)
            session.flush()
        for key, role, where in SERIES:
            session.add(Device(id=key, code=f"d{key}"))
            session.flush()
            made = Series(id=key, device_id=key, channel="t", role=role, place_id=where)
            made.interval_s, made.since = 900, SINCE
            session.add(made)
        season = Season(id=101, code=SECOND_SEASON, company_id=101, policy="CN-SD-LINYI-2017")
        season.since = datetime(2025, 10, 31, 23, tzinfo=UTC)
        season.until = datetime(2026, 4, 14, 22, tzinfo=UTC)
        season.zone = "Europe/Belgrade"
        session.add_all([season, Tariff(id=101, code="west", price=Decimal(99), currency="CNY")])
        session.flush()
        contract = Contract(household_id=105, season_id=101, currency="CNY", tariff_id=101)
        contract.season_fee, contract.standing_consent = Decimal("9999.00"), True
        session.add(contract)
        session.add(OutageRecord(place_id=101, since=MIDNIGHT - timedelta(days=20), until=None))
        session.add(Request(household_id=105, at=MIDNIGHT - timedelta(days=3)))
        session.add(Refusal(household_id=105, at=MIDNIGHT))
        session.add_all([_episode(101, 105, NOW), _episode(102, 103, NOW)])
        session.flush()
        session.add_all([_message(101, 101), _message(102, 102)])


def _episode(key: int, place: int, at: datetime) -> Episode:
    made = Episode(id=key, kind="low_room_temperature", place_id=place, opened_at=at, updated_at=at)
    made.evidence, made.opened_by = {}, program("alerts")
    return made


def _message(key: int, episode: int) -> Outbox:
    made = Outbox(id=key, episode_id=episode, purpose="opened", recipient="control-room", phone="")
    made.text, made.state, made.channel, made.attempts = f"message {key}", "handed", "in-tray", 1
    made.created_at, made.due_at, made.handed_at = NOW, NOW, NOW
    return made
