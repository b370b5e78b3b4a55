"""A winter in Henan in which evidence goes wrong in every way that was ever seen: a household each.

20.00 a day where nothing else is said (2,420.00 ÷ 121 days). Sensors read every 15 minutes, and are
never still; what is not named is warm.
"""

import csv
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
import pyarrow as pa

from domain.time import to_us
from heatwatch.wiring import World, open_world
from store.journal.schema import READING
from store.registry.importing import import_registry
from store.registry.kinds import KIND_OF
from store.registry.rows import Present
from tests.actors import TEST
from tests.analytics.books import NOW, ZONE
from tests.books import place_books
from tests.heatwatch.towns import SAMPLE

OLD, SEASON = "2020-01-01", "2024-25"
SINCE, UNTIL = "2024-11-15", "2025-03-16"
#: Household -> (station, season's fee).
HOMES = {
    "early": ("S1", "2420.00"),  # an unverified sensor in December, a verified one from January on
    "moved": ("S1", "2420.00"),  # its sensor went to `next` on 12 January, recorded later
    "next": ("S1", "2420.00"),
    "hot": ("S1", "2528.42"),  # seven readings of 70.5 °C in ten cold days
    "still": ("S1", "2420.00"),  # one value for 24 days
    "left": ("S4", "2420.00"),  # moved out on 13 January
    "fault": ("S1", "2420.00"),  # 96 h by the user's own fault
    "late-1": ("S3", "2420.00"),  # an outage whose end nobody recorded
    "late-2": ("S3", "2420.00"),
    "late-3": ("S3", "2420.00"),
    **{f"warm-{i}": ("S2", "2420.00") for i in range(1, 6)},  # beside a dead meter
}
PRESENT = Present(ZONE, NOW)
#: They made no request on 10 January.
SILENT = ("early", "moved", "late-1", "late-2", "late-3")
#: Meter of S2 -> (role, [°C] from 6:00 to midnight); 60 °C and 45 °C at night.
METERS = {"dead": ("primary_supply_temperature", 0.0), "hot": ("supply_temperature", 45.0)}
DAYS = 121
Parts = Sequence[tuple[str, str, float]]


def registry() -> dict[str, list[list[str]]]:
    """Rows of registry files."""
    places = [["first", "company", "", ""], ["src", "source", "first", ""]]
    for station in ("S1", "S2", "S3", "S4"):
        places += [[station, "station", "src", ""], [f"{station}-B", "building", station, ""]]
    for home, (station, _) in HOMES.items():
        places += [
            [home, "household", f"{station}-B", ""],
            [f"{home}-bed", "room", home, "bedroom"],
        ]
    devices = [*(f"d-{home}" for home in HOMES), "d-new", *METERS]
    room = [[f"d-{home}", "t", "room_temperature", f"{home}-bed", "900", OLD, ""] for home in HOMES]
    return {
        "places": [
            [code, kind, above, code, code, "", "", use, OLD, ""]
            for code, kind, above, use in places
        ],
        "devices": [[code, "", str(code != "d-early").lower()] for code in devices],
        "series": [
            *room, ["d-new", "t", "room_temperature", "early-bed", "900", "2025-01-01", ""],
            *([device, "t", role, "S2", "3600", OLD, ""] for device, (role, _) in METERS.items()),
        ],
        "seasons": [[SEASON, "first", "CN-HA-2018", SINCE, UNTIL, "Asia/Shanghai", ""]],
        "contracts": [
            [home, SEASON, "", fee, "CNY", "false"] for home, (_, fee) in HOMES.items()
        ],
        "requests": [
            ["early", "2024-12-10T00:00", "app"],
            ["moved", "2025-01-06T00:00", "app"],
            *([home, "2025-01-10T00:00", "app"] for home in HOMES if home not in SILENT),
        ],
        "outages": [
            ["S3", "2025-02-03T00:00", "", "", "", "call", "", "", ""],
            ["S4", "2025-02-20T00:00", "2025-02-21T00:00", "", "", "call", "", "", ""],
        ],
        "fee_spans": [["left", "2025-01-13", "", "moved_out", "", "", "", "notice 4"]],
        "user_faults": [
            ["fault", "2025-01-10T00:00", "2025-01-14T00:00", "art. 35 no. 2", "protocol 5"]
        ],
    }  # fmt: skip


#: Device -> (first day, last, [(from, until, °C)]).
READ: dict[str, tuple[str, str, Parts]] = {
    "d-early": ("2024-12-09", "2024-12-18", [("2024-12-10", "2024-12-15", 17.0)]),
    "d-new": ("2025-01-01", "2025-01-20", []),
    "d-moved": (
        "2025-01-05", "2025-01-20",
        [("2025-01-06", "2025-01-11", 17.0), ("2025-01-12", "2025-01-17", 13.0)],
    ),
    "d-next": ("2025-01-05", "2025-01-12", []),
    "d-hot": (
        "2025-01-09", "2025-01-25",
        [
            ("2025-01-10T00:00", "2025-01-11T23:00", 15.0),
            ("2025-01-11T23:00", "2025-01-12T00:45", 70.5),
            ("2025-01-12T00:45", "2025-01-20T00:00", 15.0),
        ],
    ),
    "d-left": (
        "2025-01-05", "2025-02-25",
        [("2025-01-10", "2025-01-20", 17.0), ("2025-02-17", "2025-02-23", 17.0)],
    ),
    "d-fault": ("2025-01-09", "2025-01-20", [("2025-01-10", "2025-01-14", 15.0)]),
    **{f"d-warm-{i}": ("2025-01-01", "2025-01-20", []) for i in range(1, 6)},
}  # fmt: skip


def room_values(device: str) -> list[tuple[datetime, int]]:
    """(instant, value [0.001 °C]) of a device, 20 °C where no part says otherwise."""
    first, last, parts = READ[device]
    at, found = local(first), list[tuple[datetime, int]]()
    spans = [(local(since), local(until), celsius) for since, until, celsius in parts]
    while at < local(last):
        celsius = next((value for since, until, value in spans if since <= at < until), 20.0)
        found.append((at, round(celsius * 1000) + len(found) % 3))
        at += timedelta(minutes=15)
    return found


def meter_values(device: str) -> list[tuple[datetime, int]]:
    """(instant, value [0.001 °C]) of a meter every hour of the season."""
    by_day, night = METERS[device][1], {"dead": 60.0, "hot": 45.0}[device]
    times = [local(SINCE) + timedelta(hours=i) for i in range(DAYS * 24)]
    return [
        (at, round((by_day and by_day + at.hour / 10 if at.hour >= 6 else night) * 1000))
        for at in times
    ]


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


def evidence_town(folder: Path) -> World:
    """Its world, with the readings of the rooms."""
    path = folder / "heatwatch.toml"
    sample = SAMPLE.read_text(encoding="utf-8")
    path.write_text(sample.replace('company = "heat-co"', 'company = "first"'), encoding="utf-8")
    place_books(folder / "var/books.sqlite")
    world = open_world(path)
    report = import_registry(
        world.books, write(folder / "registry", registry()), by=TEST, present=PRESENT
    )
    assert report.refused == (), report.refused[:3]
    meters = {device: meter_values(device) for device in METERS}
    still = [(local("2025-01-02") + timedelta(minutes=15 * i), 20_300) for i in range(24 * 96)]
    read(world, {**{device: room_values(device) for device in READ}, "d-still": still, **meters})
    return world


def write(folder: Path, rows: dict[str, list[list[str]]]) -> list[Path]:
    """A CSV file a kind."""
    folder.mkdir(exist_ok=True)
    for kind, lines in rows.items():
        with (folder / f"{kind}.csv").open("w", encoding="utf-8", newline="") as out:
            width = max(map(len, lines), default=None)
            csv.writer(out).writerows([KIND_OF[kind].names[:width], *lines])
    return [folder / f"{kind}.csv" for kind in rows]


def read(world: World, values: dict[str, list[tuple[datetime, int]]]) -> None:
    """Readings of each device's one channel, as one import."""
    tables = []
    for device, own in values.items():
        series = world.index.resolve(device, "t", to_us(own[0][0]))
        assert series is not None, device
        rows = len(own)
        tables.append(pa.table(
            {
                "series": np.full(rows, series.series),
                "at": pa.array([to_us(at) for at, _ in own], pa.timestamp("us", tz="UTC")),
                "value": [value for _, value in own],
                **{name: [0] * rows for name in ("quality", "time_kind", "revision", "part")},
                "feed": [1] * rows,
                "message": pa.nulls(rows, pa.int64()),
            },
            schema=READING,
        ))  # fmt: skip
    world.readings.import_table(pa.concat_tables(tables), NOW)
