"""Records without an end, and the meters that show supply to be back."""

import csv
from pathlib import Path

import pytest

from heatwatch.cli.app import run
from tests.analytics.books import local
from tests.heatwatch.cli.test_outages import (
    JANUARY,
    OK,
    answer,
    change_record,
    config,
    decide,
    made,
)

__all__ = ["config", "made"]  # fixtures


def test_a_record_without_end_is_asked_for_once_the_meters_show_that_supply_is_back(
    config: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    change_record(config, until=None, planned=True, evidence="notice 7")
    out = tmp_path / "found" / "outages.csv"
    town = ("--place", "S1-02", *JANUARY[2:])
    found = answer(config, capsys, "outages", *town, "--out", str(out), "--lang", "en")
    assert found["to_close"] == [
        {
            "place": "S1-02", "since": "2025-01-19T16:00:00+00:00",
            "back": "2025-01-20T10:00:00+00:00", "stations": 1,
        }
    ]  # fmt: skip
    with out.open(encoding="utf-8-sig", newline="") as file:
        [row] = csv.DictReader(file)
    assert (row["place"], row["since"]) == ("S1-02", "2025-01-20T00:00:00+08:00")
    assert (row["until"], row["planned"]) == ("2025-01-20T18:00:00+08:00", "true")
    assert row["evidence"].startswith("notice 7; meters, data version 2: supply back")
    for language, told in (("en", "record their end"), ("zh", "请补记结束")):
        assert run(["outages", *town, "--lang", language, "-c", str(config)]) == OK
        assert told in " ".join(capsys.readouterr().out.split())
    decide(out)
    reason = ("--reason", "supply was back, says the dispatcher")
    report = answer(config, capsys, "registry", "import", str(out), *reason)
    assert report["counts"]["outages"]["changed"] == 1
    assert answer(config, capsys, "outages", *town)["to_close"] == []
    assert answer(config, capsys, "outages", *town)["outages"][0]["recorded"] == "recorded"


def test_a_record_without_end_is_left_alone_while_the_meters_show_no_supply(
    config: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    change_record(config, until=None)
    during = (
        *JANUARY[:2],
        "--since",
        "2025-01-19",
        "--until",
        "2025-01-20T18:30",
    )  # back, but not held yet
    assert answer(config, capsys, "outages", *during)["to_close"] == []
    change_record(config, since=local(18))  # the stop that the meters show is another one
    assert answer(config, capsys, "outages", *JANUARY)["to_close"] == []
    change_record(config, since=local(20), place_id=2)  # of both stations of the source
    [asked] = answer(config, capsys, "outages", *JANUARY)["to_close"]
    assert (asked["place"], asked["stations"]) == ("S1", 1)
