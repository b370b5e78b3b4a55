"""`heatwatch signature` and `heatwatch degree-days`, from registry files and a lake to the answer."""

import json
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from heatwatch.cli.app import run
from tests.heatwatch.metered_city import SERIES, at, made

MAST = "mast,t,outdoor_temperature,S1,3600,2024-01-01T00:00:00+01:00,\n"
SPAN = ("--since", "2025-01-20", "--until", "2025-02-10")


@pytest.fixture(scope="module")
def config(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Each day 1 K warmer than the one before, from -5 °C; block 1 draws 100 W/K below 20 °C. No mast on 25 January."""
    hours = [at("2025-01-20") + timedelta(hours=h) for h in range(24 * 21)]
    register: dict[datetime, int | None] = {}
    wh = 0
    for i, each in enumerate([*hours, at("2025-02-10")]):
        register[each] = wh
        wh += 100 * (25 - i // 24)
    registers: dict[str, dict[datetime, int | None]] = {
        "mast:t": {each: 1_000 * (i // 24 - 5) for i, each in enumerate(hours) if each.day != 25},
        "mb1": register,
    }
    return made(tmp_path_factory.mktemp("city"), registers, SERIES + MAST)


def test_the_signature_of_a_block(config: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["signature", "--place", "B1", *SPAN, "--json", "-c", str(config)]) == 0
    [row] = json.loads(capsys.readouterr().out)["rows"]
    assert row["slope_w_k"] == pytest.approx(100, rel=0.02)
    assert row["at_zero_w"] == pytest.approx(2_000, rel=0.02)
    assert (row["base_w"], row["balance_c"], row["days"]) == (None, None, 20)
    assert run(["signature", "--of", "building", *SPAN, "--lang", "zh", "-c", str(config)]) == 0
    said = capsys.readouterr().out
    assert "能耗特性" in said
    assert "拟合天数" in said
    assert "退费日" not in said


def test_degree_days_name_their_rule_and_the_days_that_are_known(
    config: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["degree-days", *SPAN, "--json", "-c", str(config)]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert (answer["rule"], answer["base"], answer["limit"]) == ("HDD18", 18.0, 18.0)
    january, february = answer["rows"]
    assert january["degree_days"] == pytest.approx(sum(23 - day for day in range(12) if day != 5))
    assert (january["days_known"], january["days"]) == (11, 12)
    assert february["degree_days"] == pytest.approx(sum(23 - day for day in range(12, 21)))
    assert run(["degree-days", "--rule", "GTZ20/15", *SPAN, "--lang", "zh", "-c", str(config)]) == 0
    assert "VDI 4710" in capsys.readouterr().out


def test_a_day_that_is_not_over_is_no_degree_day(
    config: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    span = ("--since", "2025-01-21", "--until", "2025-01-22T08:00")
    assert run(["degree-days", *span, "--json", "-c", str(config)]) == 0
    [row] = json.loads(capsys.readouterr().out)["rows"]
    assert (row["degree_days"], row["days_known"], row["days"]) == (22.0, 1, 2)


def test_a_rule_that_there_is_not_is_a_wrong_call(
    config: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["degree-days", "--rule", "HDD65", *SPAN, "-c", str(config)]) == 2
    assert "HDD65" in capsys.readouterr().err


def test_where_no_day_is_known_the_sum_is_open_and_the_silent_sensor_is_named(
    config: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    span = ("--since", "2025-01-25", "--until", "2025-01-26", "-c", str(config))
    assert run(["degree-days", "--place", "B1", *span, "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["outdoor_at"] == "S1"
    [row] = answer["rows"]
    assert (row["degree_days"], row["heating_days"], row["days_known"]) == (None, None, 0)
    assert run(["degree-days", "--place", "B1", *span]) == 0
    shown = capsys.readouterr()
    assert "0.0" not in shown.out
    assert "the sensor at S1 has too few readings" in " ".join(shown.err.split())


def test_without_an_outdoor_sensor_that_is_said(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    config = made(tmp_path, {}, SERIES)
    for name in ("degree-days", "signature"):
        assert run([name, "--place", "B1", *SPAN, "-c", str(config)]) == 0
        said = " ".join(capsys.readouterr().err.split())
        assert "neither B1 nor a place above or below it has a series of role" in said
    assert run(["degree-days", "--place", "B1", *SPAN, "--json", "-c", str(config)]) == 0
    assert json.loads(capsys.readouterr().out)["outdoor_at"] is None
