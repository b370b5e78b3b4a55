"""The Niš example as the README tells it: warm flats get nothing and the reason; at 20 °C one is paid."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from heatwatch.cli.app import run
from tests.shared import shared_folder

EXAMPLE = Path(__file__).parents[2] / "examples/nis-l4"
SEASON = ("--season", "2024-25")


@pytest.fixture(scope="module")
def config(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("nis")
    path = folder / "heatwatch.toml"
    path.write_bytes((EXAMPLE / "heatwatch.toml").read_bytes())
    data = shared_folder() / "data/nis-l4/season_2024-25_15min.csv"
    assert run(["registry", "import", str(EXAMPLE / "registry"), "-c", str(path)]) == 0
    mapping = str(EXAMPLE / "season.toml")
    assert run(["readings", "import", "--mapping", mapping, str(data), "-c", str(path)]) == 0
    return path


def answer(capsys: pytest.CaptureFixture[str], config: Path, words: Sequence[str]) -> Any:
    capsys.readouterr()
    assert run([*words, "-c", str(config), "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def test_no_flat_was_below_18_for_more_than_two_hours(
    config: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    told = answer(capsys, config, ["comfort", "--base", "18", *SEASON])
    below = {row["household"]: float(row["hours_below"]) for row in told["homes"]}
    assert set(below) == {"37_2", "37_4", "37_9", "37_12", "37_15"}
    assert max(below.values()) <= 2.0


def test_henan_pays_nothing_and_says_why(config: Path, capsys: pytest.CaptureFixture[str]) -> None:
    told = answer(capsys, config, ["settle", "draft", *SEASON])
    assert (told["total"], told["undetermined"]) == ("0.00", 0)
    why = answer(capsys, config, ["explain", "37_12", *SEASON])
    assert why["total"] == "0.00"
    assert why["reason"] == "not_below_after_request"


def test_at_20_degrees_the_recorded_request_is_paid_for_its_three_days(
    config: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    policy = str(EXAMPLE / "henan-at-20.toml")
    told = answer(capsys, config, ["explain", "37_12", *SEASON, "--policy", policy])
    assert told["total"] == "29.11"  # 3 days x 1/2 x 2620 / 135
    assert told["reason"] == "paid"


def test_an_alarm_setting_changes_no_outage(
    config: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    late = config.with_name("late.toml")
    late.write_text(config.read_text() + "\n[alerts.outage]\nhold_min = 1400.0\n")
    before = answer(capsys, config, ["outages", *SEASON])
    assert before["outages"] == [], "the nights, in which this station lowers its supply, are none"
    capsys.readouterr()
    assert run(["outages", *SEASON, "-c", str(late), "--json", "--lang", "en"]) == 0
    said = capsys.readouterr()
    assert json.loads(said.out) == before
    assert (
        "alerts.outage.hold_min = 1400.0 decides when an alert warns and nothing else" in said.err
    )


def test_comfort_and_coverage_know_the_same_of_every_room(
    config: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A room with one sensor: a room's hours are its series' hours."""
    span = ("--since", "2024-12-01", "--until", "2025-03-01")
    rooms = answer(capsys, config, ["comfort", "--rooms", *span])["rooms"]
    series = answer(capsys, config, ["readings", "coverage", *span])["series"]
    known: dict[str, list[float]] = {}
    for row in series:
        if row["role"] == "room_temperature":
            known.setdefault(row["place"], []).append(row["covered_hours"])
    single = [row for row in rooms if len(known[row["room"]]) == 1]
    assert single
    for row in single:
        assert known[row["room"]] == [pytest.approx(float(row["hours_known"]), abs=0.006)]
