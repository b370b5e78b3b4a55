"""A small city as registry files, to be changed row by row."""

import csv
from decimal import Decimal
from pathlib import Path

from sqlalchemy import Engine, insert, select

from store.books.ledger import APPROVED, SettlementRun
from store.books.registry import Season
from store.registry.kinds import KIND_OF
from tests.actors import TEST, WHEN

AUTUMN = "2025-09-01T00:00:00+08:00"
SWAP = "2025-12-10T09:30:00+08:00"

Row = list[str]
City = dict[str, list[Row]]


def city() -> City:
    """One company, two stations, three homes; the meter of H1's bedroom was swapped once."""
    return {
        "places": [
            ["H1-bed", "room", "H1", "卧室", "Bedroom", "", "", "bedroom", AUTUMN, ""],
            ["demo", "company", "", "示范热力", "Demo Heat", "", "", "", AUTUMN, ""],
            ["S1", "source", "demo", "一号热源", "Source 1", "", "", "", AUTUMN, ""],
            ["S1-01", "station", "S1", "", "", "", "", "", AUTUMN, ""],
            ["S1-02", "station", "S1", "二站", "", "", "", "", AUTUMN, ""],
            ["B1", "building", "S1-01", "一号楼", "", "幸福路1号", "", "", AUTUMN, ""],
            ["B2", "building", "S1-02", "二号楼", "", "", "", "", AUTUMN, ""],
            ["H1", "household", "B1", "101室", "Flat 101", "幸福路1号101", "89.50", "", AUTUMN, ""],
            ["H2", "household", "B1", "102室", "", "", "60", "", AUTUMN, ""],
            ["H3", "household", "B2", "201室", "", "", "", "", AUTUMN, ""],
            ["H1-liv", "room", "H1", "", "", "", "", "living", AUTUMN, ""],
            ["H1-bath", "room", "H1", "", "", "", "", "bathroom", AUTUMN, ""],
            ["H2-bed", "room", "H2", "", "", "", "", "bedroom", AUTUMN, ""],
            ["H3-bed", "room", "H3", "", "", "", "", "bedroom", AUTUMN, ""],
        ],
        "devices": [
            ["old", "TH-1", "false"],
            ["new", "TH-2", "true"],
            ["liv", "TH-2", "true"],
            ["bath", "", "true"],
            ["st1", "RTU", "true"],
        ],
        "series": [
            ["old", "t", "room_temperature", "H1-bed", "900", AUTUMN, SWAP],
            ["new", "t", "room_temperature", "H2-bed", "900", AUTUMN, SWAP],
            ["new", "t", "room_temperature", "H1-bed", "600", SWAP, ""],
            ["liv", "t", "room_temperature", "H1-liv", "900", AUTUMN, ""],
            ["bath", "t", "room_temperature", "H1-bath", "900", AUTUMN, ""],
            ["liv", "rh", "humidity", "H1-liv", "900", AUTUMN, ""],
            ["st1", "flow", "flow", "S1-01", "60", AUTUMN, ""],
        ],
        "seasons": [
            [
                "2025", "demo", "CN-HA-2018", "2025-11-15T00:00:00+08:00",
                "2026-03-16T00:00:00+08:00", "Asia/Shanghai", "-5.8",
            ]
        ],
        "tariffs": [["std", "23.50", "CNY"]],
        "contracts": [
            ["H1", "2025", "std", "2103.25", "CNY", "true"],
            ["H2", "2025", "", "1410", "CNY", ""],
        ],
        "contract_terms": [["H1", "2025", "20", "600.00", "20:1/2; 16:1", "contract 7", "", "0.142"]],
        "corner_rooms": [["H3-bed", AUTUMN, "", "plan 4"]],
        "requests": [["H1", "2025-12-01T08:00:00+08:00", "phone"]],
        "measurements": [["H1-bed", "2025-12-01T18:00:00+08:00", "16.4", "张三, 李四"]],
        "outages": [
            ["S1-01", "2025-12-20T00:00:00+08:00", "2025-12-20T13:00:00+08:00", "", "", "log 7", "", "", ""]
        ],
        "user_faults": [["H2", "2025-12-02T00:00:00+08:00", "", "art. 35", "covered radiators"]],
        "refusals": [["H2", "2025-12-03T10:00:00+08:00", ""]],
        "fee_spans": [
            ["H2", "2026-01-13T00:00:00+08:00", "", "moved_in", "王五", "25", "民政局", "deed 3"]
        ],
        "decisions": [
            [
                "H1-bed", "2026-01-02T00:00:00+08:00", "2026-01-05T00:00:00+08:00", "below",
                "authority", "Decision 12/2026", "art. 33", "",
            ]
        ],
        "outage_decisions": [
            [
                "S1-01", "2025-12-20T00:00:00+08:00", "2025-12-21T00:00:00+08:00", "0.5", "authority",
                "Decision 14/2026", "art. 29",
            ]
        ],
        "objections": [["H2", "2026-05-20T09:00:00+08:00", "3", "", "", "16 °C", "open", "", ""]],
    }  # fmt: skip


def city_without_runs() -> City:
    """The same before anything was settled: nobody has objected."""
    rows = city()
    del rows["objections"]
    return rows


def write_city(folder: Path, rows: City, encoding: str = "utf-8") -> Path:
    """One CSV file a kind, without last columns that no row has; answers with the folder."""
    folder.mkdir(exist_ok=True)
    for kind, lines in rows.items():
        with (folder / f"{kind}.csv").open("w", encoding=encoding, newline="") as out:
            width = max(map(len, lines), default=None)
            csv.writer(out).writerows([KIND_OF[kind].names[:width], *lines])
    return folder


def approved(books: Engine) -> None:
    """An approved run of the season, which settled nobody."""
    with books.begin() as link:
        season = link.execute(select(Season.id)).scalar_one()
        link.execute(insert(SettlementRun).values(
            season_id=season, policy="CN-HA-2018", policy_sha256="", snapshot_sha256="", flush=1,
            made_at=WHEN, state=APPROVED, households=0, total=Decimal(0), currency="CNY",
            undetermined=0, drafted_by=TEST.actor, approved_by=TEST.actor,
        ))  # fmt: skip


def change(rows: City, kind: str, key: str, column: str, value: str) -> City:
    """Sets one cell of every row whose first cell is `key`."""
    at = KIND_OF[kind].at[column]
    for row in rows[kind]:
        if row[0] == key:
            row[at] = value
    return rows
