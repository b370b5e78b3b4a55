"""Payments into the ledger: the season's next batch, whole or not at all, and never twice."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from sqlalchemy import Engine, func, insert, select
from sqlalchemy.orm import Session

from analytics.law.deadlines import Deadline
from analytics.ledger import beside
from analytics.ledger.entries import chain_end, chained, give_place, hold_ledger
from analytics.ledger.hashes import GENESIS, VERSION, entry_hash
from analytics.ledger.interest import corrected_interest, count_in
from analytics.ledger.payees import ZERO, Held, Payee
from analytics.ledger.payments import (
    BATCH,
    HELD,
    INTEREST,
    LEFT_OUT,
    PAYMENT,
    SAME,
    WAS_SEASON,
    Batch,
    Payments,
    Row,
    reference,
    rows_sha256,
)
from analytics.ledger.renamed import Renamed, renamed
from analytics.ledger.verify import COLUMNS
from domain.actor import By
from domain.errors import WrongCall
from domain.language import msg, plural
from store.books.bulk import pages
from store.books.ledger import APPROVED, LedgerEntry, SettlementRun
from store.books.registry import Season

#: The run of a payment -> by when it was to be made; None: no act says so.
DueOf = Callable[[int], Deadline | None]
#: (reference, household's code, payer) -> hash of the account: the ledger names none.
HashOf = Callable[[str, str, str], str]
#: (household's code, payer) -> whether the batch leaves them to the next one.
LeavesOut = Callable[[str, str], bool]
BEFORE_ALL = -1  # the numbers of entries begin behind it


def any_batch(session: Session, *seasons: int) -> bool:
    """Whether anything of one of these seasons was exported."""
    query = select(LedgerEntry.id).where(
        LedgerEntry.season_id.in_(seasons), LedgerEntry.kind == BATCH
    )
    return session.scalar(query.limit(1)) is not None


def standing_of(session: Session, company: int, upto: int | None = None) -> Payments:
    """A company's payments as its chain has them; WrongCall where the chain does not hold.

    `upto`: the number of its last entry that is taken; None: all.
    """
    found = Payments()
    for chain in (None, company):
        head = GENESIS if chain is None else _end_of_shared(session)
        _take(session, found, chain, BEFORE_ALL, head, None if chain is None else upto)
    found.payees.beside = beside.seasons_beside(session, company)
    return found


def _take(
    session: Session, found: Payments, chain: int | None, after: int, head: str,
    upto: int | None = None,
) -> None:  # fmt: skip
    """What a chain says behind its entry `after`, whose hash is `head`; WrongCall as `standing_of`."""
    own = [LedgerEntry.company_id.is_not_distinct_from(chain), LedgerEntry.number > after]
    if upto is not None:
        own.append(LedgerEntry.number <= upto)
    by = LedgerEntry.number, LedgerEntry.id
    for each in (
        r[0] for part in pages(session, select(LedgerEntry).where(*own), *by) for r in part
    ):
        linked = each.previous_hash == head and each.hash == entry_hash(
            {key: getattr(each, key) for key in COLUMNS}
        )
        if not linked or found.take(each) is not None:
            raise WrongCall(
                msg(
                    "the ledger does not hold at entry {number}: nothing is paid from it; "
                    "see: heatwatch settle verify",
                    number=each.number,
                )
            )
        head = each.hash


def _end_of_shared(session: Session) -> str:
    """The hash that a company's chain goes on from."""
    query = select(LedgerEntry.hash).where(LedgerEntry.company_id.is_(None))
    return session.scalar(query.order_by(LedgerEntry.number.desc()).limit(1)) or GENESIS


def export(
    engine: Engine, season: str, by: By, due_of: DueOf, hash_of: HashOf,
    leaves_out: LeavesOut | None = None,
) -> tuple[Batch, bool]:  # fmt: skip
    """The season's next batch, and whether it had been exported before.

    Where nothing is payable that is the season's last one, as it was. One at a time; the batch and
    its payments are written together, behind an entry for each payer who was paid by another name, and for
    interest that a correction of the refund has made another.
    Whom it `leaves_out` stays payable, and the batch says so. WrongCall where nothing was ever payable,
    no run is approved, or all are left out of the first batch.
    """
    with Session(engine) as session, session.begin():
        one = locked(session, season)
        payments = standing_of(session, one.company_id)
        number, head = end = chain_end(session, one.company_id)
        same = [_same(payments, each, one, by) for each in renamed(session, payments, one.id)]
        same += _interest(payments, one, by)
        if same:
            head = write(session, one.company_id, same, by, end)
            end = number + len(same), head
        every, held = payments.payable(one.id), payments.held(one.id)
        rows = [e for e in every if leaves_out is None or not leaves_out(*e.whose)]
        if not rows:
            return _last(payments, one, len(every), held), True
        batch = _batch(session, one, len(payments.batches) + 1, rows, head, by)
        batch["body"][HELD] = str(held)
        batch["body"] |= beside.told(payments.payees.beside.get(one.id, {}))
        if len(rows) < len(every):
            paid = {each.whose for each in rows}
            batch["body"][LEFT_OUT] = [[*e.whose] for e in every if e.whose not in paid]
        entries = [batch, *_payments(rows, batch, head, due_of, hash_of, by)]
        write(session, one.company_id, entries, by, end)
        _take(session, payments, one.company_id, *end)  # only what was added: the rest was checked
        return payments.batches[batch["body"]["batch"]], False


def _same(payments: Payments, each: Renamed, season: Season, by: By) -> dict[str, Any]:
    """The entry that a payer was paid by another name, which the payments then know."""
    found = payments.decided(SAME, each.payee, each.was)
    assert found is not None  # it is held
    return decision(SAME, payments, found, each.was, season, by, each.runs)


def _interest(payments: Payments, season: Season, by: By) -> list[dict[str, Any]]:
    """Entries of interest that corrections of refunds have made another, which the payments then know."""
    entries = []
    for each in corrected_interest(payments, season.id):
        payment = each.payment
        made = entry_of(INTEREST, season.id, payment.run, payment.currency, by) | {
            "household_id": payment.payee.household, "amount": each.amount, "body": each.body(),
        }  # fmt: skip
        entries.append(made)
    count_in(payments, season.id)
    return entries


def decision(
    kind: str, payments: Payments, held: Held, was: Payee, season: Season, by: By,
    runs: Sequence[int] | None = None,
) -> dict[str, Any]:  # fmt: skip
    """The entry that settles what was held; `runs` whose facts say so, None: it is `by` who does."""
    standing = payments.payees.standing[season.id, held.payee.household]
    body: dict[str, Any] = {
        "season": season.code, "household": standing.code, "payer": held.payee.payer,
        "was": was.payer, "stake": str(held.amount), "reason": by.reason,
        "runs": None if runs is None else list(runs),
    } | beside.told(payments.payees.beside.get(season.id, {}))  # fmt: skip
    if was.season != season.id:
        body[WAS_SEASON] = was.season
    return entry_of(kind, season.id, standing.run, standing.currency, by) | {
        "household_id": held.payee.household, "body": body,
    }  # fmt: skip


def locked(session: Session, season: str) -> Season:
    """The season, once nobody else writes into the ledger."""
    hold_ledger(session)
    return session.scalars(select(Season).where(Season.code == season).with_for_update()).one()


def _last(payments: Payments, season: Season, left_out: int, held: Decimal) -> Batch:
    own = [each for each in payments.batches.values() if each.season == season.id]
    if own:
        return own[-1]
    if left_out:
        raise WrongCall(
            plural(
                "season {season!r}: {n} payment would be left out, and there is no other: nothing is exported",
                "season {season!r}: all {n} payments would be left out: nothing is exported",
                n=left_out, season=season.code,
            )
        )  # fmt: skip
    if held:
        raise WrongCall(
            msg(
                "season {season!r}: nothing is payable, {held} is held; see: heatwatch settle payments list "
                "--season {season}",
                season=season.code, held=held,
            )
        )  # fmt: skip
    raise WrongCall(
        msg(
            "season {season!r}: nothing is payable; a run is paid once it is approved: "
            "heatwatch settle approve --season {season}",
            season=season.code,
        )
    )


def _batch(
    session: Session, season: Season, number: int, rows: list[Row], head: str, by: By
) -> dict[str, Any]:
    of_run = SettlementRun
    run = session.scalar(
        select(func.max(of_run.id)).where(of_run.season_id == season.id, of_run.state == APPROVED)
    )
    body = {
        "season": season.code, "batch": number, "rows": len(rows),
        "total": str(sum((each.amount for each in rows), ZERO)),
        "rows_sha256": rows_sha256(rows, head), "reason": by.reason,
    }  # fmt: skip
    return entry_of(
        BATCH, season.id, run or rows[-1].standing.run, rows[0].standing.currency, by
    ) | {"body": body}


def entry_of(kind: str, season: int, run: int, currency: str, by: By) -> dict[str, Any]:
    return {
        "kind": kind, "household_id": None, "season_id": season, "run_id": run, "amount": ZERO,
        "currency": currency, "body": {}, "corrects": None, "drafted_by": by.actor,
        "approved_by": by.actor, "version": VERSION,
    }  # fmt: skip


def _payments(
    rows: Sequence[Row], batch: Mapping[str, Any], head: str, due_of: DueOf, hash_of: HashOf, by: By
) -> Iterator[dict[str, Any]]:
    due: dict[int, Deadline | None] = {}
    for number, row in enumerate(rows, 1):
        run, name = row.standing.run, reference(head, number)
        if run not in due:
            due[run] = due_of(run)
        limit = due[run]
        body = row.body(number, name) | {
            "season": batch["body"]["season"], "batch": batch["body"]["batch"],
            "due": None if limit is None else limit.day.isoformat(),
            "clause": "" if limit is None else limit.clause,
            "account_sha256": hash_of(name, row.standing.code, row.payee.payer),
        }  # fmt: skip
        yield entry_of(PAYMENT, row.payee.season, run, row.standing.currency, by) | {
            "household_id": row.payee.household, "amount": row.amount, "body": body,
        }  # fmt: skip


def write(
    session: Session, company: int, entries: list[dict[str, Any]], by: By, end: tuple[int, str]
) -> str:
    head = chained(entries, by.at, *end)
    give_place(session, company, entries)
    session.execute(insert(LedgerEntry), entries)
    return head
