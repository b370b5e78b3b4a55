"""`settle payments` killed in the middle: all or nothing, and the next call goes on."""

import subprocess
import sys

import pytest

from heatwatch.cli.app import run
from heatwatch.wiring import open_world
from tests.analytics.books import add, colder_record
from tests.heatwatch.cli.settled_town import OK, config
from tests.heatwatch.cli.test_settle_payments import (
    OF_SEASON,
    Desk,
    approved,
    desk,
    paid,
    rejected,
)
from tests.servers.programs import ROOT

__all__ = ["approved", "config", "desk"]  # fixtures

KILLED = """
import os, sys
from analytics.ledger import paying
from heatwatch.cli.app import run
real = paying.insert
def insert(table):
    if sys.argv[1] == "before":
        os._exit(9)
    made = real(table)
    return made
paying.insert = insert
from heatwatch.services import paying as service
if sys.argv[1] == "after":
    service.write_whole = lambda *_: os._exit(9)
sys.exit(run(sys.argv[2:]))
"""


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_kill_leaves_a_whole_batch_or_none_and_the_next_call_goes_on(
    desk: Desk, when: str
) -> None:
    words = ("settle", "payments", "export", *OF_SEASON, "--out", str(desk.out))
    done = subprocess.run(
        [sys.executable, "-c", KILLED, when, *words, "--config", str(desk.config)],
        cwd=ROOT, check=False, capture_output=True,
    )  # fmt: skip
    assert done.returncode == 9, done.stderr
    there = [each.kind for each in desk.entries()].count("payment")
    assert there == {"before": 0, "after": 4}[when]
    assert list(desk.out.glob("*")) == []
    told = desk.export()
    assert (told["batch"], told["rows"], told["already"]) == (1, 4, when == "after")
    assert len(desk.rows()) == 4
    assert desk.holds()


KILLED_ANSWERS = """
import os, sys
from analytics.ledger import answers
from heatwatch.cli.app import run
real = answers.write
def write(*given):
    real(*given)  # written, and not committed
    os._exit(9)
answers.write = write
sys.exit(run(sys.argv[1:]))
"""


def test_a_kill_in_the_middle_of_the_banks_answers_leaves_none_of_them(desk: Desk) -> None:
    desk.export()
    one, two, *_ = desk.rows()
    before, path = len(desk.entries()), desk.returns(paid(one), rejected(two))
    words = ("settle", "payments", "import-returns", path, "--config", str(desk.config))
    done = subprocess.run(
        [sys.executable, "-c", KILLED_ANSWERS, *words], cwd=ROOT, check=False, capture_output=True
    )
    assert done.returncode == 9, done.stderr
    assert len(desk.entries()) == before
    told = desk.answers(paid(one), rejected(two))
    assert (told["paid"], told["rejected"], told["already"]) == (1, 1, 0)
    assert desk.holds()


def test_a_batch_whose_file_a_crash_kept_from_being_written_is_named(desk: Desk) -> None:
    """The next export has something new to pay, and is another batch: nobody would look for the first."""
    desk.export()
    (desk.out / "payments-1.csv").unlink()
    add(open_world(desk.config).books, colder_record())
    for step in ("draft", "approve"):
        desk.call(step, *OF_SEASON)
    words = ["settle", "payments", "export", *OF_SEASON, "--out", str(desk.out)]
    assert run([*words, "--lang", "en", "--config", str(desk.config)]) == OK
    said = " ".join(desk.capsys.readouterr().err.split())
    assert "batch 1 has no answer of the bank; if its file was not sent: --batch 1" in said
    assert desk.export("--batch", "1")["unanswered"] == [2]
    desk.answers(paid(desk.rows()[0]))
    assert desk.export("--batch", "2")["unanswered"] == [], "the bank has the first one"
