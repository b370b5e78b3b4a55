"""`heatwatch settle`: refunds of a whole season, as a draft and into the ledger."""

import csv
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import Progress

from domain.actor import By
from domain.errors import WrongCall
from heatwatch.cli.options import ByOption, Company, ReasonOption, actor_of
from heatwatch.cli.settle_words import said
from heatwatch.output import emit, grid, note, to_json, writing
from heatwatch.wiring import DEFAULT_CONFIG, World, open_world

EPILOG = """Examples:

heatwatch settle draft --season 2025-26

heatwatch settle draft --season 2025-26 --policy my-20-degrees.toml

heatwatch settle show --season 2025-26 --reason undetermined

heatwatch settle approve --season 2025-26

heatwatch settle verify

heatwatch settle verify --run 1

heatwatch settle export --season 2025-26 --out refunds"""

ANSWER_IS_NO = 5
SHOWN = 40  # rows of a table on a terminal

Season = Annotated[str, typer.Option("--season", "-s", help="code of the season")]
Config = Annotated[Path, typer.Option("--config", "-c")]
Json = Annotated[bool, typer.Option("--json", help="the answer as JSON")]
Lang = Annotated[str, typer.Option("--lang", help="zh or en; default the configuration's")]
Run = Annotated[int | None, typer.Option("--run", help="number of the run; default the newest")]


def register(app: typer.Typer) -> None:
    group = typer.Typer(no_args_is_help=True, help="Refunds of a whole season.", epilog=EPILOG)
    for command in (draft, show, approve, verify, export):
        group.command(epilog=EPILOG)(command)
    app.add_typer(group, name="settle")


def language_of(world: World, lang: str) -> str:
    """The language asked for, else the configuration's."""
    from heatwatch.cli.options import language_of as of

    return of(world, lang)


@contextmanager
def progress_bar(what: str) -> Iterator[Callable[[int, int], None]]:
    """A bar on a terminal's stderr; the function it gives takes (done, of all)."""
    console = Console(stderr=True)
    with Progress(console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task(what, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


def draft(
    season: Season,
    policy: Annotated[str, typer.Option(help="id or .toml file; default the season's")] = "",
    by: ByOption = "",
    lang: Lang = "",
    company: Company = "",
    config: Config = DEFAULT_CONFIG,
    as_json: Json = False,
) -> None:
    """Settle a season as of now and keep it as a draft; nothing is owed before it is approved.

    Under another policy than the season's own it is a what-if: it can be shown and exported by
    its number, is never approved, and opens no measurement task.
    """
    from analytics.ledger.drafts import WHAT_IF, newest
    from heatwatch.services.companies import company_of_season
    from heatwatch.services.settling import draft as make

    actor, world = actor_of(by), open_world(config)
    company_of_season(world, company, season)
    language = language_of(world, lang)
    with progress_bar("settling") as progress:
        run, settlement = make(world, season, actor, policy, progress)
    paid = [each for each in settlement.results if each.total > 0]
    emit(
        {
            "run": run,
            "what_if": newest(world.books, season, run).state == WHAT_IF,
            "season": season,
            "drafted_by": actor,
            "policy": settlement.policy,
            "policy_sha256": settlement.policy_sha256,
            "snapshot_sha256": settlement.snapshot_sha256,
            "flush": settlement.flush,
            "households": len(settlement.results),
            "paid": len(paid),
            "total": str(settlement.total()),
            "currency": paid[0].currency if paid else "",
            "undetermined": settlement.undetermined(),
            "reasons": settlement.reasons(),
        },
        as_json=as_json,
        table=lambda data: _summary(data, language),
    )


def _summary(data: dict[str, Any], lang: str) -> Any:
    from analytics.law.calculators import reason

    rows = [
        [said(name, lang), data[key]]
        for name, key in (("households", "households"), ("refunds", "paid"))
    ]
    rows += [
        [said("total", lang), f"{data['total']} {data['currency']}"],
        [said("undetermined", lang), data["undetermined"]],
    ]
    rows += [[f"· {code}: {reason(code).text.to(lang)}", n] for code, n in data["reasons"].items()]
    kind = said("What-if" if data["what_if"] else "Draft", lang)
    season, flush = said("season", lang), said("flush", lang)
    title = f"{kind} {data['run']} · {season} {data['season']} · {data['policy']} · {flush} {data['flush']}"
    return grid(title, ["", ""], rows)


def show(
    season: Season,
    run: Run = None,
    reason: Annotated[str, typer.Option(help="only households with this reason")] = "",
    lang: Lang = "",
    company: Company = "",
    config: Config = DEFAULT_CONFIG,
    as_json: Json = False,
) -> None:
    """Show a run: its inputs and each household's sum and reason."""
    from analytics.law.calculators import reasons
    from analytics.ledger.drafts import kept, newest
    from heatwatch.services.companies import company_of_season

    if reason and reason not in {each.code for each in reasons()}:
        allowed = ", ".join(each.code for each in reasons())
        raise WrongCall(f"--reason {reason!r} is not known; allowed: {allowed}")
    world = open_world(config)
    company_of_season(world, company, season)
    language = language_of(world, lang)
    found = newest(world.books, season, run)
    rows = [
        {
            "household": each.household,
            "total": str(each.total),
            "undetermined": each.undetermined,
            "reason": each.reason,
            "lines": each.lines,
        }
        for each in kept(world.books, found.run)
        if not reason or each.reason == reason
    ]
    emit(
        {"run": found, "results": rows},
        as_json=as_json,
        table=lambda data: _results(data, language),
    )


def _results(data: dict[str, Any], lang: str) -> Any:
    run = data["run"]
    rows = sorted(data["results"], key=lambda row: (row["total"] == "0.00", row["household"]))
    if len(rows) > SHOWN:
        note(f"{len(rows)} households, {SHOWN} shown; all of them with --json or settle export")
    title = f"{said('Run', lang)} {run.run} ({run.state}) · {run.season} · {run.policy} · {run.total} {run.currency}"
    title += f" · {said('drafted by', lang)} {run.drafted_by.shown().to(lang)}"
    if run.approved_by is not None:
        title += f" · {said('approved by', lang)} {run.approved_by.shown().to(lang)}"
    return grid(
        title,
        [said(each, lang) for each in ("household", "total", "undetermined", "reason")],
        [
            [
                row["household"],
                row["total"],
                said("yes", lang) if row["undetermined"] else "",
                row["reason"],
            ]
            for row in rows[:SHOWN]
        ],
    )


def approve(
    season: Season,
    run: Run = None,
    by: ByOption = "",
    reason: ReasonOption = "",
    lang: Lang = "",
    company: Company = "",
    config: Config = DEFAULT_CONFIG,
    as_json: Json = False,
) -> None:
    """Write a draft into the ledger; what an approved run said before is corrected, not edited.

    With settlement.approvals = 2 in the configuration, drafter and approver are different people.
    """
    from analytics.ledger.drafts import newest
    from analytics.ledger.entries import approve as write
    from heatwatch.services.companies import company_of_season

    actor, world = actor_of(by), open_world(config)
    company_of_season(world, company, season)
    language = language_of(world, lang)
    number = newest(world.books, season, run).run
    approvals = world.config.settlement.approvals
    done = write(world.books, number, By(actor, world.now(), reason), approvals)
    emit(
        done,
        as_json=as_json,
        table=lambda each: grid(
            f"{said('Run', language)} {each.run} "
            + said("was approved before" if each.already else "approved", language),
            [
                said(name, language)
                for name in (
                    "refunds",
                    "corrections",
                    "added",
                    "drafted by",
                    "approved by",
                    "head of the ledger",
                )
            ],
            [
                [
                    each.refunds,
                    each.corrections,
                    each.added,
                    each.drafted_by.shown().to(language),
                    each.approved_by.shown().to(language),
                    each.head,
                ]
            ],
        ),
    )


def verify(
    run: Annotated[
        int | None,
        typer.Option(
            "--run", help="compute this run again and compare; default the ledger's chain"
        ),
    ] = None,
    lang: Lang = "",
    config: Config = DEFAULT_CONFIG,
    as_json: Json = False,
) -> None:
    """Check the ledger's hash chain, or a run from the readings on; exit 5 where it does not hold.

    A run is recomputed from the snapshot and the policy that were kept with it and the readings
    as of its flush, whatever registry, policy files and readings say today.
    """
    world = open_world(config)
    language = language_of(world, lang)
    if run is None:
        holds = _chain_holds(world, language, as_json)
    else:
        holds = _run_holds(run, world, language, as_json)
    if not holds:
        raise typer.Exit(ANSWER_IS_NO)


def _chain_holds(world: World, lang: str, as_json: bool) -> bool:
    from analytics.ledger.verify import verify as check

    broken = check(world.books)
    answer = {"holds": broken is None, "broken": broken}
    told = said("The ledger holds", lang)
    if broken is not None:
        told = f"{said('The ledger breaks at entry', lang)} {broken.number}: {broken.why}"
    emit(answer, as_json=as_json, table=lambda _: told)
    return broken is None


def _run_holds(run: int, world: World, lang: str, as_json: bool) -> bool:
    from heatwatch.services.settling import verify as check

    with progress_bar("recomputing") as progress:
        checked = check(world, run, progress)
    emit(checked, as_json=as_json, table=lambda each: _checked(each, lang))
    return checked.holds is True


def _checked(checked: Any, lang: str) -> Any:
    run = checked.run
    state = {True: "holds", False: "does not hold", None: "can't be checked"}[checked.holds]
    rows: list[list[Any]] = [
        ["season", run.season],
        ["policy", f"{run.policy} ({run.policy_sha256[:12]})"],
    ]
    rows += [["snapshot", run.snapshot_sha256[:12]], ["readings as of flush", run.flush]]
    rows += [["households", run.households], ["total", f"{run.total} {run.currency}"]]
    rows.append(["drafted by", run.drafted_by.shown().to(lang)])
    if run.approved_by is not None:
        rows.append(["approved by", run.approved_by.shown().to(lang)])
    if checked.recomputed_sha256:
        rows.append(["results as made", run.results_sha256])
        rows.append(["results recomputed", checked.recomputed_sha256])
    if checked.differs is not None:
        first = checked.differs
        rows += [["first that differs", f"{first.household}: {first.part}"]]
        rows += [
            ["as kept", _sum(first.kept, lang)],
            ["recomputed", _sum(first.recomputed, lang)],
        ]
    if checked.why:
        rows.append(["why", checked.why])
    return grid(
        f"{said('Run', lang)} {run.run} {said(state, lang)}",
        ["", ""],
        [[said(name, lang), str(value)] for name, value in rows],
    )


def _sum(total: Decimal | None, lang: str) -> str:
    return said("not there", lang) if total is None else str(total)


def export(
    season: Season,
    out: Annotated[Path, typer.Option(help="folder for results.csv, lines.csv and run.json")],
    run: Run = None,
    lang: Lang = "",
    company: Company = "",
    config: Config = DEFAULT_CONFIG,
    as_json: Json = False,
) -> None:
    """Write a run as files: results and lines as CSV, everything with its steps as JSON."""
    from analytics.ledger.drafts import kept, newest
    from heatwatch.services.companies import company_of_season

    world = open_world(config)
    company_of_season(world, company, season)
    language = language_of(world, lang)
    found = newest(world.books, season, run)
    results = list(kept(world.books, found.run))
    with writing(out, "--out"):
        _write(out, found, results)
    paths = [str(out / name) for name in ("results.csv", "lines.csv", "run.json")]
    emit(
        {"files": paths},
        as_json=as_json,
        table=lambda data: grid(
            said("Exported", language), [said("file", language)], [[path] for path in data["files"]]
        ),
    )


def _write(out: Path, found: Any, results: list[Any]) -> None:
    head = ["household", "total", "currency", "undetermined", "reason"]
    _csv(
        out / "results.csv",
        head,
        ([r.household, r.total, found.currency, r.undetermined, r.reason] for r in results),
    )
    fields = ["kind", "first_day", "last_day", "days", "share", "amount", "clause"]
    lines = ([r.household, *(line[name] for name in fields)] for r in results for line in r.lines)
    _csv(out / "lines.csv", ["household", *fields], lines)
    whole = {"run": found, "results": results}
    (out / "run.json").write_text(to_json(whole) + "\n", encoding="utf-8")


def _csv(path: Path, head: list[str], rows: Iterator[list[Any]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(head)
        writer.writerows(rows)
