"""What is changed behind the books' back is named by the change that wrote it, approved or not."""

import re
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import Engine, select, text, update

from analytics.ledger.change_faults import change_faults
from analytics.ledger.damage import Damage
from analytics.ledger.entries import approve
from analytics.ledger.sealed import seal_faults
from domain.actor import user
from domain.errors import WrongCall
from heatwatch.evaluate.forge import seals_anew
from heatwatch.services.settling import draft
from store.books import facts
from store.books.seals import SEALS
from tests.actors import at
from tests.analytics.books import NOW, add, drafted, local
from tests.tiny import NOW as TINY_NOW
from tests.two_companies import SECOND_SEASON, both


def said(books: Engine) -> list[str]:
    found = [*change_faults(books)]
    assert {each.damage for each in found} <= {Damage.EVIDENCE}
    return [str(each.why) for each in found]


@pytest.fixture
def later(books: Engine) -> Engine:
    """An approval, and behind it a measurement and an objection that none has seen."""
    approve(books, drafted(books), at(NOW))
    add(
        books,
        facts.MeasurementRecord(
            room_id=21, at=local(11, 9), celsius=Decimal("15.1"), signed_by="Li; Wu"
        ),
        facts.Objection(household_id=11, at=NOW, run=1, text="it was colder", state="open"),
    )
    assert said(books) == []
    return books


#: Statement -> what is said of the table.
BEHIND = {
    "UPDATE measurement_record SET celsius = '13'": "table measurement_record: rows that it wrote were changed",
    "DELETE FROM measurement_record": "table measurement_record: of the rows that it wrote, 1 is gone",
    "UPDATE objection SET text = 'never mind'": "table objection: rows that it wrote were changed",
    "UPDATE objection SET household_id = 12": "table objection: rows that it wrote were changed",
    "DELETE FROM objection": "table objection: of the rows that it wrote, 1 is gone",
    "UPDATE objection SET ended_id = 2": "table objection: the rows that it ended are not those",
    "UPDATE change_record SET actor = 'user:Wu' WHERE id = 2": "table change_record: rows that it wrote",
    "UPDATE change_record SET at = '2020-01-01 00:00:00' WHERE id = 2": "table change_record: rows that it",
    'INSERT INTO request (household_id, at, "by", change_id, source) '
    "VALUES (13, '2025-01-09 00:00:00', '', 2, '')": "table request: 1 row says that it wrote it",
    "UPDATE request SET at = '2025-01-13 00:00:00' WHERE id = 1": "table request: rows that it wrote",
    "UPDATE place SET area_m2 = '10' WHERE id = 12": "table place: rows that it wrote were changed",
}  # fmt: skip


@pytest.mark.parametrize("statement", BEHIND)
def test_what_no_approval_has_seen_is_named_by_the_change_that_wrote_it(
    later: Engine, statement: str
) -> None:
    with later.begin() as link:
        link.execute(text(statement))
    assert any(BEHIND[statement] in each for each in said(later)), said(later)
    assert re.match(r"change \d+ \(test, 20\d\d-\d\d-\d\d \d\d:\d\d:\d\dZ, user:", said(later)[0])


def test_before_a_first_approval_evidence_is_held_as_well(books: Engine) -> None:
    assert said(books) == []
    with books.begin() as link:
        link.execute(text("UPDATE contract SET season_fee = '1.00' WHERE id = 2"))
    (why,) = said(books)
    assert "table contract: rows that it wrote were changed" in why


@pytest.mark.parametrize(
    ("statement", "why"),
    [
        ("DELETE FROM change_seal WHERE number = 1", "the seal number 1 of the recorded changes is gone"),
        ("DELETE FROM change_seal", "the seals of the recorded changes are gone"),
        ("UPDATE change_seal SET tables = '{}' WHERE number = 2", "number 2 of the recorded changes was changed"),
        ("UPDATE change_seal SET change_id = 9 WHERE number = 2", "number 2 of the recorded changes was changed"),
        ("UPDATE change_seal SET change_id = 9 WHERE number = 0", "number 0 of the recorded changes was changed"),
        ("DELETE FROM change_seal WHERE number = 2", "change 2 (test, 2025-01-01 00:00:00Z, user:tester) has no seal"),
    ],
)  # fmt: skip
def test_a_chain_that_does_not_hold_is_named(later: Engine, statement: str, why: str) -> None:
    with later.begin() as link:
        link.execute(text("PRAGMA foreign_keys = OFF"))
        link.execute(text(statement))
    assert any(why in each for each in said(later)), said(later)


def test_seals_written_anew_show_in_the_approval_that_saw_them(later: Engine) -> None:
    """Behind the newest approval they show in nothing: whoever can write all of the books can write that."""
    with later.begin() as link:
        link.execute(text("UPDATE request SET at = '2025-01-13 00:00:00' WHERE id = 1"))
        seals_anew(link)
    (why,) = said(later)
    assert "which run 1 was approved with, are gone or were written anew" in why
    assert len([*seal_faults(later)]) == 1


def test_seals_of_changes_that_no_approval_saw_can_be_written_anew(later: Engine) -> None:
    """What the pages say of it: until the next approval a copy of the books is the only witness."""
    with later.begin() as link:
        link.execute(text("UPDATE measurement_record SET celsius = '13'"))
        seals_anew(link, behind=1)
    assert said(later) == []


def test_books_from_before_seals_say_nothing_of_their_old_changes(books: Engine) -> None:
    """As the migration leaves them: the chain begins behind them."""
    with books.begin() as link:
        last = link.scalar(text("SELECT max(id) FROM change_record"))
        link.execute(text("DELETE FROM change_seal WHERE number > 0"))
        link.execute(update(SEALS).values(change_id=last))
        seals_anew(link)
        link.execute(text("UPDATE contract SET season_fee = '1.00' WHERE id = 2"))
    assert said(books) == []
    add(books, facts.Request(household_id=13, at=local(11)))
    with books.connect() as link:
        assert link.scalar(select(SEALS.c.number).order_by(SEALS.c.number.desc())) == 1
    assert said(books) == []
    with books.begin() as link:
        link.execute(text("DELETE FROM request WHERE household_id = 13"))
    assert "table request: of the rows that it wrote, 1 is gone" in said(books)[0]


def test_on_postgresql_too(on_postgres: Engine) -> None:
    assert said(on_postgres) == []
    with on_postgres.begin() as link:
        link.execute(text("UPDATE contract SET season_fee = '1.00' WHERE id = 2"))
    (why,) = said(on_postgres)
    assert "table contract: rows that it wrote were changed" in why


def test_evidence_that_was_changed_unrecorded_is_approved_with_a_reason_alone(
    later: Engine,
) -> None:
    """A measurement of 15.1 that was made 13 in the books was paid, and sealed as if it had been so."""
    with later.begin() as link:
        link.execute(text("UPDATE measurement_record SET celsius = '13'"))
    run = drafted(later)
    with pytest.raises(
        WrongCall, match="table measurement_record: rows that it wrote were changed"
    ):
        approve(later, run, at(NOW))
    done = approve(later, run, replace(at(NOW), reason="seen with the paper of 11 January"))
    assert not done.already
    assert len(said(later)) == 1  # it stays to be seen
    approve(later, drafted(later), at(NOW))  # and holds up no later approval


def test_only_changes_that_no_approval_has_seen_are_looked_at(later: Engine) -> None:
    with later.begin() as link:
        link.execute(text("UPDATE contract SET season_fee = '1.00' WHERE id = 2"))
    assert [*change_faults(later, 1)] == []
    assert len(said(later)) == 1


def test_another_companys_evidence_holds_up_no_approval_and_its_approval_covers_none(
    tmp_path: Path,
) -> None:
    first, second = 1, 101
    world = both(tmp_path).together
    hour = timedelta(hours=1)
    add(world.books, *(facts.Request(household_id=105, at=TINY_NOW - n * hour) for n in (1, 2)))
    with world.books.begin() as link:  # one that stays says whose the change was
        link.execute(text("DELETE FROM request WHERE id = (SELECT max(id) FROM request)"))
    assert [*change_faults(world.books, first)] == []
    approve(world.books, draft(world, "2025-26", user("tester")).run, at(TINY_NOW, "approver"))
    (fault,) = change_faults(world.books, second)
    assert "table request: of the rows that it wrote, 1 is gone" in str(fault.why)
    run = draft(world, SECOND_SEASON, user("tester")).run
    with pytest.raises(WrongCall, match="table request: of the rows that it wrote, 1 is gone"):
        approve(world.books, run, at(TINY_NOW, "approver"))
