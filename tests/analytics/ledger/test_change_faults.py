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
    "UPDATE change_record SET at = '2020-01-01 00:00:00.000000' WHERE id = 2": "table change_record: rows that it",
    'INSERT INTO request (household_id, at, "by", change_id, source) '
    "VALUES (13, '2025-01-09 00:00:00.000000', '', 2, '')": "table request: 1 row says that it wrote it",
    "UPDATE request SET at = '2025-01-13 00:00:00.000000' WHERE id = 1": "table request: rows that it wrote",
    "UPDATE place SET area_m2 = '10' WHERE id = 12": "table place: rows that it wrote were changed",
}  # fmt: skip


@pytest.mark.parametrize("statement", BEHIND)
def test_what_no_approval_has_seen_is_named_by_the_change_that_wrote_it(
    later: Engine, statement: str
) -> None:
    with later.begin() as link:
        link.execute(text(statement))
    assert any(BEHIND[statement] in each for each in said(later)), said(later)
    by_change = [each for each in said(later) if each.startswith("change ")]
    assert re.match(r"change \d+ \(test, 20\d\d-\d\d-\d\d \d\d:\d\d:\d\dZ, user:", by_change[0])


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
        link.execute(text("UPDATE request SET at = '2025-01-13 00:00:00.000000' WHERE id = 1"))
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


RECORD = "INSERT INTO change_record (id, actor, at, action, reason, files, details) VALUES "
REQUEST = 'INSERT INTO request (household_id, at, "by", change_id, source) VALUES '


@pytest.mark.parametrize("number", [0, -1])
@pytest.mark.parametrize("fresh", [True, False], ids=["unapproved", "approved"])
def test_rows_of_a_number_below_the_first_are_named(
    books: Engine, number: int, fresh: bool
) -> None:
    """They were never looked at, and an approval sealed them for good."""
    if not fresh:
        approve(books, drafted(books), at(NOW))
    with books.begin() as link:
        link.execute(
            text(
                f"{RECORD}({number}, 'user:Wang', '2024-11-01 00:00:00.000000', 'x', '', '[]', '{{}}')"
            )
        )
        link.execute(text(f"{REQUEST}(13, '2025-01-09 00:00:00.000000', '', {number}, '')"))
    found = said(books)
    assert f"change {number} (x, 2024-11-01 00:00:00Z, user:Wang) has no seal" in found
    assert "1 row of table request names a recorded change that there can't be" in found
    again = drafted(books)
    with pytest.raises(WrongCall, match="no recorded change says so"):
        approve(books, again, at(NOW + timedelta(days=1)))


def test_what_a_record_says_it_did_stays(later: Engine) -> None:
    """The history leaves out what kept nothing: an import was hidden so, with who made it and why."""
    with later.begin() as link:
        link.execute(
            text("""UPDATE change_record SET details = '{"kept_nothing": true}' WHERE id = 2""")
        )
    assert any(
        "table change_record: rows that it wrote were changed" in each for each in said(later)
    )


def test_a_trigger_is_named_before_anything_is_approved(books: Engine) -> None:
    """It wrote another temperature than was recorded, and the seal took that."""
    run = drafted(books)
    with books.begin() as link:
        link.execute(
            text(
                "CREATE TRIGGER warm AFTER INSERT ON measurement_record BEGIN "
                "UPDATE measurement_record SET celsius = '13.0' WHERE id = NEW.id; END"
            )
        )
    (told,) = said(books)
    assert "a trigger that is not heatwatch's: warm, on table measurement_record" in told
    with pytest.raises(WrongCall, match="a trigger that is not heatwatch's"):
        approve(books, run, at(NOW))


def test_a_rule_and_a_trigger_of_postgresql_are_named(on_postgres: Engine) -> None:
    with on_postgres.begin() as link:
        link.execute(text("CREATE RULE deaf AS ON INSERT TO objection DO INSTEAD NOTHING"))
        link.execute(
            text(
                "CREATE FUNCTION other() RETURNS trigger AS 'BEGIN RETURN NULL; END' LANGUAGE plpgsql"
            )
        )
        link.execute(
            text(
                "CREATE TRIGGER gone BEFORE INSERT ON request FOR EACH ROW EXECUTE FUNCTION other()"
            )
        )
    found = said(on_postgres)
    assert any(
        "a rule of the database that is not heatwatch's: deaf, on table objection" in each
        for each in found
    )
    assert any(
        "a trigger that is not heatwatch's: gone, on table request" in each for each in found
    )


def test_the_newest_change_taken_out_as_a_whole_is_named_where_numbers_are_counted(
    books: Engine,
) -> None:
    drafted(books)
    add(books, facts.Objection(household_id=11, at=NOW, run=1, text="cold", state="open"))
    with books.begin() as link:
        newest = link.execute(text("SELECT max(id) FROM change_record")).scalar_one()
        for table, column in [
            ("objection", "change_id"),
            ("change_seal", "change_id"),
            ("change_record", "id"),
        ]:
            link.execute(text(f"DELETE FROM {table} WHERE {column} = {newest}"))
    (told,) = said(books)
    assert f"table change_record: its last row has the number {newest - 1}" in told
    assert f"numbers up to {newest} were given" in told


@pytest.mark.parametrize(
    "statement",
    [
        'INSERT INTO request (household_id, at, "by", change_id, source) '
        "VALUES (13, '2025-01-09 00:00:00.000000', '', 1, '')",
        "UPDATE place SET code = 'H9' WHERE code = 'H3'",
        "DELETE FROM request",
    ],
    ids=["added", "changed", "gone"],
)
def test_what_an_approval_saw_otherwise_is_asked_about_at_the_next(
    books: Engine, statement: str
) -> None:
    """Under the number of a change of before it was looked at by nothing, and paid."""
    approve(books, drafted(books), at(NOW))
    with books.begin() as link:
        link.execute(text(statement))
    run, later = drafted(books), at(NOW + timedelta(days=1))
    with pytest.raises(WrongCall, match="and no recorded change says so"):
        approve(books, run, later)
    approve(books, run, replace(later, reason="seen"))
    approve(books, drafted(books), at(NOW + timedelta(days=2)))  # it was accepted
