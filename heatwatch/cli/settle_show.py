"""`heatwatch settle show`: a run with each household's sum and reason."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Annotated, Any

import typer
from rich.console import Group

from domain.errors import WrongCall
from domain.language import Text, joined, msg, not_known
from heatwatch.cli import settle_findings
from heatwatch.cli import settle_payments as payments
from heatwatch.cli import what_if as what_ifs
from heatwatch.cli.options import Company, Config, Json, Season
from heatwatch.cli.settle_review import due_body, due_words, run_title
from heatwatch.cli.settle_verify import in_currency, money, reason_words
from heatwatch.output import emit, grid, note
from heatwatch.wiring import DEFAULT_CONFIG, open_world

SHOWN = 40  # rows of a table on a terminal

Run = Annotated[int | None, typer.Option("--run", help="number of the run; default the newest")]


def show(
    season: Season,
    run: Run = None,
    reason: Annotated[str, typer.Option(help="only households with this reason")] = "",
    company: Company = "",
    config: Config = DEFAULT_CONFIG,
    as_json: Json = False,
) -> None:
    """Show a run: its inputs and each household's sum and reason."""
    from analytics.law.calculators import reasons
    from analytics.ledger.drafts import kept, newest
    from analytics.ledger.review import run_name
    from heatwatch.services.companies import company_of_season
    from heatwatch.services.due import due_day

    if reason and reason not in (allowed := [each.code for each in reasons()]):
        raise WrongCall(not_known("--reason", reason, allowed))
    world = open_world(config)
    company_of_season(world, company, season)
    found = newest(world.books, season, run)
    owes = settle_findings.pays(world, found)
    rows = [
        {
            "household": each.household,
            "total": str(each.total),
            "undetermined": each.undetermined,
            "reason": each.reason,
            "lines": each.lines,
        }
        if owes
        else settle_findings.of_home(each)
        for each in kept(world.books, found.run)
        if not reason or each.reason == reason
    ]
    name, due = run_name(world.books, found), due_body(due_day(world, found))
    paid = payments.run_sums(world, season, found.run, found.state)
    data = {
        "run": found, "name": name, "overlay": what_ifs.of_run(world, found), "due": due,
        "payments": paid, "pays": owes, "results": rows,
    }  # fmt: skip
    emit(data, as_json=as_json, table=_shown)


def _shown(data: dict[str, Any]) -> Any:
    told = what_ifs.notice(data["overlay"], data["name"] == "what_if")
    return what_ifs.under(told, _results(data))


def _results(data: dict[str, Any]) -> Any:
    run = data["run"]
    rows = sorted(data["results"], key=lambda row: (row["total"] == "0.00", row["household"]))
    if len(rows) > SHOWN:
        note(
            msg(
                "{n} households, {shown} shown; all of them with --json or settle export",
                n=len(rows), shown=SHOWN,
            )
        )  # fmt: skip
    total = [money(run.total, run.currency)] if data["pays"] else []
    title = joined(
        " · ",
        [
            run_title(data["name"], run.run), run.season,
            what_ifs.policy_words(run.policy, data["overlay"]), *total, *_by_whom(run),
        ],
    )  # fmt: skip
    if not data["pays"]:
        return settle_findings.homes_table(title, data["results"])
    if data["due"] is not None:
        title = joined(" · ", [title, msg("to be paid by {day}", day=due_words(data["due"]))])
    homes = grid(
        title,
        [msg("household"), in_currency(msg("total"), run.currency), msg("undetermined"), msg("reason")],
        [
            [
                row["household"], Decimal(row["total"]),
                msg("yes") if row["undetermined"] else "", reason_words(row["reason"], data["name"] == "what_if"),
            ]
            for row in rows[:SHOWN]
        ],
    )  # fmt: skip
    if data["payments"] is None:
        return homes
    paid = data["payments"]
    return Group(homes, payments.sums_table(msg("Payments of the run"), paid, run.currency))


def _by_whom(run: Any) -> Iterator[Text]:
    yield msg("drafted by {actor}", actor=run.drafted_by.shown())
    if run.approved_by is not None:
        yield msg("approved by {actor}", actor=run.approved_by.shown())
