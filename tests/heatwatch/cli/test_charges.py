"""Charges of metered households: each price for its own time, unknown heat never billed, proposals to import."""

import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from heatwatch.cli.app import run
from tests.heatwatch.metered_city import BELGRADE, SERIES, at, made

OVER = datetime(2025, 5, 1, tzinfo=BELGRADE)
CONTRACTS = """household,season,tariff,season_fee,currency,standing_consent
H1,2024-25,,900.00,CNY,true
H2,2024-25,,900.00,CNY,false
"""
TERMS = """household,season,agreed,basic_fee,bands,document,use,heat_price,since
H1,2024-25,,300.00,,,residential,0.25,
H2,2024-25,,300.00,,,residential,0.25,
"""


def hourly(each: int, *, until: str = "2025-04-30") -> dict[datetime, int | None]:
    begin = at("2024-10-14")
    hours = round((at(until).timestamp() - begin.timestamp()) / 3600)
    return {
        datetime.fromtimestamp(begin.timestamp() + 3600 * h, tz=BELGRADE): each * h
        for h in range(hours + 1)
    }


def city(
    folder: Path, registers: dict[str, dict[datetime, int | None]], terms: str = TERMS,
    now: datetime = OVER,
) -> Path:  # fmt: skip
    path = made(folder, registers, SERIES, now=now)
    files = folder / "contracts"
    files.mkdir()
    (files / "contracts.csv").write_text(CONTRACTS, encoding="utf-8")
    (files / "contract_terms.csv").write_text(terms, encoding="utf-8")
    assert run(["registry", "import", str(files), "--by", "li", "-c", str(path)]) == 0
    return path


def answer(path: Path, capsys: pytest.CaptureFixture[str], *words: str) -> dict[str, Any]:
    capsys.readouterr()
    assert run(["charges", "--season", "2024-25", *words, "--json", "-c", str(path)]) == 0
    rows = json.loads(capsys.readouterr().out)["households"]
    return {row["household"]: row for row in rows}


#: The season has 183 days, of which one has 25 hours and one 23.
HOURS = 183 * 24


def test_a_season_is_its_basic_fee_and_what_the_meter_counted(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = city(tmp_path, {"m1": hourly(1_001), "m2": hourly(500, until="2025-02-01")})
    out = tmp_path / "found" / "contracts.csv"
    rows = answer(path, capsys, "--out", str(out))
    assert rows["H1"]["heat_wh"] == HOURS * 1_001
    assert rows["H1"]["metered_charge"] == "1099.10"  # 4,396.392 kWh at 0.25
    assert (rows["H1"]["total"], rows["H1"]["state"]) == ("1399.10", "measured")
    assert (rows["H2"]["total"], rows["H2"]["state"]) == (None, "unknown")
    assert run(["charges", "--season", "2024-25", "-c", str(path)]) == 0
    lines = {
        each.split("│")[1].strip(): each
        for each in capsys.readouterr().out.splitlines()
        if each.startswith("│")
    }
    assert ("≥" in lines["H1"], lines["H2"].count("≥")) == (False, 2)
    assert out.read_text(encoding="utf-8-sig").splitlines()[1:] == ["H1,2024-25,,1399.10,CNY,true"]


def test_a_proposal_counts_once_a_person_has_brought_it_in_with_a_reason(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = city(tmp_path, {"m1": hourly(1_001)})
    out = tmp_path / "found" / "contracts.csv"
    answer(path, capsys, "--out", str(out))
    assert answer(path, capsys)["H1"]["on_record"] == "900.00"
    words = ["registry", "import", str(out.parent), "--by", "li", "-c", str(path)]
    assert run(words) == 3  # changes a fee, and says no reason
    assert run([*words, "--reason", "charges of the season, checked"]) == 0
    assert answer(path, capsys)["H1"]["on_record"] == "1399.10"
    assert run(["charges", "--season", "2024-25", "--out", str(out), "-c", str(path)]) == 2
    assert "is there already" in capsys.readouterr().err


def test_a_price_that_changes_is_charged_for_its_own_time_and_not_proposed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    later = TERMS + "H1,2024-25,,300.00,,,residential,0.5,2025-02-01T00:00:00+01:00\n"
    rows = answer(city(tmp_path, {"m1": hourly(1_000)}, later), capsys)
    first, second = rows["H1"]["parts"]
    assert (first["heat_wh"] + second["heat_wh"], first["state"]) == (HOURS * 1_000, "measured")
    assert [first["heat_price"], second["heat_price"]] == ["0.25", "0.5"]
    assert float(second["charge"]) == pytest.approx(second["heat_wh"] / 1000 * 0.5)
    assert not rows["H1"]["proposed"]


def test_a_season_that_runs_is_charged_so_far_and_not_proposed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    now = at("2025-01-01T00:10")
    rows = answer(city(tmp_path, {"m1": hourly(1_000, until="2025-01-01")}, now=now), capsys)
    days = (now - at("2024-10-15")) // timedelta(days=1)
    assert rows["H1"]["heat_wh"] == (days * 24 + 1) * 1_000  # one hour more, as winter time begins
    assert not rows["H1"]["proposed"]


def test_the_table_says_what_is_known_and_that_it_is_a_proposal(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = city(tmp_path, {"m1": hourly(1_001)})
    capsys.readouterr()
    assert run(["charges", "--season", "2024-25", "--lang", "zh", "-c", str(path)]) == 0
    said = capsys.readouterr().out
    assert "1,399.10 元" in said
    assert "拟" in said
