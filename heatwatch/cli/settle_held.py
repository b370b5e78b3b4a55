"""`heatwatch settle payments decide`, and the sums it decides on: held, since others were paid their days."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from domain.actor import By
from domain.language import Text, joined, msg
from heatwatch.cli.options import ByOption, Company, Config, Json, ReasonOption, Season, actor_of
from heatwatch.cli.settle_verify import in_currency, money
from heatwatch.output import emit, grid
from heatwatch.wiring import DEFAULT_CONFIG, open_world

if TYPE_CHECKING:
    from analytics.ledger.payments import Payments

EPILOG = """Examples:

heatwatch settle payments decide --season 2025-26 --household H2 --payer "Zhao Min" --same --reason "marriage certificate of 3 May"

heatwatch settle payments decide --season 2025-26 --household H2 --payer "Qian Hua" --other --reason "sold on 12 January, contract 88"
"""

HOLDER = msg("the contract's holder")


def decide(
    season: Season,
    household: Annotated[str, typer.Option(help="code of the household")],
    same: Annotated[
        bool,
        typer.Option(
            "--same/--other",
            help="they are who was paid before, by another name; or somebody else, who is paid",
        ),
    ],
    payer: Annotated[
        str, typer.Option(help="whose sum is held; left out: the contract's holder")
    ] = "",
    was: Annotated[
        str | None,
        typer.Option(help='who was paid before, "" the contract\'s holder; where several were'),
    ] = None,
    by: ByOption = "",
    reason: ReasonOption = "",
    company: Company = "",
    config: Config = DEFAULT_CONFIG,
    as_json: Json = False,
) -> None:
    """Decide whether a payer whose sum is held is who was paid before, or somebody else.

    Held is what a household's payer is owed for days that were paid to somebody else, or in another season of
    the same days: nothing of it is exported. Of the same person what was paid before counts; what is owed to somebody else is
    payable, and what the other was sent too much stays listed. An entry of the ledger says who
    decided and why; --other takes back that two names are one person's.
    """
    from analytics.ledger.deciding import decide as enter
    from heatwatch.services.companies import company_of_season
    from store.registry.places import place_code

    actor, world = actor_of(by), open_world(config)
    company_of_season(world, company, season)
    household = place_code(world.books, household)
    act = By(actor, world.now(), reason)
    done = enter(world.books, season, household, payer, was, act, same=same)
    said = (
        msg("{payer} is who was paid as {was}", payer=shown(done.payer), was=shown(done.was))
        if same
        else msg("{payer} is paid beside {was}", payer=shown(done.payer), was=shown(done.was))
    )
    rows = [
        [msg("household"), done.household],
        [msg("counts as paid") if same else msg("payable"), money(done.stake, done.currency)],
        [msg("head of the ledger"), done.head],
    ]
    emit(done, as_json=as_json, table=lambda _: grid(said, ["", ""], rows))


def shown(payer: str) -> Text | str:
    return payer or HOLDER


def held_table(rows: list[dict[str, Any]]) -> Any:
    """The same for people."""
    currency = rows[0]["currency"]
    return grid(
        msg("Held: their days were paid to somebody else, or in another season"),
        [msg("household"), msg("payer"), msg("paid before to"), in_currency(msg("amount"), currency)],
        [
            [e["household"], shown(e["payer"]), joined(", ", _before(e)), e["amount"]]
            for e in rows
        ],
    )  # fmt: skip


def _before(row: dict[str, Any]) -> list[Text | str]:
    return [
        msg("{payer} in season {season}", payer=shown(was), season=season) if season else shown(was)
        for was, season in zip(row["was"], row["was_season"], strict=True)
    ]


def renamed_rows(payments: "Payments", season: int) -> list[dict[str, Any]]:
    """Who was paid, or is owed, by more than one name."""
    of = payments.payees
    return [
        {"household": of.standing[season, household].code, "payer": payee.payer, "was": names}
        for household in of.households(season)
        for payee in of.of_household(season, household)
        if (names := [each.payer for each in of.names(payee) if each != payee])
    ]


def renamed_table(rows: list[dict[str, Any]]) -> Any:
    return grid(
        msg("Paid by another name, too"),
        [msg("household"), msg("payer"), msg("other names")],
        [
            [e["household"], shown(e["payer"]), joined(", ", [shown(w) for w in e["was"]])]
            for e in rows
        ],
    )
