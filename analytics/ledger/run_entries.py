"""Whether the entries of an approved run say what the run says: each household's, line by line."""

from collections.abc import Iterator
from itertools import groupby
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from analytics.ledger.damage import Damage, Fault
from analytics.ledger.kept_results import Hashed
from analytics.ledger.kept_season import is_recorded
from analytics.ledger.payments import KINDS as OF_PAYMENTS
from analytics.ledger.postings import Posting, beside, postings
from domain.language import Text, msg
from store.books.bulk import pages
from store.books.ledger import LedgerEntry, SettlementRun
from store.books.registry import Place

#: What is compared of an entry with what its run posts, in this order, and what people call it.
PARTS = {
    "kind": msg("kind"),
    "amount": msg("amount"),
    "corrects": msg("entry that it corrects"),
    "currency": msg("currency"),
    "season_id": msg("season"),
}
#: The same of its body; other keys are named as they are written.
IN_BODY = {
    "total": msg("total"),
    "undetermined": msg("undetermined"),
    "reason": msg("reason"),
    "lines": msg("lines"),
    "steps_sha256": msg("hash of the steps"),
    "policy": msg("policy"),
    "policy_sha256": msg("hash of the policy"),
    "snapshot_sha256": msg("hash of the snapshot"),
    "flush": msg("data version"),
    "season": msg("season"),
    "before": msg("total before"),
    "differences": msg("differences"),
}


def entries_fault(
    session: Session, run: SettlementRun, approval: int, hashed: Hashed
) -> Fault | None:
    """The first household whose entry is not what the run posts; None: all are.

    `approval` is the number of the run's approval, at which a missing entry is named; `hashed`
    takes the kept results that are read on the way, once this has ended without a fault.
    """
    version = select(LedgerEntry.version).where(LedgerEntry.run_id == run.id)
    first = session.scalar(version.order_by(LedgerEntry.number).limit(1))
    posted = ((each.household, each) for each in postings(session, run, hashed, first or 0))
    for household, entries, expected in beside(_entries(session, run), posted):
        fault = _fault(session, run, household, entries or [], expected, approval)
        if fault is not None:
            return fault
    return None


def _entries(session: Session, run: SettlementRun) -> Iterator[tuple[int, list[LedgerEntry]]]:
    """(household's place id, its entries of the run), by place id."""
    query = select(LedgerEntry).where(
        LedgerEntry.run_id == run.id, LedgerEntry.household_id.is_not(None),
        LedgerEntry.kind.not_in(OF_PAYMENTS),
    )  # fmt: skip
    by = LedgerEntry.household_id, LedgerEntry.number, LedgerEntry.id
    entries = (row[0] for part in pages(session, query, *by) for row in part)
    for household, mine in groupby(entries, key=lambda each: each.household_id):
        assert household is not None  # the query's condition
        yield household, list(mine)


def _fault(
    session: Session, run: SettlementRun, household: int, entries: list[LedgerEntry],
    expected: Posting | None, approval: int,
) -> Fault | None:  # fmt: skip
    if not entries:
        assert expected is not None  # one of both is there
        why = msg(
            "run {run} posts {amount} for household {household}, and no entry says so",
            run=run.id, amount=expected.amount, household=expected.body["household"],
        )  # fmt: skip
        return Fault(Damage.POSTING, why, approval)
    entry = entries[-1]
    code = str(entry.body.get("household", household))
    if len(entries) > 1:
        why = msg("household {household} has two entries of run {run}", household=code, run=run.id)
        return Fault(Damage.POSTING, why, entry.number)
    if expected is None:
        why = msg(
            "run {run} posts nothing for household {household}, the entry adds {amount}",
            run=run.id, household=code, amount=entry.amount,
        )  # fmt: skip
        return Fault(Damage.POSTING, why, entry.number)
    return _differs(session, run, entry, expected, code)


def _differs(
    session: Session, run: SettlementRun, entry: LedgerEntry, expected: Posting, code: str
) -> Fault | None:
    wanted = {
        "kind": expected.kind, "amount": expected.amount, "corrects": expected.corrects,
        "currency": run.currency, "season_id": run.season_id,
    }  # fmt: skip
    for name, value in wanted.items():
        found = getattr(entry, name)
        if found != value:
            why = _said(run, code, PARTS[name], found, value)
            return Fault(Damage.POSTING, why, entry.number)
    if (renamed := _renamed(session, entry, expected)) is not None:
        return Fault(Damage.HOUSEHOLD, renamed, entry.number)
    body, given = expected.body, entry.body
    for name in sorted((body.keys() | given.keys()) - {"household", "name"}):
        if body.get(name) != given.get(name):
            part = IN_BODY.get(name, name)
            why = _said(run, code, part, given.get(name), body.get(name))
            return Fault(Damage.POSTING, why, entry.number)
    return None


def _said(run: SettlementRun, code: str, part: Text | str, found: object, expected: object) -> Text:
    values: dict[str, Any] = {"run": run.id, "household": code, "part": part}
    if isinstance(found, list) or isinstance(expected, list):
        return msg(
            "of household {household}, its {part} are not those that run {run} posts", **values
        )
    return msg(
        "of household {household}, its {part} is {found}, run {run} posts {expected}",
        found="-" if found is None else str(found),
        expected="-" if expected is None else str(expected), **values,
    )  # fmt: skip


def _renamed(session: Session, entry: LedgerEntry, expected: Posting) -> Text | None:
    """Whether the registry calls the household otherwise, without a record of the change."""
    place = session.get(Place, entry.household_id)
    code, name = str(entry.body.get("household", "")), entry.body.get("name")
    if place is None:
        return msg("its household {household} is not in the registry", household=code)
    if place.code != code:
        return msg(
            "it pays household {household}, which the registry calls {found}, and no recorded change says so",
            household=code, found=place.code,
        )  # fmt: skip
    if expected.body.get("name") is None and name is None:
        return None  # from before names were kept
    if name == place.name:
        return None
    if is_recorded(session, "places", code, "name", str(name), place.name):
        return None
    return msg(
        "it pays household {household} by the name {name}, which the registry calls {found}, and no recorded change says so",
        household=code, name=str(name), found=place.name,
    )  # fmt: skip
