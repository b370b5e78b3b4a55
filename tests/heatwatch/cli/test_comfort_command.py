"""`heatwatch comfort` and `heatwatch outages` from registry files and a lake to the answer."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
import typer

from domain.errors import WrongCall
from heatwatch.cli import comfort, outages
from heatwatch.wiring import World, open_world
from store.journal.schema import READING
from store.registry.importing import import_registry

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
    world = open_world(path)
    report = import_registry(world.books, files)
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
    app([*arguments, "-c", str(config)], standalone_mode=False)


DAY = ("--since", "2025-01-10", "--until", "2025-01-11")


def answer(config: Path, capsys: pytest.CaptureFixture[str], *arguments: str) -> dict[str, Any]:
    run(config, *arguments, "--json")
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


def test_each_home_is_told_by_its_worst_covered_room(
    config: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found = answer(config, capsys, "comfort", "--base", "18", *DAY)
    assert found["homes"] == [
        {
            "household": "H1", "room": "H1-bed", "hours_below": "6.000", "degree_hours": "3.000",
            "hours_known": "24.000", "hours_missing": "0.000", "coverage": "1.000000",
        },
        {
            "household": "H2", "room": "H2-bed", "hours_below": "12.000", "degree_hours": "12.000",
            "hours_known": "21.250", "hours_missing": "2.750", "coverage": "0.885417",
        },
    ]  # fmt: skip


def test_every_covered_room_on_request_and_no_bathroom(
    config: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found = answer(config, capsys, "comfort", "--rooms", "--place", "H1", *DAY)
    assert [each["room"] for each in found["rooms"]] == ["H1-bed", "H1-living"]


def test_the_season_is_asked_for_by_its_code_and_ends_now_at_the_latest(
    config: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found = answer(config, capsys, "comfort", "--season", "2024-25")
    assert (found["since"], found["until"]) == (
        "2024-11-14T16:00:00+00:00",
        "2025-03-15T16:00:00+00:00",
    )
    assert found["homes"][1]["hours_below"] == "12.000"


def test_the_table_puts_the_coldest_first_in_the_language_asked_for(
    config: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(config, "comfort", *DAY, "--lang", "en")
    text = capsys.readouterr().out
    assert text.index("H2-bed") < text.index("H1-bed")
    run(config, "comfort", *DAY, "--lang", "zh")
    assert "低于18℃" in capsys.readouterr().out


def test_a_stop_of_five_hours_is_found(config: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = answer(config, capsys, "outages", *DAY)
    assert found["stations"] == 1
    assert found["outages"] == [
        {
            "station": "S1-01", "since": "2025-01-10T00:00:00+00:00",
            "until": "2025-01-10T05:00:00+00:00", "ended": True, "hours": "5.000",
            "hours_lost": "5.000", "hours_unknown": "0.000", "hours_by_schedule": "0.000",
            "least_flow_l_h": 0, "least_supply_c": "45.000", "recorded": "not",
            "begins_late_min": None, "ends_early_min": None, "between_min": None,
            "homes": 2, "homes_short": 2, "records": [],
        }
    ]  # fmt: skip
    assert answer(config, capsys, "outages", *DAY, "--off", "07:00-14:00")["outages"] == []
    run(config, "outages", *DAY, "--lang", "zh")
    assert "01-10 08:00" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("comfort", "--base", "warm"), "--base 'warm' is not a temperature"),
        (("comfort", "--base", "18.0005"), "in steps of 0.001"),
        (("comfort", "--base", "nan"), "--base 'nan'"),
        (("comfort", "--base", "500"), "-60 to 200"),
        (("comfort", "--place", "nowhere"), "place 'nowhere' is not in the registry"),
        (("comfort", "--season", "1999"), "there are: 2024-25"),
        (("comfort", "--lang", "fr", *DAY), "--lang 'fr' is not known; allowed: zh, en"),
        (("comfort", "--since", "yesterday"), "expected YYYY-MM-DD"),
        (("comfort", "--until", "2025-01-10"), "needs --since"),
        (("comfort", "--since", "2025-01-10", "--until", "2025-01-10"), "is not before --until"),
        (("comfort", "--season", "2024-25", "--since", "2025-01-10"), "exclude each other"),
        (("comfort", "--since", "2999-01-10"), "is not before --until"),
        (("comfort", "--since", "2999-01-10", "--until", "2999-01-11"), "nothing is known yet"),
        (("comfort", "--since", "2020-01-10"), "at most 366 days"),
        (("outages", "--off", "night", *DAY), "--off: window 'night' is not of the form"),
    ],
)
def test_a_wrong_call_is_told_with_what_is_allowed(
    config: Path, arguments: tuple[str, ...], told: str
) -> None:
    with pytest.raises(WrongCall) as wrong:
        run(config, *arguments)
    assert told in str(wrong.value)
