"""`heatwatch settle payments`: approved refunds to the bank, and the bank's answers back."""

from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Group

from domain.actor import By
from domain.errors import WrongCall
from domain.formats import Formats
from domain.language import Text, joined, msg, plural
from domain.visible import has_words
from heatwatch.cli.known_accounts import known_accounts
from heatwatch.cli.options import ByOption, Company, Config, Json, ReasonOption, Season, actor_of
from heatwatch.cli.payments_preview import EPILOG as PREVIEW_EPILOG
from heatwatch.cli.payments_preview import preview
from heatwatch.cli.settle_held import EPILOG as DECIDE_EPILOG
from heatwatch.cli.settle_held import decide, held_table, renamed_rows, renamed_table
from heatwatch.cli.settle_verify import in_currency, money
from heatwatch.output import emit, formats, grid, note, writing
from heatwatch.wiring import DEFAULT_CONFIG, World, open_world

if TYPE_CHECKING:
    from analytics.ledger.payments import Batch, Payment, Payments
    from heatwatch.services.paying import Exported

EPILOG = """Examples:

heatwatch settle payments export --season 2025-26 --out to-bank

heatwatch settle payments export --season 2025-26 --out to-bank --accounts accounts.csv

heatwatch settle payments export --season 2025-26 --out to-bank --accounts accounts.csv --without-account

heatwatch settle payments export --season 2025-26 --out to-bank --accounts accounts.csv --xml

heatwatch settle payments export --season 2025-26 --out to-bank --batch 1

heatwatch settle payments import-returns returns.csv

heatwatch settle payments list --season 2025-26"""

SHOWN = 20  # rejected payments and overpaid households


def register(settle: typer.Typer) -> None:
    group = typer.Typer(
        no_args_is_help=True, help="Approved refunds to the bank, and its answers.", epilog=EPILOG
    )
    group.command(epilog=EPILOG)(export)
    group.command(epilog=PREVIEW_EPILOG)(preview)
    group.command("import-returns", epilog=EPILOG)(import_returns)
    group.command("list", epilog=EPILOG)(list_)
    group.command(epilog=DECIDE_EPILOG)(decide)
    settle.add_typer(group, name="payments")


def export(
    season: Season,
    out: Annotated[Path, typer.Option(help="folder for payments-BATCH.csv")],
    accounts: Annotated[
        Path | None,
        typer.Option(help="CSV with household, payer, account, bank, account_name; not kept"),
    ] = None,
    xml: Annotated[
        bool,
        typer.Option(
            "--xml",
            help="also payments-BATCH.xml, the order as ISO 20022 pain.001; needs --accounts, with "
            "the company's own account in a row without household",
        ),
    ] = False,
    without_account: Annotated[
        bool,
        typer.Option(
            "--without-account",
            help="leave those without an account in --accounts to the next batch, and list them",
        ),
    ] = False,
    batch: Annotated[
        int | None, typer.Option(help="number of a batch to write again, as it was")
    ] = None,
    by: ByOption = "",
    reason: ReasonOption = "",
    company: Company = "",
    config: Config = DEFAULT_CONFIG,
    as_json: Json = False,
) -> None:
    """Write what is payable as the season's next batch: a row for each household and payer.

    Payable is what the ledger owes and no batch has paid: approved refunds, corrections, interest,
    and what the bank rejected. Where nothing is, the last batch is named and written again as it
    was: nothing is sent twice.
    """
    from heatwatch.services.bank_accounts import whose
    from heatwatch.services.companies import company_of_season
    from heatwatch.services.paying import export as write

    if without_account and (accounts is None or batch is not None):
        raise WrongCall(
            msg(
                "--without-account goes with --accounts, and not with --batch, which writes a batch as it was"
            )
        )
    actor, world = actor_of(by), open_world(config)
    company_of_season(world, company, season)
    known, _ = known_accounts(accounts)
    with writing(out, "--out"):
        act = By(actor, world.now(), reason)
        done = write(
            world, season, out, act, known, batch, xml=xml, without_account=without_account
        )
    if done.overpaid:
        note(
            msg(
                "{n} payees were sent more than they are owed since a correction; see: "
                "heatwatch settle payments list --season {season}",
                n=len(done.overpaid), season=season,
            )
        )  # fmt: skip
    if done.no_account:
        note(
            plural(
                "{n} payment has no account in --accounts: {whose}; a batch does not change: tell the "
                "bank, or have it rejected, and the next batch pays it to the account",
                "{n} payments have no account in --accounts: {whose}; a batch does not change: tell "
                "the bank, or have them rejected, and the next batch pays them to the accounts",
                n=len(done.no_account), whose=_first(done.no_account),
            )
        )  # fmt: skip
    if done.left_out:
        who = [whose(each["household"], each["payer"]) for each in done.left_out]
        note(
            plural(
                "{n} payment is left to the next batch, as it has no account in --accounts: {whose}",
                "{n} payments are left to the next batch, as they have no account in --accounts: {whose}",
                n=len(who), whose=_first(who),
            )
        )  # fmt: skip
    if done.unanswered:
        note(
            plural(
                "batch {batches} has no answer of the bank; if its file was not sent: --batch {first}",
                "batches {batches} have no answer of the bank; if the file of one was not sent: --batch {first}",
                n=len(done.unanswered), batches=", ".join(map(str, done.unanswered)),
                first=done.unanswered[0],
            )
        )  # fmt: skip
    if done.held:
        note(
            msg(
                "{n} sums are held, since their days were paid to somebody else or in another season; see: "
                "heatwatch settle payments list --season {season}",
                n=len(done.held), season=season,
            )
        )  # fmt: skip
    data = _batch_body(done.batch) | {
        "already": done.already,
        "held": done.held,
        "unanswered": done.unanswered,
        "file": done.file,
        "order": done.order,
        "left_out": done.left_out,
    }
    emit(data, as_json=as_json, table=lambda _: _exported(done))


def _first(names: list[str]) -> Text:
    """The first of them, and how many more there are."""
    more = [msg("and {n} more", n=len(names) - SHOWN)] if len(names) > SHOWN else []
    return joined("; ", [*names[:SHOWN], *more])


def _batch_body(batch: "Batch") -> dict[str, Any]:
    due = sorted({each.body["due"] for each in batch.payments if each.body["due"]})
    return {
        "batch": batch.number, "season": batch.body["season"], "rows": len(batch.payments),
        "total": batch.body["total"], "currency": batch.payments[0].currency,
        "due": due[0] if due else None, "exported_by": batch.actor, "exported_at": batch.made_at,
        "head": batch.head,
    }  # fmt: skip


def _exported(done: "Exported") -> Any:
    batch = done.batch
    body = _batch_body(batch)
    said = (
        msg("Batch {batch} was exported before; the file holds the same", batch=batch.number)
        if done.already
        else msg("Batch {batch} exported", batch=batch.number)
    )
    rows: list[list[Any]] = [
        [msg("payments"), formats().number(body["rows"])],
        [msg("total"), money(body["total"], body["currency"])],
        [msg("to be paid by"), formats().day(_day(body["due"])) if body["due"] else ""],
        [msg("file"), str(done.file)],
        [msg("head of the ledger"), batch.head],
    ]
    rows += [] if done.order is None else [[msg("order for the bank"), str(done.order)]]
    return grid(said, ["", ""], rows)


def _day(text: str) -> Any:
    from datetime import date

    return date.fromisoformat(text)


def import_returns(
    file: Annotated[
        Path, typer.Argument(help="CSV with reference, status, amount, currency, date, reason")
    ],
    late_fee_rate: Annotated[
        str,
        typer.Option(
            help="goes away, settlement.late_fees of the configuration takes its place: the contracts' "
            "late fee, a share of the sum for each day; --reason says where it is written"
        ),
    ] = "",
    by: ByOption = "",
    reason: ReasonOption = "",
    company: Company = "",
    config: Config = DEFAULT_CONFIG,
    as_json: Json = False,
) -> None:
    """Enter the bank's answers into the ledger: paid, or rejected with a reason.

    Each answer counts once, however often its file is imported. All of a file is entered or
    nothing: a reference that no batch has, another amount and a contradiction are named. What was
    rejected is payable in the next batch. A payment behind its due day bears interest where its
    law says so, at the rate of settlement.late_fees in the configuration.
    """
    from heatwatch.selection import company_of
    from heatwatch.services.companies import company_id
    from heatwatch.services.paying import import_returns as enter

    actor, world = actor_of(by), open_world(config)
    code = company_of(world.config, company).code
    act = By(actor, world.now(), reason)
    done = enter(world, company_id(world, code), code, file, act, _rate(late_fee_rate, reason))
    emit(
        done,
        as_json=as_json,
        table=lambda each: grid(
            msg("Answers of the bank"),
            [msg("paid"), msg("rejected"), msg("known before"), msg("interest"), msg("head of the ledger")],
            [[each.paid, each.rejected, each.already, each.interest, each.head]],
        ),
    )  # fmt: skip


def _rate(given: str, reason: str) -> Fraction | None:
    """The rate as an exact share; WrongCall for what can't be one, or where nothing says whence it is."""
    if not given:
        return None
    note(
        msg(
            "--late-fee-rate goes away: give the rate with its day and document in the configuration, "
            "settlement.late_fees"
        )
    )
    if not has_words(reason):
        raise WrongCall(
            msg("--late-fee-rate needs --reason: the contract or setting that has the rate")
        )
    try:
        rate = Fraction(Decimal(given))
    except (ArithmeticError, ValueError):
        rate = Fraction(-1)
    if not 0 <= rate <= 1:
        raise WrongCall(
            msg(
                "--late-fee-rate {given!r}; allowed: a share from 0 to 1, such as 0.0005",
                given=given,
            )
        )
    return rate


def list_(
    season: Season,
    company: Company = "",
    config: Config = DEFAULT_CONFIG,
    as_json: Json = False,
) -> None:
    """What became of a season's payments: batches, rejections, what is outstanding, and what is held."""
    from heatwatch.services.companies import company_of_season
    from heatwatch.services.paying import held_rows, payments_of, sums

    world = open_world(config)
    company_of_season(world, company, season)
    of, payments = payments_of(world, season)
    known = payments.payees
    data = {
        "season": season,
        "sums": sums(payments, of)._asdict(),
        "batches": [
            _batch_body(each) | {"states": _states(each)}
            for each in payments.batches.values() if each.season == of
        ],
        "payments": [_payment(each) for each in _own(payments, of)],
        "overpaid": [
            {"household": known.standing[of, payee.household].code, "payer": payee.payer, "amount": more}
            for payee, more in known.overpaid(of)
        ],
        "held": held_rows(payments, of),
        "renamed": renamed_rows(payments, of),
    }  # fmt: skip
    emit(data, as_json=as_json, table=lambda found: _listed(found, world.formats))


def _own(payments: "Payments", season: int) -> "list[Payment]":
    return [each for each in payments.by_reference.values() if each.payee.season == season]


def _states(batch: "Batch") -> dict[str, int]:
    states = [each.state for each in batch.payments]
    return {name: states.count(kind) for kind, name in STATES.items()}


#: A payment's state in the ledger -> as an answer says it.
STATES = {"exported": "exported", "payment_paid": "paid", "payment_rejected": "rejected"}


def _payment(each: "Payment") -> dict[str, Any]:
    return {
        "reference": each.reference, "batch": each.batch, "household": each.body["household"],
        "payer": each.payee.payer, "amount": each.amount, "currency": each.currency,
        "run": each.run, "due": each.body["due"], "state": STATES[each.state], "on": each.on,
        "reason": each.reason, "interest": each.interest,
    }  # fmt: skip


def _listed(data: dict[str, Any], f: Formats) -> Any:
    currency = next((each["currency"] for each in data["batches"]), "")
    rows = [
        [
            str(each["batch"]), f.day(each["exported_at"].astimezone(f.zone).date()),
            each["exported_by"].shown(), each["rows"], Decimal(each["total"]),
            each["states"]["paid"], each["states"]["rejected"],
        ]
        for each in data["batches"]
    ]  # fmt: skip
    names = [
        msg("batch"), msg("exported on"), msg("exported by"), msg("payments"),
        in_currency(msg("total"), currency), msg("paid"), msg("rejected"),
    ]  # fmt: skip
    parts = [
        sums_table(
            msg("Payments of season {season}", season=data["season"]), data["sums"], currency
        ),
        grid(msg("Batches"), names, rows),
    ]
    rejected = [each for each in data["payments"] if each["state"] == "rejected"][:SHOWN]
    if rejected:
        parts.append(
            grid(
                msg("Rejected"),
                [msg("reference"), msg("household"), msg("payer"), msg("amount"), msg("reason")],
                [
                    [e["reference"], e["household"], e["payer"], e["amount"], e["reason"]]
                    for e in rejected
                ],
            )
        )
    if data["overpaid"]:
        parts.append(
            grid(
                msg("Sent more than is owed by now"),
                [msg("household"), msg("payer"), msg("amount")],
                [[e["household"], e["payer"], e["amount"]] for e in data["overpaid"][:SHOWN]],
            )
        )
    if data["held"]:
        parts.append(held_table(data["held"][:SHOWN]))
    if data["renamed"]:
        parts.append(renamed_table(data["renamed"][:SHOWN]))
    return Group(*parts)


def sums_table(title: Text, sums: dict[str, Any], currency: str) -> Any:
    """What was exported, paid, rejected and is outstanding."""
    names = {
        "exported": msg("exported"), "open": msg("without an answer"), "paid": msg("paid"),
        "rejected": msg("rejected"), "interest": msg("interest for lateness"),
        "outstanding": msg("outstanding"),
    }  # fmt: skip
    return grid(title, ["", ""], [[names[name], money(sums[name], currency)] for name in names])


def run_sums(world: World, season: str, run: int, state: str) -> dict[str, Any] | None:
    """What became of a run's refunds; None: nothing of its season was exported yet."""
    from heatwatch.services.paying import paid_of_run
    from store.books.ledger import APPROVED

    found = paid_of_run(world, season, run) if state == APPROVED else None
    return None if found is None else found._asdict()
