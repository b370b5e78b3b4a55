"""A city of two homes and a station with one day of readings."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
import typer

from heatwatch.cli import comfort, outages
from heatwatch.cli.chosen_language import language_of, without_language
from heatwatch.output import speak
from heatwatch.wiring import World, open_world
from store.journal.schema import READING
from store.registry.importing import import_registry
from tests.actors import TEST
from tests.books import place_books

SAMPLE = Path(__file__).parents[3] / "heatwatch.toml"


T0 = datetime(2025, 1, 9, 16, tzinfo=UTC)  # midnight of 10 Jan in Shanghai


FILES = {
    "places": """code,kind,parent,name,name_en,address,area_m2,room_use,since,until
heat-co,company,,热力公司,Heat company,,,,2024-01-01T00:00:00+08:00,
S1,source,heat-co,一号,One,,,,2024-01-01T00:00:00+08:00,
S1-01,station,S1,站,Station,,,,2024-01-01T00:00:00+08:00,
B1,building,S1-01,楼,Building,,,,2024-01-01T00:00:00+08:00,
H1,household,B1,甲,Home A,,80,,2024-01-01T00:00:00+08:00,
H1-bed,room,H1,卧,Bedroom,,,bedroom,2024-01-01T00:00:00+08:00,
H1-living,room,H1,厅,Living room,,,living,2024-01-01T00:00:00+08:00,
H1-bath,room,H1,浴,Bath,,,bathroom,2024-01-01T00:00:00+08:00,
H2,household,B1,乙,Home B,,80,,2024-01-01T00:00:00+08:00,
H2-bed,room,H2,卧,Bedroom,,,bedroom,2024-01-01T00:00:00+08:00,
""",
    "devices": """code,model,verified
r1,room,true
r2,room,true
r3,room,true
r4,room,true
r4b,room,true
st,station,true
""",
    "series": """device,channel,role,place,interval_s,since,until
r1,t,room_temperature,H1-bed,900,2024-01-01T00:00:00+08:00,
r2,t,room_temperature,H1-living,900,2024-01-01T00:00:00+08:00,
r3,t,room_temperature,H1-bath,900,2024-01-01T00:00:00+08:00,
r4,t,room_temperature,H2-bed,900,2024-01-01T00:00:00+08:00,2025-01-10T12:00:00+08:00
r4b,t,room_temperature,H2-bed,900,2025-01-10T12:00:00+08:00,
st,flow,flow,S1-01,300,2024-01-01T00:00:00+08:00,
st,t_sup,supply_temperature,S1-01,300,2024-01-01T00:00:00+08:00,
""",
    "seasons": """code,company,policy,since,until,zone,design_outdoor
2024-25,heat-co,CN-HA-2018,2024-11-15T00:00:00+08:00,2025-03-16T00:00:00+08:00,Asia/Shanghai,
""",
}


@pytest.fixture(scope="module")
def config(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A city of two homes and a station with one day of readings; only read by the tests."""
    tmp_path = tmp_path_factory.mktemp("city")
    path = tmp_path / "heatwatch.toml"
    path.write_text(SAMPLE.read_text(encoding="utf-8"), encoding="utf-8")
    files = []
    for name, text in FILES.items():
        files.append(tmp_path / f"{name}.csv")
        files[-1].write_text(text, encoding="utf-8")
    place_books(tmp_path / "var/books.sqlite")
    world = open_world(path)
    report = import_registry(world.books, files, by=TEST)
    assert report.refused == ()
    world.readings.import_table(pa.concat_tables(list(day(world))), T0 + timedelta(days=2))
    yield path
    world.books.dispose()


def day(world: World) -> Iterator[pa.Table]:
    """H1: bedroom at 17.5 for 6 h, bath at 10; H2: sensor swapped at noon, 3 h silent; a stop of 5 h."""
    quarters = [i * 900 for i in range(96)]
    fives = [i * 300 for i in range(288)]
    cold = {s: 17_500 if s < 6 * 3600 else 20_000 for s in quarters}
    yield table(world, "r1", "t", cold)
    yield table(world, "r2", "t", dict.fromkeys(quarters, 20_000))
    yield table(world, "r3", "t", dict.fromkeys(quarters, 10_000))
    yield table(world, "r4", "t", {s: 17_000 for s in quarters if s < 12 * 3600})
    late = {s: 19_000 for s in quarters if s >= 12 * 3600 and not 15 * 3600 <= s < 18 * 3600}
    yield table(world, "r4b", "t", late)
    flow = {s: 0 if 8 * 3600 <= s < 13 * 3600 else 9_000 for s in fives}
    yield table(world, "st", "flow", flow)
    yield table(world, "st", "t_sup", dict.fromkeys(fives, 45_000))


def table(world: World, device: str, channel: str, values: dict[int, int]) -> pa.Table:
    series = [world.index.resolve(device, channel, int((T0.timestamp() + s) * 1e6)) for s in values]
    rows = [
        {
            "series": found.series if found else -1,
            "at": T0 + timedelta(seconds=s),
            "value": value,
            "quality": 0,
            "time_kind": 0,
            "revision": 0,
            "feed": 1,
            "part": 0,
            "message": None,
        }
        for found, (s, value) in zip(series, values.items(), strict=True)
    ]
    return pa.Table.from_pylist(rows, schema=READING)


def run(config: Path, *arguments: str) -> None:
    app = typer.Typer()
    app.callback()(lambda: None)
    comfort.register(app)
    outages.register(app)
    words = [*arguments, "-c", str(config)]
    speak(language_of(words))
    app(without_language(words), standalone_mode=False)


def answer(config: Path, capsys: pytest.CaptureFixture[str], *arguments: str) -> dict[str, Any]:
    run(config, *arguments, "--json")
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


DAY = ("--since", "2025-01-10", "--until", "2025-01-11")
