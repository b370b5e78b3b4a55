"""A city whose places have heat meters, with the readings that a test gives their registers."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow as pa

from domain.time import to_us
from heatwatch.wiring import World, open_world
from store.journal.schema import READING
from store.registry.importing import import_registry
from tests.actors import TEST
from tests.books import place_books
from tests.servers.programs import ROOT

BELGRADE = ZoneInfo("Europe/Belgrade")
NOW = datetime(2025, 4, 10, 12, tzinfo=BELGRADE)

PLACES = """code,kind,parent,name,name_en,address,area_m2,room_use,since,until
heat-co,company,,热力,Heat,,,,2024-01-01T00:00:00+01:00,
S1,source,heat-co,一,One,,,,2024-01-01T00:00:00+01:00,
ST,station,S1,站,Station,,,,2024-01-01T00:00:00+01:00,
B1,building,ST,一楼,Block 1,,,,2024-01-01T00:00:00+01:00,
B2,building,ST,二楼,Block 2,,,,2024-01-01T00:00:00+01:00,
H1,household,B2,甲,Home 1,,80,,2024-01-01T00:00:00+01:00,
H2,household,B2,乙,Home 2,,80,,2024-01-01T00:00:00+01:00,
"""
SEASONS = """code,company,policy,since,until,zone,design_outdoor
2024-25,heat-co,CN-HA-LY-2018,2024-10-15T00:00:00+02:00,2025-04-16T00:00:00+02:00,Europe/Belgrade,
"""
HEAD = "device,channel,role,place,interval_s,since,until,rolls_over_at\n"
#: A meter of each: the station, block 1 and the homes of block 2.
SERIES = """mst,energy,energy,ST,900,2024-01-01T00:00:00+01:00,
mb1,energy,energy,B1,900,2024-01-01T00:00:00+01:00,
m1,energy,energy,H1,900,2024-01-01T00:00:00+01:00,
m2,energy,energy,H2,900,2024-01-01T00:00:00+01:00,
"""

#: By device: instant -> what its register shows; None: nothing that can be used.
Registers = Mapping[str, Mapping[datetime, int | None]]


def at(text: str) -> datetime:
    """Local time of the city."""
    return datetime.fromisoformat(text).replace(tzinfo=BELGRADE)


def made(
    folder: Path,
    registers: Registers,
    series: str = SERIES,
    now: datetime = NOW,
    places: str = PLACES,
) -> Path:
    """Books, lake and configuration in an empty folder; the clock stands at `now`."""
    path = folder / "heatwatch.toml"
    sample = (ROOT / "heatwatch.toml").read_text(encoding="utf-8")
    clock = f"\n[clock]\nstart = {now.isoformat()}\nstarted = 'clock'\n"
    path.write_text(sample + clock, encoding="utf-8")
    place_books(folder / "var/books.sqlite")
    world = open_world(path)
    devices = dict.fromkeys(line.split(",")[0] for line in series.splitlines())
    files = {
        "places": places,
        "devices": "code,model,verified\n" + "".join(f"{each},meter,true\n" for each in devices),
        "series": HEAD + "".join(_whole(line) for line in series.splitlines()),
        "seasons": SEASONS,
    }
    for name, text in files.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    report = import_registry(world.books, [folder / f"{name}.csv" for name in files], by=TEST)
    assert report.refused == ()
    rows = [row for device, shown in registers.items() for row in _rows(world, device, shown)]
    world.readings.import_table(pa.Table.from_pylist(rows, schema=READING), now)
    world.books.dispose()
    return path


def _whole(line: str) -> str:
    """A row with all of its cells; the last may be left out."""
    return line + "," * (HEAD.count(",") - line.count(",")) + "\n"


def _rows(world: World, device: str, shown: Mapping[datetime, int | None]) -> list[dict[str, Any]]:
    device, _, channel = device.partition(":")
    found = []
    for instant, value in shown.items():
        series = world.index.resolve(device, channel or "energy", to_us(instant))
        assert series is not None, f"{device} is nowhere at {instant}"
        row = {"series": series.series, "at": instant, "value": value, "quality": 0}
        row |= {"quality": 7} if value is None else {}
        rest = {"time_kind": 0, "revision": 0, "feed": 1, "part": 0, "message": None}
        found.append(row | rest)
    return found
