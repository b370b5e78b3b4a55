"""`heatwatch policy`: the law as data."""

import json
from pathlib import Path

import pytest

from heatwatch.cli.app import run
from tests.analytics.law.test_policy import at_20_degrees
from tests.heatwatch.cli.settled_town import ANSWER_IS_NO, OK


def test_policies_are_listed_shown_and_checked(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    right, wrong = tmp_path / "right.toml", tmp_path / "wrong.toml"
    right.write_text(at_20_degrees(), encoding="utf-8")
    wrong.write_text(at_20_degrees().replace('op = ">="', 'op = "about"'), encoding="utf-8")
    assert run(["policy", "list", "--json"]) == OK
    ids = [each["id"] for each in json.loads(capsys.readouterr().out)["policies"]]
    assert {"CN-HA-2018", "CN-SD-LINYI-2017"} <= set(ids)
    assert run(["policy", "show", "CN-SD-LINYI-2017", "--lang", "zh"]) == OK
    in_chinese = capsys.readouterr().out
    assert "临沂市供热条例" in in_chinese
    assert "项目" in in_chinese
    assert run(["policy", "show", "CN-HA-2018"]) == OK
    told = [" ".join(line.split("│")[1:3]).split() for line in capsys.readouterr().out.splitlines()]
    for deadline in (
        "measurement within 12 h",
        "outages to be announced from 8 h",
        "complaint answered within the same day, otherwise 2 days",
        "authority answers within 7 days",
        "settled after the season within 2 months",
    ):
        assert deadline.split() in told
    assert run(["policy", "check", str(right)]) == OK
    assert run(["policy", "check", str(right), str(wrong), "--lang", "en"]) == ANSWER_IS_NO
    said = capsys.readouterr()
    assert (said.out + said.err).count("day_band.gate.op") == 1
    assert "wrong.toml: day_band.gate.op" in said.err
    assert "2 faults" in said.out
    assert run(["policy", "check", str(wrong), "--json"]) == ANSWER_IS_NO
    said = capsys.readouterr()
    assert (said.out + said.err).count("day_band.gate.op") == 1


def test_a_policys_cases_are_run_and_one_that_comes_out_otherwise_is_named(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    own = tmp_path / "my-city.toml"
    own.write_text(at_20_degrees(), encoding="utf-8")
    case = """
facts: {season: [2024-11-15 00:00, 2025-03-16 00:00], season_fee: 2420.00, interval_min: 30}
cases:
- name: thirty hours
  says: {zh: 停热三十小时, en: Thirty hours without heat}
  clause: art. 25
  facts: {rooms: {bedroom: []}, outages: [[2025-01-10 06:00, 2025-01-11 12:00]]}
  owed: 25.00
"""
    beside = tmp_path / "my-city.cases.yaml"
    beside.write_text(case, encoding="utf-8")
    assert run(["policy", "check", str(own), "--json"]) == OK
    (answer,) = json.loads(capsys.readouterr().out)["files"]
    assert (answer["cases"], answer["says"]) == (1, "CN-HA-2018-at-20")
    beside.write_text(case.replace("25.00", "24.00"), encoding="utf-8")
    assert run(["policy", "check", str(own), "--lang", "en"]) == ANSWER_IS_NO
    assert (
        "CN-HA-2018-at-20: case 'thirty hours': owed: 24.00 stands there, it comes to 25.00"
        in capsys.readouterr().err
    )
    assert run(["policy", "check", "CN-NM-ORDOS", "--json"]) == OK
    assert json.loads(capsys.readouterr().out)["files"][0]["cases"] > 10
