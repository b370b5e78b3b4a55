"""`heatwatch settle`: refunds of a whole season, as a draft and into the ledger."""

import csv
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from fractions import Fraction
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Group

from domain.actor import Actor, By
from domain.errors import WrongCall
from domain.language import joined, msg, plural
from domain.time import from_us
from domain.visible import as_cell
from heatwatch.cli import no_contract, settle_findings
from heatwatch.cli import settle_payments as payments
from heatwatch.cli import what_if as what_ifs
from heatwatch.cli.options import (
    ByOption,
    Company,
    Config,
    Json,
    PolicyOrSeasons,
    ReasonOption,
    Season,
    actor_of,
)
from heatwatch.cli.settle_review import (
    corrected,
    corrected_table,
    due_body,
    due_words,
    review,
    reviewed,
)
from heatwatch.cli.settle_show import SHOWN, show
from heatwatch.cli.settle_verify import in_currency, money, progress_bar, reason_words, verify
from heatwatch.output import emit, grid, note, said, spoken_language, write_json, writing
from heatwatch.wiring import DEFAULT_CONFIG, World, open_world

SENSORS_SHOWN = 30  # of those that were moved in the season

EPILOG = """Examples:

heatwatch settle draft --season 2025-26

heatwatch settle draft --season 2025-26 --policy my-20-degrees.toml

heatwatch settle show --season 2025-26 --reason undetermined

heatwatch settle review --season 2025-26        # sums, largest, undetermined, what differs

heatwatch settle approve --season 2025-26

heatwatch settle draft --season 2025-26 --correction

heatwatch settle draft --season 2025-26 --dask tcp://10.0.0.5:8786

heatwatch settle verify

heatwatch settle verify --all

heatwatch settle verify --company east-heat

heatwatch settle verify --head 4c1f…            # the 64 digits that it printed

heatwatch settle verify --run 1

heatwatch settle export --season 2025-26 --out refunds"""

#: What `settle export` writes, the last when the others are there.
FILES = ("results.csv", "lines.csv", "run.json")
POLICY_FILE = "policy.toml"
#: What the files hold; `docs/commands.md` says what each column means.
RESULTS_COLUMNS = ("household", "total", "currency", "undetermined", "reason", "reason_text")
LINES_COLUMNS = (
    "household", "kind", "first_day", "last_day", "days", "share", "amount", "clause",
    "clause_text", "room", "payer",
)  # fmt: skip

Run = Annotated[int | None, typer.Option("--run", help="number of the run; default the newest")]


def register(app: typer.Typer) -> None:
    group = typer.Typer(no_args_is_help=True, help="Refunds of a whole season.", epilog=EPILOG)
    for command in (draft, review, show, approve, verify, export):
        group.command(epilog=EPILOG)(command)
    payments.register(group)
    app.add_typer(group, name="settle")


def draft(
    season: Season,
    policy: PolicyOrSeasons = "",
    correction: Annotated[
        bool,
        typer.Option(
            "--correction",
            help="settle only what has changed since the season's last approved run",
        ),
    ] = False,
    dask: Annotated[
        str,
        typer.Option("--dask", metavar="URL", help="settle on the workers of this Dask scheduler"),
    ] = "",
    by: ByOption = "",
    company: Company = "",
    config: Config = DEFAULT_CONFIG,
    as_json: Json = False,
) -> None:
    """Settle a season as of now and keep it as a draft; nothing is owed before it is approved.

    With --correction only households whose facts or readings changed since the last approved run
    are settled, and the answer says for each what differs on which days; it is the same run, to
    the byte, as one from scratch.

    Under another policy than the season's own it is a what-if: it can be shown and exported by
    its number, is never approved, and opens no measurement task. A policy of your folder that was
    changed after a run was approved under its id is refused, and so is a template whose text nobody
    has confirmed (heatwatch policy confirm).

    With --dask the workers of a Dask cluster settle it, each reading the lake itself, to the same byte:
    docs/dask.md says when that pays.
    """
    from analytics.facts.placements import moved_sensors
    from heatwatch.services.companies import company_of_season
    from heatwatch.services.settling import draft as make

    actor, world = actor_of(by), open_world(config)
    company_of_season(world, company, season)
    if correction:
        if policy:
            raise WrongCall(msg("--correction keeps the season's policy; allowed: it or --policy"))
        if dask:
            raise WrongCall(
                msg("--correction settles a few households here; allowed: it or --dask")
            )
        _correct(world, season, actor, as_json)
        return
    with progress_bar(msg("settling")) as progress:
        run, what_if, settlement = make(world, season, actor, policy, progress, dask)
    paid = [each for each in settlement.results.own.values() if each.total > 0]
    for sensor in moved_sensors(settlement.snapshot)[:SENSORS_SHOWN]:
        places = [msg("{room} from {at}", room=room, at=_at(world, us)) for room, us in sensor[1:]]
        note(
            msg(
                "a sensor was moved: its readings count for {room}, then for {places}",
                room=sensor[0][0], places=joined(", ", places),
            )
        )  # fmt: skip
    emit(
        {
            "run": run,
            "what_if": what_if,
            "overlay": what_ifs.body_of(settlement.policy.policy.what_if),
            "season": season,
            "drafted_by": actor,
            "policy": settlement.policy.policy.id,
            "policy_sha256": settlement.policy.sha256,
            "snapshot_sha256": settlement.snapshot.sha256(),
            "flush": settlement.flush,
            "households": len(settlement.results),
            "paid": len(paid),
            "total": str(settlement.total()) if settlement.policy.policy.pays() else None,
            "currency": settlement.policy.policy.currency
            if settlement.policy.policy.pays()
            else None,
            "undetermined": settlement.undetermined(),
            "reasons": settlement.reasons(),
            "without_contract": no_contract.named(world, season),
        },
        as_json=as_json,
        table=_summary,
    )


def _correct(world: World, season: str, actor: Actor, as_json: bool) -> None:
    from analytics.ledger.drafts import by_number
    from heatwatch.services.correcting import correct

    with progress_bar(msg("settling")) as progress:
        done = correct(world, season, actor, progress)
    data = corrected(done, reviewed(world, by_number(world.books, done.run)))
    emit(data, as_json=as_json, table=corrected_table)


def _at(world: World, us: int) -> str:
    """An instant [µs] as people read it."""
    return world.formats.instant(from_us(us))


def _summary(data: dict[str, Any]) -> Any:
    sums: list[list[Any]] = [
        [msg("households with a refund"), data["paid"]],
        [msg("total"), money(data["total"], data["currency"])],
    ]
    if data["total"] is None:
        sums = [[msg("households with findings"), data["reasons"].get("non_compliant", 0)]]
    open_ = [msg("households undetermined"), data["undetermined"]]
    rows = [[msg("households"), data["households"]], *no_contract.rows_of(data), *sums, open_]
    reasons = [
        [reason_words(code, data["what_if"]), count] for code, count in data["reasons"].items()
    ]
    title = msg(
        "{kind} {run} · season {season} · {policy} · data version {version}",
        kind=msg("What-if") if data["what_if"] else msg("Draft"),
        run=data["run"], season=data["season"], version=data["flush"],
        policy=what_ifs.policy_words(data["policy"], data["overlay"]),
    )  # fmt: skip
    names = [msg("reason"), msg("households")]
    tables = Group(
        grid(title, ["", ""], rows), grid(msg("All households by reason"), names, reasons)
    )
    return what_ifs.under(what_ifs.notice(data["overlay"], data["what_if"]), tables)


def approve(
    season: Season,
    run: Run = None,
    by: ByOption = "",
    reason: ReasonOption = "",
    company: Company = "",
    config: Config = DEFAULT_CONFIG,
    as_json: Json = False,
) -> None:
    """Write a draft into the ledger; what an approved run said before is corrected, not edited.

    With settlement.approvals = 2 in the configuration, drafter and approver are different people, and
    where several drafts wait --run names the one that was reviewed. A draft is approved only with a
    --reason where facts that it took were corrected or withdrawn since, or rules that it was computed by
    were changed; that facts were recorded since is said, as the next draft has them.

    --by is what the caller says of themselves and proves nothing; the same words in another order are
    the same person. The system's users prove who it was.
    """
    from analytics.ledger.drafts import by_number
    from analytics.ledger.ended_facts import added_facts, ended_facts
    from analytics.ledger.entries import approve as write
    from analytics.ledger.which_run import run_to_approve
    from heatwatch.services.companies import company_of_season
    from heatwatch.services.due import due_day

    actor, world = actor_of(by), open_world(config)
    company_of_season(world, company, season)
    approvals = world.config.settlement.approvals
    number = run_to_approve(world.books, season, run, approvals)
    done = write(world.books, number, By(actor, world.now(), reason), approvals, world.policies)
    for fact in ended_facts(world.books, number)[:SHOWN]:
        note(fact.said(world.formats))
    if added := added_facts(world.books, number):
        note(
            plural(
                "{n} fact was recorded after run {run} was drafted, {kind} of {about}; the run does not "
                "have it: heatwatch settle draft --season {season} --correction",
                "{n} facts were recorded after run {run} was drafted, the first {kind} of {about}; the "
                "run does not have them: heatwatch settle draft --season {season} --correction",
                n=len(added), run=number, kind=added[0].kind, about=added[0].about, season=season,
            )
        )  # fmt: skip
    due = done.due or due_body(due_day(world, by_number(world.books, number)))
    if due is not None:
        note(msg("refunds are to be paid by {day}", day=due_words(due)))
    emit(done, as_json=as_json, table=_approved)


def _approved(done: Any) -> Any:
    title = (
        msg("Run {run} was approved before", run=done.run)
        if done.already
        else msg("Run {run} approved", run=done.run)
    )
    names = [
        msg("refunds"), msg("corrections"), in_currency(msg("added"), done.currency),
        msg("drafted by"), msg("approved by"), msg("head of the ledger"),
    ]  # fmt: skip
    row = [
        done.refunds, done.corrections, done.added, done.drafted_by.shown(),
        done.approved_by.shown(), done.head,
    ]  # fmt: skip
    return grid(title, names, [row])


def export(
    season: Season,
    out: Annotated[
        Path, typer.Option(help="folder for results.csv, lines.csv, run.json, policy.toml")
    ],
    run: Run = None,
    company: Company = "",
    config: Config = DEFAULT_CONFIG,
    as_json: Json = False,
) -> None:
    """Write a run as files: results and lines as CSV, everything with its steps as JSON, the policy's text.

    The names of a what-if's files begin with what-if-.
    """
    from analytics.ledger.drafts import kept, newest
    from heatwatch.services.companies import company_of_season

    world = open_world(config)
    company_of_season(world, company, season)
    found = newest(world.books, season, run)
    results = kept(world.books, found.run)
    overlay = what_ifs.of_run(world, found)
    owes = settle_findings.pays(world, found)
    with writing(out, "--out"):
        paths = _write(out, found, overlay, results, owes)
        paths += _write_policy(world, out, found)
    emit(
        {"files": paths},
        as_json=as_json,
        table=lambda data: what_ifs.under(
            what_ifs.notice(overlay, found.state == "what_if"),
            grid(msg("Exported"), [msg("file")], [[path] for path in data["files"]]),
        ),
    )


def _write(out: Path, found: Any, overlay: Any, results: Iterator[Any], owes: bool) -> list[str]:
    """All three files or none -> their paths; those of a what-if say by their names that they are.

    A crash leaves no sums of one run beside lines of another. One result after the other is read
    and written: a city's steps are never whole in memory.
    """
    from reports.filing.files import whole

    what_if = found.state == "what_if"
    paths = [out / (f"what-if-{name}" if what_if else name) for name in FILES]
    with (
        whole(paths) as (sums, lines, everything),
        _csv(sums, RESULTS_COLUMNS) as write_sums,
        _csv(lines, LINES_COLUMNS) as write_lines,
    ):

        def written() -> Iterator[Any]:
            for each in results:
                write_sums([[*_result(each, found.currency if owes else "", what_if)]])
                write_lines([each.household, *_line(line)] for line in each.lines)
                yield each

        named = {} if overlay is None else {"overlay": overlay}
        write_json(everything, {"run": found, **named, "results": written()})
    return [str(path) for path in paths]


def _write_policy(world: World, out: Path, found: Any) -> list[str]:
    """The text of the run's policy as the run keeps it -> its path; none of a what-if, or of an old run."""
    from analytics.ledger.frozen_inputs import Unkept, policy
    from reports.filing.files import whole

    try:
        kept = policy(world.books, found.policy_sha256)
    except Unkept:
        return []
    if found.state == "what_if":
        return []
    with whole([out / POLICY_FILE]) as (path,):
        path.write_bytes(kept.raw)
    return [str(out / POLICY_FILE)]


def _result(result: Any, currency: str, what_if: bool) -> Iterator[Any]:
    """A result's columns, its reason last in words; without a currency there is no amount."""
    total = result.total if currency else ""
    yield from (result.household, total, currency, result.undetermined, result.reason)
    yield said(reason_words(result.reason, what_if))


def _line(line: dict[str, Any]) -> Iterator[str]:
    """A line's columns; a spreadsheet takes 5/4 for the fifth of April, so 1.25 where that is exact."""
    from analytics.law.clauses import clause_in
    from analytics.law.formulas import decimal

    for name in LINES_COLUMNS[1:-3]:
        exact = name in {"days", "share"}
        yield decimal(Fraction(line[name])) if exact else line[name]
    yield clause_in(line["clause"], spoken_language())
    yield line.get("room", "")
    yield line.get("payer", "")


@contextmanager
def _csv(path: Path, head: Sequence[str]) -> "Iterator[Callable[[Iterable[list[Any]]], None]]":
    """A file with this head; takes rows. Its byte order mark tells Excel that it is UTF-8."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(head)

        def write(rows: Iterable[list[Any]]) -> None:
            writer.writerows([as_cell(c) if isinstance(c, str) else c for c in row] for row in rows)

        yield write
