"""Who bears a fee is a fact of a run, also by rows of before its season, and where another row cuts it."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import update

from analytics.ledger.ended_facts import ended_facts
from heatwatch.wiring import World
from store.books.registry import Season
from tests.actors import changing
from tests.analytics.ledger.test_ended_facts import WHY, Says, city, drafted

__all__ = ["city"]  # a fixture


@pytest.mark.parametrize(
    ("first", "state", "key"),
    [
        (None, "sold,Zhao", "contracts H1 / 2024-25"),  # the contract's holder
        ("2024-06-01T00:00", "paused,", "fee_spans H1 / 2024-05-31T16:00:00Z"),
        ("2025-01-11T00:00", "arrears,", "fee_spans H1 / 2025-01-10T16:00:00Z"),
    ],
)
def test_who_bore_a_fee_of_which_others_take_days_since_is_named(
    city: tuple[World, Says], tmp_path: Path, first: str | None, state: str, key: str
) -> None:
    """A sale between draft and approval was paid over without a word: 50.00 to the seller for 20.00."""
    world, says = city
    if first:
        fees(says, tmp_path, f"H1,{first},,charged,Wang")
    drafted(says)
    fees(says, tmp_path, f"H1,2025-01-12T00:00,,{state}", *WHY)
    assert [f"{each.kind} {each.key}" for each in ended_facts(world.books, 1)] == [key]


def test_a_fee_row_of_before_the_season_is_of_its_run(
    city: tuple[World, Says], tmp_path: Path
) -> None:
    """Behind a move-out nobody is charged until a row says so, in the season, too."""
    world, says = city
    fees(says, tmp_path, "H1,2024-01-05T00:00,2024-06-01T00:00,charged,Ann")
    drafted(says)
    fees(says, tmp_path, "H1,2024-01-05T00:00,2024-06-01T00:00,moved_out,", *WHY)
    found = ended_facts(world.books, 1)
    assert [each.key for each in found] == ["H1 / 2024-01-04T16:00:00Z"]


def test_a_fact_that_a_correction_brings_into_the_season_is_named(
    city: tuple[World, Says], tmp_path: Path
) -> None:
    """A user's fault of the day before was corrected to last into the season: nobody asked why it stood."""
    world, says = city
    head = "household,since,until,clause,evidence"
    path = tmp_path / "user_faults.csv"
    for until in ("2024-11-14T09:00", "2024-11-20T00:00"):
        row = f"H1,2024-11-14T08:00,{until},art. 35,window"
        path.write_text(f"{head}\n{row}\n", encoding="utf-8")
        says("registry", "import", str(path), *WHY)
        if until < "2024-11-15":
            drafted(says)
    (found,) = ended_facts(world.books, 1)
    assert (found.kind, found.key) == ("user_faults", "H1 / 2024-11-14T00:00:00Z")


def test_a_fact_of_the_seasons_first_half_day_is_named(
    city: tuple[World, Says], tmp_path: Path
) -> None:
    """A season from noon: a user's fault of its first morning is in the run, which takes whole days."""
    world, says = city
    with changing(world.books) as session:
        session.execute(update(Season).values(since=datetime(2024, 11, 15, 4, tzinfo=UTC)))
    head = "household,since,until,clause,evidence"
    path = tmp_path / "user_faults.csv"
    path.write_text(f"{head}\nH1,2024-11-15T08:00,2024-11-15T09:00,art. 35,window\n", "utf-8")
    says("registry", "import", str(path), *WHY)
    drafted(says)
    says("evidence", "withdraw", "user_faults", "H1", "2024-11-15T08:00", *WHY)
    (found,) = ended_facts(world.books, 1)
    assert (found.kind, found.key) == ("user_faults", "H1 / 2024-11-15T00:00:00Z")


def fees(says: Says, folder: Path, row: str, *how: str) -> None:
    path = folder / "fee_spans.csv"
    head = "household,since,until,state,payer,subsidy_percent,subsidy_by,document"
    path.write_text(f"{head}\n{row},,,\n", encoding="utf-8")
    says("registry", "import", str(path), *how)
