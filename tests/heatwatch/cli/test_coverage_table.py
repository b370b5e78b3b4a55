"""What coverage shows: why readings are not usable, each cause apart."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from heatwatch.cli.app import run
from tests.heatwatch.cli.nis_copy import city
from tests.heatwatch.cli.test_readings import answer

__all__ = ["city"]  # fixtures


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
