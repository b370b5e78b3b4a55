"""`heatwatch balance`, from registry files and a lake to the answer."""

import json
from datetime import timedelta
from pathlib import Path

import pytest

from heatwatch.cli.app import run
from tests.heatwatch.metered_city import at, made

SPAN = ("--since", "2025-02-01", "--until", "2025-02-03", "--per", "period")


def config(folder: Path, homes: int) -> Path:
    """Block 2's first homes have meters that say something."""
    hours = [at("2025-01-31") + timedelta(hours=h) for h in range(24 * 5)]
    each = {"mst": 9_000, "mb1": 4_000, **dict.fromkeys(["m1", "m2"][:homes], 2_000)}
    return made(
        folder, {name: {when: wh * i for i, when in enumerate(hours)} for name, wh in each.items()}
    )


def test_the_loss_is_told_with_its_share(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = config(tmp_path, 2)
    assert run(["balance", *SPAN, "--json", "-c", str(path)]) == 0
    [row] = json.loads(capsys.readouterr().out)["rows"]
    assert (row["supplied"], row["used"], row["loss"]) == (432_000, 384_000, 48_000)
    assert (row["loss_share"], row["determined"]) == ("0.111111", True)
    assert run(["balance", *SPAN, "--lang", "zh", "-c", str(path)]) == 0
    said = capsys.readouterr().out
    assert "11.1" in said
    assert "热量平衡" in said


def test_a_missing_meter_leaves_it_undetermined(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = config(tmp_path, 1)
    assert run(["balance", *SPAN, "--json", "-c", str(path)]) == 0
    [row] = json.loads(capsys.readouterr().out)["rows"]
    assert (row["loss"], row["loss_share"], row["determined"]) == (None, None, False)
    assert (row["meters_known"], row["meters"]) == (2, 3)
    assert (row["used"], row["used_at_least"], row["supplied"]) == (None, 288_000, 432_000)
    assert run(["balance", *SPAN, "-c", str(path)]) == 0
    said = capsys.readouterr().out
    assert "undetermined" in said
    assert "≥ " in said


def test_what_is_unknown_is_no_zero(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = made(tmp_path, {})
    assert run(["balance", *SPAN, "--json", "-c", str(path)]) == 0
    [row] = json.loads(capsys.readouterr().out)["rows"]
    assert (row["supplied"], row["used"]) == (None, None)
    assert (row["supplied_at_least"], row["used_at_least"]) == (0, 0)
    assert run(["balance", *SPAN, "-c", str(path)]) == 0
    [line] = [e for e in capsys.readouterr().out.splitlines() if e.startswith("│ ST ")]
    assert line.split("│")[3].strip() == ""
    assert line.split("│")[5].strip() == ""


def test_a_place_without_stations_below_it_has_no_rows(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = config(tmp_path, 2)
    assert run(["balance", *SPAN, "--place", "B2", "--json", "-c", str(path)]) == 0
    assert json.loads(capsys.readouterr().out)["rows"] == []
    assert (
        run(["energy", "--of", "station", *SPAN, "--place", "B2", "--json", "-c", str(path)]) == 0
    )
    assert json.loads(capsys.readouterr().out)["rows"] == []
