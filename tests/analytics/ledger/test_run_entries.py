"""Entries changed with the hashes made anew: each is held against what its run posts."""

from collections.abc import Callable
from decimal import Decimal

import pytest
from sqlalchemy import Engine, select, text
from sqlalchemy.orm import Session

from analytics.ledger import run_entries
from analytics.ledger.damage import Damage
from analytics.ledger.entries import approve
from analytics.ledger.verify import Broken, verify
from heatwatch.evaluate.forge import chained_anew
from store.books import registry as reg
from store.books.changes import RegistryEdit
from store.books.ledger import LedgerEntry, SettlementRun
from tests.actors import at, changing
from tests.analytics.books import NOW, add, colder_record, drafted
from tests.plans import plans_of

Tamper = Callable[[dict[int, LedgerEntry]], object]


def forged(books: Engine, tamper: Tamper) -> Broken:
    """Two runs are approved, entries changed by number, and all hashes made anew."""
    approve(books, drafted(books), at(NOW))
    add(books, colder_record())
    approve(books, drafted(books), at(NOW))
    assert verify(books) is None
    with Session(books) as session, session.begin():
        tamper({each.number: each for each in session.scalars(select(LedgerEntry))})
        session.flush()
        chained_anew(session)
    broken = verify(books)
    assert broken is not None
    return broken


def _move_money(entries: dict[int, LedgerEntry]) -> None:
    entries[1].amount += Decimal(10)
    entries[2].amount -= Decimal(10)


def _move_money_and_say_so(entries: dict[int, LedgerEntry]) -> None:
    _move_money(entries)
    entries[1].body = {**entries[1].body, "total": "60.00"}
    entries[2].body = {**entries[2].body, "total": "90.00"}


def _exchange_amounts_bodies(entries: dict[int, LedgerEntry]) -> None:
    entries[1].body, entries[2].body = entries[2].body, entries[1].body
    entries[1].amount, entries[2].amount = entries[2].amount, entries[1].amount


def _exchange_households(entries: dict[int, LedgerEntry]) -> None:
    one, other = entries[2], entries[3]
    one.household_id, other.household_id = other.household_id, one.household_id


def _exchange_names(entries: dict[int, LedgerEntry]) -> None:
    one, other = entries[2].body, entries[3].body
    entries[2].body = {**one, "household": other["household"], "name": other["name"]}
    entries[3].body = {**other, "household": one["household"], "name": one["name"]}


def _a_line(entries: dict[int, LedgerEntry]) -> None:
    body = entries[3].body
    lines = [{**body["lines"][0], "clause": "art. 1"}, *body["lines"][1:]]
    entries[3].body = {**body, "lines": lines}


def _the_differences(entries: dict[int, LedgerEntry]) -> None:
    entries[6].body = {**entries[6].body, "differences": []}


def _the_day_of_payment(entries: dict[int, LedgerEntry]) -> None:
    assert entries[5].body["due"] == {
        "day": "2025-05-15",
        "clause": "art. 21 ¶2",
        "published": True,
    }
    entries[5].body = {**entries[5].body, "due": {**entries[5].body["due"], "day": "2026-05-15"}}


def _no_day_of_payment(entries: dict[int, LedgerEntry]) -> None:
    entries[5].body = {name: value for name, value in entries[5].body.items() if name != "due"}


@pytest.mark.parametrize(
    ("tamper", "number", "damage", "why"),
    [
        (_move_money, 1, Damage.POSTING, "household H1, its amount is 60.00, run 1 posts 50.00"),
        (_move_money_and_say_so, 1, Damage.POSTING, "its amount is 60.00, run 1 posts 50.00"),
        (_exchange_amounts_bodies, 1, Damage.POSTING, "its amount is 100.00, run 1 posts 50.00"),
        (_exchange_households, 3, Damage.POSTING, "household H3, its amount is 15.00, run 1 posts"),
        (_exchange_names, 2, Damage.HOUSEHOLD, "household H3, which the registry calls H2"),
        (_a_line, 3, Damage.POSTING, "household H3, its lines are not those that run 1 posts"),
        (_the_differences, 6, Damage.POSTING, "its differences are not those that run 2 posts"),
        (_the_day_of_payment, 5, Damage.RUN, "are paid by 2026-05-15, the act says 2025-05-15"),
        (_no_day_of_payment, 5, Damage.RUN, "are paid by -, the act says 2025-05-15"),
    ],
)
def test_an_entry_that_is_not_what_its_run_posts_is_named_though_all_hashes_fit(
    books: Engine, tamper: Tamper, number: int, damage: Damage, why: str
) -> None:
    broken = forged(books, tamper)
    assert (broken.number, broken.damage) == (number, damage)
    assert why in str(broken.why)


def test_an_entry_taken_out_is_named_with_what_its_run_posts(books: Engine) -> None:
    approve(books, drafted(books), at(NOW))
    with Session(books) as session, session.begin():
        # Its amount goes to another, and the approval is made to say what is there now.
        session.execute(text("DELETE FROM ledger_entry WHERE number = 3"))
        first, approval = (
            session.scalars(select(LedgerEntry).where(LedgerEntry.number == n)).one()
            for n in (1, 5)
        )
        first.amount += Decimal(15)
        wrote = {"count": 3, "added": "180.00"}
        approval.body = {**approval.body, "entries": wrote}
        session.flush()
        chained_anew(session)
    broken = verify(books)
    assert broken is not None
    assert (broken.damage, broken.number) == (Damage.POSTING, 1)


@pytest.mark.parametrize("column", ["name", "code"])
def test_two_households_exchanged_in_the_registry_are_named(books: Engine, column: str) -> None:
    approve(books, drafted(books), at(NOW))
    with books.begin() as link:
        for step in ("'x' WHERE id = 12", "'H2' WHERE id = 13", "'H3' WHERE id = 12"):
            link.execute(text(f"UPDATE place SET {column} = {step}"))
    broken = verify(books)
    assert broken is not None
    assert broken.damage is Damage.HOUSEHOLD
    assert "H2" in str(broken.why)
    assert "H3" in str(broken.why)


def test_a_household_renamed_by_a_recorded_change_holds(books: Engine) -> None:
    approve(books, drafted(books), at(NOW))
    with changing(books) as session:
        place = session.get_one(reg.Place, 12)
        place.name = "5-2"
        session.flush()
        session.add(
            RegistryEdit(
                change_id=place.change_id, kind="places", key="H2", column="name", before="H2",
                after="5-2",
            )
        )  # fmt: skip
    assert verify(books) is None


def test_a_household_that_is_gone_from_the_registry_is_named(books: Engine) -> None:
    approve(books, drafted(books), at(NOW))
    with books.connect() as link:
        held = link.connection.driver_connection
        assert held is not None
        held.execute("PRAGMA foreign_keys = OFF")
        link.execute(text("DELETE FROM place WHERE id = 12"))
        link.commit()
        held.execute("PRAGMA foreign_keys = ON")
    broken = verify(books)
    assert broken is not None
    assert broken.damage is Damage.HOUSEHOLD
    assert "household H2 is not in the registry" in str(broken.why)


def test_a_runs_entries_are_read_page_by_page_on_an_index(books: Engine) -> None:
    approve(books, drafted(books), at(NOW))
    with Session(books) as session:
        run = session.scalars(select(SettlementRun)).one()
        with plans_of(session) as plans:
            assert len([*run_entries._entries(session, run)]) == 4
    (plan,) = plans
    assert "run_id=? AND household_id>?" in plan
