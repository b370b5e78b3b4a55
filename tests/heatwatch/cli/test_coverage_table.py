"""What coverage shows: why readings are not usable, each cause apart."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import delete

from heatwatch.cli.app import run
from heatwatch.wiring import open_world
from store.books.registry import Series
from tests.actors import changing
from tests.analytics.books import SEASON
from tests.heatwatch.cli.nis_copy import city
from tests.heatwatch.cli.settled_town import config
from tests.heatwatch.cli.test_readings import answer

__all__ = ["city", "config"]  # fixtures


def test_coverage_counts_frozen_impossible_and_jumping_readings_apart(
    city: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    start = datetime(2024, 12, 1)  # noqa: DTZ001 - local, as the file writes it
    values = [20.5 + i % 3 / 10 for i in range(20)]
    values += [70.5] * 7 + [20.5, 20.6] + [45.0] * 3 + [20.5, 20.6, 20.7]
    values += [18.7] * 4 * 24 * 3
    text = "datetime,probe_id,name,temperature,relative_humidity,co2\n"
    text += "".join(
        f"{start + timedelta(minutes=15 * i)},10326,x,{value:.1f},,\n"
        for i, value in enumerate(values)
    )
    (city / "d.csv").write_text(text)
    assert run(["readings", "import", "--mapping", "rooms_raw.toml", "d.csv"]) == 0
    call = ("readings", "coverage", "--season", "2024-25", "--place", "37_2")
    rows = answer(capsys, *call)["series"]
    row = next(r for r in rows if r["device"] == "10326" and r["channel"] == "temperature")
    assert (row["readings"], row["unusable"]) == (len(values), 7 + 3 + 288)
    assert (row["out_of_range"], row["jumped"], row["unchanged"]) == (7, 3, 288)
    assert (row["missing"], row["device_error"], row["clock_wrong"]) == (0, 0, 0)
    assert run([*call, "--lang", "en"]) == 0
    assert "jumped and back: 3" in " ".join(capsys.readouterr().out.replace("│", " ").split())


def test_homes_with_rooms_that_nothing_measured_stand_behind_the_series(
    config: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    call = ("readings", "coverage", "--season", SEASON, "--config", str(config))
    assert answer(capsys, *call)["never_measured"] == {}
    assert run([*call, "--lang", "en"]) == 0
    assert "never had a sensor" not in capsys.readouterr().out
    with changing(open_world(config).books) as session:
        session.execute(delete(Series).where(Series.place_id == 23))
    assert answer(capsys, *call)["never_measured"] == {"H3": ["H3-bed"]}
    assert answer(capsys, *call, "--place", "H3")["series"] == []
    assert answer(capsys, *call, "--place", "S1-01")["never_measured"] == {}
    assert run([*call, "--lang", "en"]) == 0
    shown = " ".join(capsys.readouterr().out.replace("│", " ").split())
    assert "1 household with rooms that never had a sensor or a measurement record" in shown
    assert "H3 H3-bed" in shown
