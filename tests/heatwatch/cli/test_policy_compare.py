"""`heatwatch policy compare`: two policies on a season of the configured city."""

import hashlib
from decimal import Decimal
from pathlib import Path

import pytest

from analytics.law.policy import load
from heatwatch.cli.app import run
from heatwatch.cli.policy_compare import SHOWN, _households
from heatwatch.output import speak
from heatwatch.services.comparing import Comparison, Differing, Side
from tests.analytics.books import SEASON
from tests.analytics.law.test_overlays import overlay
from tests.heatwatch.cli.settled_town import WRONG_CALL, config
from tests.heatwatch.towns import answer

__all__ = ["config"]  # fixtures

LAW = "CN-HA-2018"


def files_of(folder: Path) -> dict[str, str]:
    """What is kept, by file: a comparison adds and changes none."""
    return {
        str(path): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.name.endswith(("-wal", "-shm"))
    }


def test_two_files_of_one_law_are_compared_and_nothing_is_written(
    config: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    mine = tmp_path / "warmer.toml"
    changes = ('standard.temp = "22"', 'day_band.bands.0.below = "22"')
    mine.write_text(overlay(*changes, name="at 22"), encoding="utf-8")
    before = files_of(tmp_path)
    told = answer(config, capsys, "policy", "compare", LAW, str(mine), "--season", SEASON)
    assert files_of(tmp_path) == before
    assert (told["a"]["policy"], told["b"]["policy"]) == (LAW, f"{LAW} + at 22")
    assert (told["a"]["overlay"], told["b"]["overlay"]["base"]) == (None, LAW)
    assert told["a"]["sha256"] != told["b"]["sha256"]
    assert (told["households"], told["differ"]) == (4, len(told["differing"]))
    assert told["differ"] > 0
    assert (
        sum(each["undetermined_b"] for each in told["differing"]) == told["b"]["undetermined"] > 0
    )
    sums = [Decimal(each["difference"]) for each in told["differing"]]
    assert sums == sorted(sums, key=abs, reverse=True)
    assert sum(sums) == Decimal(told["difference"])
    for each in told["differing"]:
        named = ("explain", each["household"], "--season", SEASON)
        for side, policy in (("a", LAW), ("b", str(mine))):
            assert answer(config, capsys, *named, "--policy", policy)["total"] == each[side]


def test_the_tables_show_both_sides_and_a_template_is_said_to_be_unconfirmed(
    config: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    end = ["--season", SEASON, "--config", str(config)]
    assert run(["policy", "compare", LAW, "CN-JL-CHANGCHUN", "--lang", "en", *end]) == 0
    said = capsys.readouterr().out
    assert "What-if, nothing is kept" in said
    assert "not confirmed" in said
    assert "CN-JL-CHANGCHUN" in said
    assert run(["policy", "compare", LAW, LAW, "--lang", "en", *end]) == 0
    said = capsys.readouterr().out
    assert "No household differs" in said
    assert "confirmed" not in said


def test_a_season_or_policy_that_is_not_there_is_a_wrong_call(
    config: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    end = ["--config", str(config), "--lang", "en"]
    assert run(["policy", "compare", LAW, "NO-SUCH", "--season", SEASON, *end]) == WRONG_CALL
    assert "NO-SUCH" in capsys.readouterr().err
    assert run(["policy", "compare", LAW, LAW, "--season", "2031", *end]) == WRONG_CALL
    assert "2031" in capsys.readouterr().err


def test_of_many_households_the_table_shows_the_largest_only() -> None:
    from rich.console import Console

    speak("en")
    side = Side(load(LAW), False, Decimal("0.00"), "CNY", 0, 0)
    many = tuple(
        Differing(f"H{i:02}", Decimal("0.00"), Decimal(90 - i), i == 0, i < 2)
        for i in range(SHOWN + 1)
    )
    console = Console(width=120)
    with console.capture() as caught:
        console.print(_households(Comparison(1, 30, side, side, many)))
    said = caught.get()
    assert "21 households differ; the 20 with the largest difference" in said
    assert "H19" in said
    assert "H20" not in said
    assert "under both" in said
