"""`heatwatch energy`, from registry files and a lake to the answer."""

import csv
import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from analytics.heat import energy as heat
from heatwatch import output
from heatwatch.cli import energy
from heatwatch.cli.app import run
from tests.heatwatch.metered_city import SERIES, at, made


def hourly(since: str, until: str, first: int, each: int) -> dict[datetime, int | None]:
    """A register that counts as much every hour, by the clock of UTC."""
    begin, end = at(since), at(until)
    hours = round((end.timestamp() - begin.timestamp()) / 3600)
    start = datetime.fromtimestamp(begin.timestamp(), tz=begin.tzinfo)
    return {
        datetime.fromtimestamp(start.timestamp() + 3600 * i, tz=begin.tzinfo): first + each * i
        for i in range(hours + 1)
    }


@pytest.fixture(scope="module")
def config(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """30 March 2025 has 23 hours in Belgrade; home 2 says nothing for that whole day."""
    silent = hourly("2025-03-28", "2025-04-02", 0, 1_000)
    gone = (at("2025-03-29T12:00"), at("2025-03-31T12:00"))
    registers = {
        "mb1": hourly("2025-03-28", "2025-04-02", 5_000_000, 10_000),
        "m1": hourly("2025-03-28", "2025-04-02", 0, 2_000),
        "m2": {when: value for when, value in silent.items() if not gone[0] < when < gone[1]},
    }
    return made(tmp_path_factory.mktemp("city"), registers)


def answer(config: Path, capsys: pytest.CaptureFixture[str], *words: str) -> list[dict[str, Any]]:
    span = ("--since", "2025-03-29", "--until", "2025-04-01")
    assert run(["energy", *words, *span, "--json", "-c", str(config)]) == 0
    rows: list[dict[str, Any]] = json.loads(capsys.readouterr().out)["rows"]
    return rows


def test_a_meter_by_local_day_has_the_hours_of_each_day(
    config: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = answer(config, capsys, "--place", "B1")
    assert [row["amount"] for row in rows] == [240_000, 230_000, 240_000]
    assert [row["since"] for row in rows][1:] == [
        "2025-03-29T23:00:00+00:00",
        "2025-03-30T22:00:00+00:00",
    ]
    assert {row["state"] for row in rows} == {"measured"}
    assert {row["source"] for row in rows} == {"meter"}


def test_days_of_a_gap_are_estimated_with_its_exact_sum_and_the_month_is_measured(
    config: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = answer(config, capsys, "--place", "H2")
    assert [row["state"] for row in rows] == ["estimated"] * 3
    assert [row["estimated"] for row in rows] == [12_000, 23_000, 12_000]
    assert sum(row["amount"] for row in rows) == 71_000
    assert {tuple(row["why"]) for row in rows} == {("gap",)}
    [whole] = answer(config, capsys, "--place", "H2", "--per", "period")
    assert (whole["amount"], whole["state"], whole["why"]) == (71_000, "measured", [])


def test_a_building_without_a_meter_is_the_sum_of_its_homes(
    config: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = answer(config, capsys, "--place", "B2", "--per", "period")
    assert [(row["amount"], row["source"], row["meters"]) for row in rows] == [(213_000, "sum", 2)]


def test_a_silent_meter_leaves_its_place_unknown_and_is_never_zero(
    config: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    [row] = answer(config, capsys, "--place", "ST", "--per", "period")
    assert (row["amount"], row["state"], row["why"]) == (None, "unknown", ["silent"])


def test_the_table_and_the_file_say_how_each_number_is_known(
    config: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    out = tmp_path / "new" / "energy.csv"
    words = ["--of", "household", "--since", "2025-03-29", "--until", "2025-03-30"]
    assert run(["energy", *words, "--out", str(out), "--lang", "zh", "-c", str(config)]) == 0
    said = capsys.readouterr().out
    assert "实测" in said
    assert "估算" in said
    with out.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [(row["place"], row["amount"], row["why"]) for row in rows] == [
        ("H1", "48000", ""),
        ("H2", "24000", "gap"),
    ]
    assert {(row["since"], row["until"]) for row in rows} == {
        ("2025-03-29T00:00:00+01:00", "2025-03-30T00:00:00+01:00")
    }


@pytest.mark.parametrize("words", [["--of", "room"], ["--of", "stations"], ["--place", "B9"]])
def test_what_has_no_meter_is_a_wrong_call(
    config: Path, capsys: pytest.CaptureFixture[str], words: list[str]
) -> None:
    assert run(["energy", *words, "--since", "2025-03-29", "-c", str(config)]) == 2
    assert words[1] in capsys.readouterr().err


def test_a_register_rolls_over_where_the_registry_knows_its_end(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    series = SERIES.replace("\n", ",100000 kWh\n")
    shown = {
        at("2025-03-29") + timedelta(hours=h): (99_990_000 + 1_000 * h) % 10**8 for h in range(25)
    }
    for name, rows in (("known", series), ("not", SERIES)):
        (tmp_path / name).mkdir()
        path = made(tmp_path / name, {"m1": shown}, rows)
        [row] = answer(path, capsys, "--place", "H1")[:1]
        known = name == "known"
        assert row["amount"] == (24_000 if known else None)
        assert row["at_least"] == (24_000 if known else 23_000)
        assert row["why"] == (["rolled_over"] if known else ["fell"])


def test_a_period_over_an_exchange_is_whole_where_registry_and_readings_are_as_the_docs_say(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """docs/energy.md, *An exchange*: the old meter closes at the instant the new one begins."""
    hours = [at("2025-02-14") + timedelta(hours=h) for h in range(49)]
    shown = {hour: 5_000_000 + 1_000 * h for h, hour in enumerate(hours)}
    path = made(tmp_path, {"m1": {hour: wh for hour, wh in shown.items() if wh < 5_035_000}})
    when, new = "2025-02-15T10:20:00+01:00", tmp_path / "exchange"
    new.mkdir()
    (new / "devices.csv").write_text("code,model,verified\nm1-new,meter,true\n", "utf-8")
    (new / "series.csv").write_text(
        "device,channel,role,place,interval_s,since,until\n"
        f"m1,energy,energy,H1,900,2024-01-01T00:00:00+01:00,{when}\n"
        f"m1-new,energy,energy,H1,900,{when},\n",
        "utf-8",
    )
    call = ["registry", "import", str(new), "--reason", "exchanged", "-c", str(path)]
    assert run(call) == 0
    later = "".join(
        f"m1-new,energy,{hour.isoformat()},{0.666 + h}\n" for h, hour in enumerate(hours[35:])
    )
    (tmp_path / "read.csv").write_text(
        f"device,channel,time,value\nm1,energy,{when},5034.333\nm1-new,energy,{when},0\n{later}"
        "m1,energy,2025-02-15T10:21:00+01:00,5034.333\n",
        "utf-8",
    )
    (tmp_path / "how.toml").write_text(
        'layout = "long"\nfeed = "exchange"\n'
        'columns = { device = "device", channel = "channel", time = "time", value = "value" }\n'
        'units = { energy = "kWh" }\n',
        "utf-8",
    )
    call = ["readings", "import", "--mapping", str(tmp_path / "how.toml"), "-c", str(path)]
    capsys.readouterr()
    assert run([*call, str(tmp_path / "read.csv"), "--json"]) == 3
    [cell] = json.loads(capsys.readouterr().out)["listed"]
    assert "its row ended at 2025-02-15T09:20:00Z, where a register's closing" in cell["why"]
    for per in ("day", "period"):
        span = ["--since", "2025-02-14", "--until", "2025-02-16", "--per", per]
        assert run(["energy", "--place", "H1", *span, "--json", "-c", str(path)]) == 0
        rows = json.loads(capsys.readouterr().out)["rows"]
        assert {row["state"] for row in rows} == {"measured"}
        assert sum(row["amount"] for row in rows) == 34_333 + 13_666


def test_rows_are_never_whole_in_memory_and_a_fault_leaves_no_part_of_an_answer(
    config: Path,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    alive, most = 0, 0

    class Row(dict[str, Any]):
        def __del__(self) -> None:
            nonlocal alive
            alive -= 1

    real = energy.rows_of
    parts = 200

    def rows_of(*words: Any) -> Iterator[dict[str, Any]]:
        nonlocal alive, most
        for row in real(*words):
            alive += 1
            most = max(most, alive)
            yield Row(row)

    def consumption(*words: Any) -> Iterator[Any]:
        found = list(one(*words))
        for n in range(parts):
            if n == broken:
                raise RuntimeError("a fault")
            yield from found

    one, broken = heat.consumption, -1
    monkeypatch.setattr(energy, "rows_of", rows_of)
    monkeypatch.setattr(heat, "consumption", consumption)
    monkeypatch.setattr(output, "IN_MEMORY", 1000)
    span = ["--since", "2025-03-29", "--until", "2025-04-01"]
    call = ["energy", "--place", "B1", *span, "--json", "-c", str(config)]
    out = tmp_path / "out.csv"
    assert run([*call, "--out", str(out)]) == 0
    shown = capsys.readouterr()
    assert len(json.loads(shown.out)["rows"]) == 3 * parts
    assert f"{3 * parts} rows written" in shown.err
    assert len(out.read_text("utf-8-sig").splitlines()) == 3 * parts + 1
    assert most < 20
    broken, before = 100, out.read_bytes()
    assert run([*call, "--out", str(out)]) == 1
    assert capsys.readouterr().out == ""
    assert out.read_bytes() == before
    assert [each.name for each in tmp_path.iterdir()] == ["out.csv"]
