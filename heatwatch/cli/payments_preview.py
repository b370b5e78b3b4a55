"""`heatwatch settle payments preview`: what the next batch would pay, and who has no account. Nothing is written."""

from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Group

from domain.language import msg
from heatwatch.cli.known_accounts import known_accounts
from heatwatch.cli.options import Company, Config, Json, Season
from heatwatch.cli.settle_held import held_table
from heatwatch.cli.settle_held import shown as payer_shown
from heatwatch.cli.settle_verify import in_currency, money
from heatwatch.output import emit, formats, grid
from heatwatch.wiring import DEFAULT_CONFIG, open_world

EPILOG = """Examples:

heatwatch settle payments preview --season 2025-26 --accounts accounts.csv

heatwatch settle payments preview --season 2025-26"""

SHOWN = 20  # payees without an account


def preview(
    season: Season,
    accounts: Annotated[
        Path | None,
        typer.Option(help="CSV with household, payer, account, bank, account_name; not kept"),
    ] = None,
    company: Company = "",
    config: Config = DEFAULT_CONFIG,
    as_json: Json = False,
) -> None:
    """What the season's next batch would pay, and whom of it the accounts lack; nothing is written.

    Who has no account is in the batch all the same, or is left to the next one by export
    --without-account.
    """
    from heatwatch.services.bank_accounts import has_none
    from heatwatch.services.companies import company_of_season
    from heatwatch.services.paying import held_rows, payments_of, rows_of

    world = open_world(config)
    company_of_season(world, company, season)
    known, shared = known_accounts(accounts)
    of, payments = payments_of(world, season)
    rows = rows_of(payments, of)
    without = [each for each in rows if has_none(known, each["household"], each["payer"])]
    data = {
        "season": season,
        "rows": len(rows),
        "total": _total(rows),
        "currency": rows[0]["currency"] if rows else None,
        "without_account": {"rows": len(without), "total": _total(without), "payees": without},
        "held": held_rows(payments, of),
        "one_account_of_several": [each._asdict() for each in shared],
    }
    emit(data, as_json=as_json, table=_table)


def _total(rows: list[dict[str, Any]]) -> Decimal:
    return sum((each["amount"] for each in rows), Decimal("0.00"))


def _table(data: dict[str, Any]) -> Group:
    without, currency = data["without_account"], data["currency"] or ""
    whole = grid(
        msg("The next batch of season {season}; nothing is written", season=data["season"]),
        ["", msg("payments"), msg("total")],
        [
            [msg("payable"), formats().number(data["rows"]), money(data["total"], currency)],
            [
                msg("of them without an account"), formats().number(without["rows"]),
                money(without["total"], currency),
            ],
        ],
    )  # fmt: skip
    parts: list[Any] = [whole]
    if without["payees"]:
        title = msg(
            "Without an account: the first {shown} of {n}, all with --json",
            shown=SHOWN,
            n=without["rows"],
        )
        if without["rows"] <= SHOWN:
            title = msg("Without an account")
        rows = [
            [each["household"], payer_shown(each["payer"]), each["amount"]]
            for each in without["payees"][:SHOWN]
        ]
        heads = [msg("household"), msg("payer"), in_currency(msg("amount"), currency)]
        parts.append(grid(title, heads, rows))
    if data["held"]:
        parts.append(held_table(data["held"][:SHOWN]))
    return Group(*parts)
