"""Payments of approved refunds: the files that go to the bank, and the bank's answers."""

import csv
import io
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date, tzinfo
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from sqlalchemy.orm import Session

from analytics.law.deadlines import Deadline, interest_clause
from analytics.ledger.answers import SHOWN, Answer, Imported, Rate, import_answers
from analytics.ledger.drafts import by_number
from analytics.ledger.hashes import sha256_of
from analytics.ledger.interest import count_in
from analytics.ledger.payees import ZERO, Payee
from analytics.ledger.paying import any_batch, standing_of
from analytics.ledger.paying import export as write_batch
from analytics.ledger.payments import EXPORTED, PAID, REJECTED, SAME, Batch, Payment, Payments
from analytics.ledger.renamed import renamed
from domain.actor import By
from domain.errors import WrongCall
from domain.language import Text, joined, msg, sentence_of
from domain.time import written_day
from domain.visible import as_cell, has_words
from heatwatch.services.bank_accounts import (
    MOST_BYTES,
    OWN,
    Account,
    Accounts,
    account_of,
    has_none,
    whose,
)
from heatwatch.services.due import due_day, policy_of
from heatwatch.services.pain001 import Party, Transfer, to_xml
from heatwatch.wiring import World
from reports.filing.files import write_whole
from store.books.changes import sha256_of as sha256_of_file
from store.registry.csv_rows import table
from store.registry.seasons import season_of

#: The columns of the file for the bank; `docs/commands.md` says what each means. New ones come last.
COLUMNS = (
    "batch", "reference", "season", "household", "payer", "name", "amount", "currency", "interest",
    "run", "entry", "due", "account", "bank", "account_name",
)  # fmt: skip
RETURN_COLUMNS = ("reference", "status", "amount", "currency", "date", "reason")
STATUS = {"paid": PAID, "rejected": REJECTED}


class Exported(NamedTuple):
    """A batch and its file."""

    batch: Batch
    already: bool  # it had been exported before; the file holds the same
    file: Path
    overpaid: list[tuple[Payee, Decimal]]  # nothing is claimed back by a payment
    held: list[dict[str, Any]]  # what is owed for days that were paid before
    order: Path | None  # the same as ISO 20022
    no_account: list[str]  # who has none in the file of accounts that was given
    unanswered: list[int]  # other batches of the season of which the bank has answered nothing
    left_out: list[dict[str, Any]]  # who waits for the next batch, as they have no account


class Sums(NamedTuple):
    """What became of the refunds of a run, or of a season."""

    exported: Decimal  # all that was sent to the bank
    open: Decimal  # of it, without an answer
    paid: Decimal
    rejected: Decimal
    interest: Decimal  # posted for late payments; is owed, too
    outstanding: (
        Decimal  # owed and not paid; what one was paid too much is not set off against others
    )


def export(
    world: World, season: str, out: Path, by: By, accounts: Accounts, number: int | None = None,
    *, xml: bool = False, without_account: bool = False,
) -> Exported:  # fmt: skip
    """The season's next batch as a file, or one that was exported, the same again.

    `without_account`: who has none among `accounts` is left to the next batch.

    The ledger has the batch before its file is there: a file that a crash kept from being written
    is written by the next call, with the same rows. With `xml` also as an order for the bank, for
    which every payee and the company itself need an account: without them nothing is exported.
    """
    if xml and OWN not in accounts:
        raise WrongCall(
            msg(
                "--xml needs the company's own account: a row of --accounts without household and "
                "payer"
            )
        )

    def due_of(run: int) -> Deadline | None:
        return due_day(world, by_number(world.books, run))

    def hash_of(reference: str, household: str, payer: str) -> str:
        found = account_of(accounts, household, payer)
        if xml:  # what the order would refuse is refused before the batch is in the ledger
            party = Party(found.name, found.account, found.bank)
            with _of(household, payer):
                to_xml(reference, by.at, _own(accounts), [Transfer(reference, party, ZERO, "", "")])
        return _hash(reference, found)

    if number is None:
        leaves_out = partial(has_none, accounts) if without_account else None
        batch, already = write_batch(world.books, season, by, due_of, hash_of, leaves_out)
    else:
        batch, already = _batch(payments_of(world, season)[1], season, number), True
    _refuse_other_accounts(batch, accounts)
    path = out / f"payments-{batch.number}.csv"
    write_whole(path, _csv(batch, accounts))
    if xml:
        write_whole(path.with_suffix(".xml"), _order(batch, accounts, world.formats.zone))
    of, payments = payments_of(world, season)
    order = path.with_suffix(".xml") if xml else None
    over, held = list(payments.payees.overpaid(of)), held_rows(payments, of)
    none, silent = _without(batch, accounts), _unanswered(payments, of, batch)
    left = rows_of(payments, of) if without_account else []
    return Exported(batch, already, path, over, held, order, none, silent, left)


def rows_of(payments: Payments, season: int) -> list[dict[str, Any]]:
    """What is payable of a season, as answers have it."""
    return [
        {
            "household": each.standing.code, "payer": each.payee.payer, "amount": each.amount,
            "currency": each.standing.currency,
        }
        for each in payments.payable(season)
    ]  # fmt: skip


@contextmanager
def _of(household: str, payer: str) -> Iterator[None]:
    """What is wrong with an account says whose it is."""
    try:
        yield
    except WrongCall as error:
        where = whose(household, payer)
        raise WrongCall(msg("{where}: {why}", where=where, why=sentence_of(error))) from None


def _unanswered(payments: Payments, season: int, but: Batch) -> list[int]:
    """Numbers of the season's other batches without an answer: the file of one may never have been written."""
    return [
        each.number
        for each in payments.batches.values()
        if each.season == season
        and each.number != but.number
        and all(payment.state == EXPORTED for payment in each.payments)
    ]


def _without(batch: Batch, accounts: Accounts) -> list[str]:
    """Payees of a batch that have no account where others have one, and no answer of the bank."""
    waits = (each for each in batch.payments if each.state == EXPORTED)
    paid = [(each.body["household"], each.payee.payer) for each in waits]
    none = [key for key in paid if has_none(accounts, *key)]
    return [whose(*key) for key in none] if accounts else []


def held_rows(payments: Payments, season: int) -> list[dict[str, Any]]:
    """What is held of a season, as answers have it; `was_season` "": it was sent in the same one."""
    return [
        {
            "household": payments.payees.standing[season, each.payee.household].code,
            "payer": each.payee.payer, "amount": each.amount,
            "currency": payments.payees.standing[season, each.payee.household].currency,
            "was": [was.payer for was in each.was],
            "was_season": [
                payments.payees.beside.get(season, {}).get(was.season, "") for was in each.was
            ],
        }
        for each in payments.payees.held(season)
    ]  # fmt: skip


def payments_of(world: World, season: str) -> tuple[int, Payments]:
    """The season's id, and the payments of its company; renamed payers and interest as the next export counts them."""
    with Session(world.books) as session:
        one = season_of(session, season)
        payments = standing_of(session, one.company_id)
        for each in list(renamed(session, payments, one.id)):
            payments.decided(SAME, each.payee, each.was)
        count_in(payments, one.id)
        return one.id, payments


def paid_of_run(world: World, season: str, run: int) -> "Sums | None":
    """What became of a run's refunds; None: nothing was exported, or the ledger does not hold."""
    with Session(world.books) as session:
        one = season_of(session, season)
        if not any_batch(session, one.id):
            return None
        try:
            return sums(standing_of(session, one.company_id), one.id, run)
        except WrongCall:  # `settle verify` says at which entry
            return None


def _batch(payments: Payments, season: str, number: int) -> Batch:
    own = [each for each in payments.batches.values() if each.body["season"] == season]
    for each in own:
        if each.number == number:
            return each
    known = ", ".join(str(each.number) for each in own) or msg("none yet")
    raise WrongCall(
        msg("--batch {number}: no such batch; allowed: {known}", number=number, known=known)
    )


def _hash(reference: str, account: Account) -> str:
    """What the ledger keeps of an account: enough to see that it is another, not which it is."""
    return sha256_of([reference, *account]) if any(account) else ""


def _refuse_other_accounts(batch: Batch, accounts: Accounts) -> None:
    for each in batch.payments:
        household, payer = each.body["household"], each.payee.payer
        found = account_of(accounts, household, payer)
        if _hash(each.reference, found) == each.body["account_sha256"]:
            continue
        if not each.body["account_sha256"]:
            raise WrongCall(
                msg(
                    "batch {batch} was exported without an account of household {household}; a batch does "
                    "not change: allowed: the accounts of then; pay it by hand and import {reference} as "
                    "paid, or import it as rejected: the next batch pays it to the account",
                    batch=batch.number, household=household, reference=each.reference,
                )
            )  # fmt: skip
        raise WrongCall(
            msg(
                "batch {batch} was exported with another account of household {household}; "
                "a batch does not change: allowed: the accounts of then, or a new batch once "
                "the bank has rejected the payment",
                batch=batch.number, household=household,
            )
        )  # fmt: skip


def _own(accounts: Accounts) -> Party:
    own = accounts[OWN]
    return Party(own.name, own.account, own.bank)


def _order(batch: Batch, accounts: Accounts, zone: tzinfo) -> bytes:
    """The batch as the bank's order; its day is the local one."""
    transfers = []
    for each in batch.payments:
        household = each.body["household"]
        account = account_of(accounts, household, each.payee.payer)
        name = account.name or each.payee.payer or each.body["name"] or household
        about = f"{each.body['season']} {household}"
        party = Party(name, account.account, account.bank)
        transfers.append(Transfer(each.reference, party, each.amount, each.currency, about))
    name = batch.payments[0].reference[:-6]
    return to_xml(name, batch.made_at.astimezone(zone), _own(accounts), transfers)


def _csv(batch: Batch, accounts: Accounts) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    for each in batch.payments:
        body, account = each.body, account_of(accounts, each.body["household"], each.payee.payer)
        row = (
            str(batch.number), each.reference, body["season"], body["household"], each.payee.payer,
            body["name"], str(each.amount), each.currency, body["interest"], str(each.run),
            body["entry"], body["due"] or "", *account,
        )  # fmt: skip
        writer.writerow([as_cell(cell) for cell in row])
    return text.getvalue().encode("utf-8-sig")  # Excel shows the names right


# -- files that come in -------------------------------------------------------------------------


def import_returns(
    world: World, company: int, code: str, path: Path, by: By, given: Fraction | None
) -> Imported:
    """The bank's answers of a file, all or none of them.

    `code` of the company; a late fee that is `given` [share of the sum a day] holds before those of
    the configuration.
    """
    answers = _answers(path)
    source = {"file": path.name, "sha256": sha256_of_file(path)}
    granted: dict[int, str] = {}

    def grants(payment: Payment) -> str:
        if payment.run not in granted:
            granted[payment.run] = _clause(world, payment.run)
        return granted[payment.run]

    def rate_of(due: date) -> Rate | None:
        if given is not None:
            return Rate(given, None, by.reason)
        found = world.config.settlement.late_fee(code, due)
        return None if found is None else Rate(Fraction(found.rate), found.since, found.document)

    return import_answers(
        world.books, company, answers, source, by, grants, rate_of, world.formats.zone
    )


def _clause(world: World, run: int) -> str:
    """The clause by which the law of a run grants interest on what is paid late."""
    return interest_clause(policy_of(world, by_number(world.books, run)).policy.settle)


def _answers(path: Path) -> list[Answer]:
    """The answers of a file; WrongCall with every row that can't be one."""
    found: list[Answer] = []
    wrong: list[Text] = []
    for where, row in table(path, RETURN_COLUMNS, MOST_BYTES):
        try:
            found.append(_answer(where, row))
        except WrongCall as error:
            wrong.append(sentence_of(error))
    if wrong:
        raise WrongCall(joined("\n", wrong[:SHOWN]))
    return found


def _answer(where: Text, row: Mapping[str, str]) -> Answer:
    status = row["status"]
    if status not in STATUS:
        raise _wrong(where, "status", status, ", ".join(STATUS))
    try:
        amount = Decimal(row["amount"])
        if not amount.is_finite():
            raise InvalidOperation
    except InvalidOperation:
        raise _wrong(where, "amount", row["amount"], msg("a sum such as 50.00")) from None
    try:
        on = written_day(row["date"])
    except ValueError:
        raise _wrong(where, "date", row["date"], msg("a day such as 2026-04-30")) from None
    if status == "rejected" and not has_words(row["reason"]):
        raise _wrong(where, "reason", "", msg("the bank's reason of a rejection"))
    return Answer(
        where, row["reference"], amount, row["currency"], STATUS[status], on, row["reason"]
    )


def _wrong(where: Text, column: str, value: str, allowed: Text | str) -> WrongCall:
    return WrongCall(
        msg(
            "{where}: {column} = {value!r}; allowed: {allowed}",
            where=where, column=column, value=value, allowed=allowed,
        )
    )  # fmt: skip


# -- what became of them -------------------------------------------------------------------------


def sums(payments: Payments, season: int, run: int | None = None) -> Sums:
    """Of the season's payments, or of those whose refund stands in one run."""
    own = [
        each for each in payments.by_reference.values()
        if each.payee.season == season and run in {None, each.run}
    ]  # fmt: skip

    def total(*states: str) -> Decimal:
        return sum((each.amount for each in own if each.state in states), ZERO)

    paid: dict[Payee, Decimal] = {}
    of = payments.payees
    for each in payments.by_reference.values():
        if each.state == PAID:
            person = of.person(each.payee)
            paid[person] = paid.get(person, ZERO) + each.amount
    owed = ZERO
    for household in of.households(season):
        standing = of.standing.get((season, household))
        if standing is not None and run in {None, standing.run}:
            for payee in of.of_household(season, household):
                owed += max(ZERO, of.owed(payee) - paid.get(payee, ZERO))
    return Sums(
        sum((each.amount for each in own), ZERO), total("exported"), total(PAID), total(REJECTED),
        sum((each.interest for each in own), ZERO), owed,
    )  # fmt: skip
