"""A named person confirms or rejects what the meters proposed."""

import json
from pathlib import Path

import pytest

from heatwatch.cli.app import run
from tests.heatwatch.cli.test_outages import (
    JANUARY,
    OK,
    WRONG_CALL,
    answer,
    config,
    made,
    paid,
)

__all__ = ["config", "made"]  # fixtures

PROPOSAL = "S1-01@20250124T160000Z+64800"


def test_confirming_is_an_act_of_a_named_person_and_pays_from_then_on(
    config: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert paid(config, capsys, "H1") == "0.00"
    done = answer(config, capsys, "evidence", "confirm", PROPOSAL, "--as", "Li Wei")
    assert (done["decision"], done["actor"]) == ("confirmed", "user:Li Wei")
    assert paid(config, capsys, "H1") == "15.00"
    history = ["evidence", "list", "S1-01", "--kind", "outages", "-c", str(config), "--json"]
    capsys.readouterr()
    assert run(history) == OK
    sources = [each["source"] for each in json.loads(capsys.readouterr().out)]
    assert "heatwatch evidence confirm" in sources, "not a row of a file that nobody has"
    assert answer(config, capsys, "outages", *JANUARY, "--unrecorded")["outages"] == []
    assert run(["evidence", "reject", PROPOSAL, "--lang", "en", "-c", str(config)]) == WRONG_CALL
    said = " ".join(capsys.readouterr().err.split())
    assert f"{PROPOSAL} was confirmed by Li Wei on " in said
    assert "heatwatch evidence withdraw outages S1-01 2025-01-25T00:00" in said


def test_a_rejected_one_is_not_there_to_be_confirmed(
    config: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    call = ["evidence", "reject", PROPOSAL, "--as", "Li Wei", "--lang", "en", "-c", str(config)]
    assert run(call) == WRONG_CALL
    assert "needs --reason" in capsys.readouterr().err
    assert run([*call, "--reason", "a valve test"]) == OK
    assert "was no outage, says Li Wei" in " ".join(capsys.readouterr().out.split())
    assert paid(config, capsys, "H1") == "0.00"
    again = ["evidence", "confirm", PROPOSAL, "--lang", "en", "-c", str(config)]
    assert run(again) == WRONG_CALL
    said = " ".join(capsys.readouterr().err.split())
    assert f"{PROPOSAL} was rejected by Li Wei on " in said, "not that nobody knows it"
    assert paid(config, capsys, "H1") == "0.00"


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ("outage 7", "is no id of a proposed outage"),
        ("S1-01@20250124T160000Z+99", "allowed: S1-01@20250124T160000Z+64800"),
        ("S9@20250124T160000Z+64800", "S1-01"),
        ("S1-01@20250124T160000Z+99999999999999999", "is no id of a proposed outage"),
    ],
    ids=["no-id", "another-length", "no-such-place", "beyond-time"],
)
def test_what_is_no_proposal_now_is_answered_by_those_there_are(
    config: Path, capsys: pytest.CaptureFixture[str], wrong: str, told: str
) -> None:
    assert run(["evidence", "confirm", wrong, "--lang", "en", "-c", str(config)]) == WRONG_CALL
    assert told in capsys.readouterr().err
