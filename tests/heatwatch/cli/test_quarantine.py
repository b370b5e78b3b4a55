"""Refused messages at the terminal: listed by what became of them, dismissed by name and with a reason."""

from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pytest

from heatwatch.cli.app import run
from store.journal.journal import Journal
from store.journal.refused_message import RefusedMessage
from store.journal.schema import READING
from tests.heatwatch.cli.nis_copy import city
from tests.heatwatch.cli.test_readings import answer

__all__ = ["city"]  # fixtures

LI = ("--by", "Li Wei")


@pytest.fixture
def refused(city: Path) -> None:
    at = datetime(2024, 12, 1, 8, tzinfo=UTC)
    messages = [
        RefusedMessage("rooms", f"heatwatch/v1/{device}", b"\x1b[31mnoise", "undecodable", "x", at)
        for device in ("trial", "trial", "37_2")
    ]
    journal = Journal.open("var/journal.sqlite")
    empty = pa.RecordBatch.from_pylist([], schema=READING)
    journal.append(empty, messages=3, now=at, refused=messages)
    journal.close()


@pytest.mark.usefixtures("refused")
def test_what_is_dismissed_is_listed_and_replayed_no_more_and_says_who_and_why(
    capsys: pytest.CaptureFixture[str],
) -> None:
    call = ("readings", "dismiss", "--device", "trial", "--why", "the installer's trial", *LI)
    assert answer(capsys, *call) == {"dismissed": 2}
    assert answer(capsys, *call) == {"dismissed": 0}
    (left,) = answer(capsys, "readings", "refused")["messages"]
    assert left["topic"] == "heatwatch/v1/37_2"
    assert answer(capsys, "readings", "replay", *LI)["messages"] == 1
    listed = answer(capsys, "readings", "refused", "--state", "all")
    assert listed["found"] == {"dismissed": 2, "open": 1}
    told = listed["messages"][0]
    assert (told["by"], told["why"]) == ("user:Li Wei", "the installer's trial")
    assert answer(capsys, "readings", "dismiss", str(left["number"]), "--why", "noise", *LI) == {
        "dismissed": 1
    }


@pytest.mark.usefixtures("refused")
@pytest.mark.parametrize(
    ("call", "told"),
    [
        (["--why", "x"], "name the messages"),
        (["--why", " ", "--topic", "#"], "--why is empty"),
        (["77", "--why", "x"], "no open refused message has the number 77"),
        (["--topic", "a/#/b", "--why", "x"], "--topic 'a/#/b': "),
        (["--reason", "odd", "--why", "x"], "--reason"),
        (["--since", "odd", "--why", "x"], "--since"),
    ],
)
def test_a_wrong_call_dismisses_nothing(
    capsys: pytest.CaptureFixture[str], call: list[str], told: str
) -> None:
    assert run(["readings", "dismiss", *call, *LI]) == 2
    assert told in " ".join(capsys.readouterr().err.split())
    assert answer(capsys, "readings", "refused")["found"] == {"open": 3}


@pytest.mark.usefixtures("refused")
def test_a_table_shows_foreign_control_characters_escaped(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert run(["readings", "refused", "--state", "all"]) == 0
    assert "\x1b[31m" not in capsys.readouterr().out
