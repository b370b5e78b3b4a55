"""`heatwatch settle verify`: the ledger's chains, and a run recomputed from the readings on."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.progress import Progress

from domain.errors import WrongCall
from domain.language import Text, msg, plural
from heatwatch.cli import what_if as what_ifs
from heatwatch.cli.codes import ANSWER_IS_NO
from heatwatch.cli.options import Config, Json
from heatwatch.output import emit, formats, grid, note, said
from heatwatch.wiring import DEFAULT_CONFIG, World, open_world

if TYPE_CHECKING:
    from analytics.ledger.verify import Broken

SHOWN = 30  # facts that ended after the run that took them


@contextmanager
def progress_bar(what: Text) -> Iterator[Callable[[int, int], None]]:
    """A bar on a terminal's stderr; the function it gives takes (done, of all)."""
    console = Console(stderr=True)
    with Progress(console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task(said(what), total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


def money(total: Decimal | str, currency: str) -> str:
    """An amount as people read it; "" where no currency is known, as of a run that owes nothing."""
    return formats().money(Decimal(total), currency) if currency else str(total)


def in_currency(title: Text, currency: str) -> Text:
    """A column's title with the currency of its amounts."""
    if not currency:
        return title
    return msg("{title} ({unit})", title=title, unit=formats().currency(currency))


def reason_words(code: str, what_if: bool = False) -> Text | str:
    """Why a household gets what it gets, or would get, in words; "" where a run kept no reason."""
    from analytics.law.calculators import reason
    from analytics.law.reasons import PAID, WOULD_BE_PAID

    if what_if and code == PAID.code:
        return WOULD_BE_PAID
    return reason(code).text if code else ""


def verify(
    run: Annotated[
        int | None,
        typer.Option("--run", help="recompute this run and compare; default the ledger's chain"),
    ] = None,
    company: Annotated[
        str, typer.Option("--company", help="its code: only its chain; default every company's")
    ] = "",
    head: Annotated[
        list[str] | None,
        typer.Option(
            "--head",
            metavar="HASH",
            help="a head that an approval or a payments command printed: it must still be there",
        ),
    ] = None,
    everything: Annotated[
        bool,
        typer.Option(
            "--all",
            help="every company's ledger, every run recomputed, evidence, policies, readings, journal",
        ),
    ] = False,
    config: Config = DEFAULT_CONFIG,
    as_json: Json = False,
) -> None:
    """Check the ledger's hash chains, or a run from the readings on; exit 5 where it does not hold.

    Each company has a chain of its own, and each entry is held against what its run posts for its
    household, line by line. A ledger that was cut at its end or written anew as a whole shows only
    in a head that is kept elsewhere: every approval, export of payments and import of the bank's
    answers prints it, and --head takes it. A run is
    recomputed from the snapshot and the policy that were kept with it and the readings as of its
    flush, whatever registry, policy files and readings say today. --all checks these, and that
    evidence, registry, policy files, readings and journal are as they were recorded.
    """
    from analytics.ledger.approval import approved_alone
    from analytics.ledger.changed_policies import changed_policies
    from analytics.ledger.ended_facts import ended_facts

    heads = [_hash(each) for each in head or ()]
    if heads and run is not None:
        raise WrongCall(msg("--head is about the ledger, --run about a run; allowed: one of both"))
    if everything and (company or run is not None):
        raise WrongCall(msg("--all checks everything; allowed: it, or --company or --run"))
    world = open_world(config)
    whose = _whose(world, company, run) if company else None
    ended = ended_facts(world.books, run, whose)
    for fact in ended[:SHOWN]:
        note(fact.said(world.formats))
    if (more := len(ended) - SHOWN) > 0:
        note(
            plural(
                "{n} more fact ended after the run that took it; --json lists all",
                "{n} more facts ended after the run that took them; --json lists all",
                n=more,
            )
        )
    changed = changed_policies(world.books, world.policies, whose)
    for each in changed:
        note(each.said())
    if world.config.settlement.approvals > 1:
        for alone in approved_alone(world.books, whose):
            note(alone.said())
    if everything:
        holds = _all_holds(world, heads, ended, as_json)
    elif run is None:
        holds = _chain_holds(world, company, whose, heads, changed, ended, as_json)
    else:
        holds = _run_holds(run, world, as_json)
    if not holds:
        raise typer.Exit(ANSWER_IS_NO)


def _hash(given: str) -> str:
    """A head as the ledger has it; WrongCall for what can't be one."""
    if not re.fullmatch(r"[0-9a-fA-F]{64}", given.strip()):
        raise WrongCall(
            msg(
                "--head {given!r}: expected the 64 digits that an approval or a payments command printed",
                given=given,
            )
        )
    return given.strip().lower()


def _whose(world: World, company: str, run: int | None) -> int:
    """Place id of the company; WrongCall where the run is another's, before anything of it is shown."""
    from analytics.ledger.drafts import by_number
    from heatwatch.selection import company_of
    from heatwatch.services.companies import company_id, company_of_season

    if run is not None:
        company_of_season(world, company, by_number(world.books, run).season)
    return company_id(world, company_of(world.config, company).code)


def _chain_holds(
    world: World,
    company: str,
    whose: int | None,
    heads: list[str],
    changed: list[Any],
    ended: list[Any],
    as_json: bool,
) -> bool:
    from analytics.ledger.verify import verify as check

    broken = check(world.books, whose, heads)
    emit(
        {
            "holds": broken is None,
            "company": company or None,
            "heads": heads,
            "broken": broken,
            "changed_policies": changed,
            "ended_facts": ended,
        },
        as_json=as_json,
        table=lambda _: _chain_said(broken, company),
    )
    return broken is None


def _all_holds(world: World, heads: list[str], ended: list[Any], as_json: bool) -> bool:
    from heatwatch.services.checking import check_all, lacks_journal

    if lacks_journal(world):
        note(msg("store.journal did not come with this copy of the books and is not checked"))
    with checked_parts() as progress:
        found = check_all(world, heads, progress)
    told = [each.told() for each in found]
    emit(
        {"holds": not found, "heads": heads, "findings": told, "ended_facts": ended},
        as_json=as_json,
        table=lambda data: _findings(data["findings"]),
    )
    return not found


@contextmanager
def checked_parts() -> Iterator[Callable[[Text, int, int], None]]:
    """A bar on a terminal's stderr that names what is being checked."""
    console = Console(stderr=True)
    with Progress(console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task("", total=None)
        yield lambda what, done, total: bar.update(
            task, description=said(what), completed=done, total=total
        )


def _findings(found: list[dict[str, Any]]) -> Any:
    if not found:
        return msg("Everything holds: ledgers, runs, evidence, policies, readings, journal, books")
    rows = [[each["what"], each["where"], each["why"]] for each in found]
    return grid(msg("What does not hold"), [msg("damage"), msg("where"), msg("why")], rows)


def _chain_said(broken: "Broken | None", company: str) -> Text:
    from analytics.ledger.damage import Damage

    if broken is None:
        if company:
            return msg("The ledger of company {company} holds", company=company)
        return msg("The ledger holds")
    if broken.damage is Damage.HEAD:
        if broken.company:
            return msg(
                "The ledger of company {company} does not have this head: {why}",
                company=broken.company, why=broken.why,
            )  # fmt: skip
        return msg("No ledger has this head: {why}", why=broken.why)
    whose = (
        msg("The ledger of company {company}", company=broken.company)
        if broken.company
        else msg("The ledger that several companies began in")
        if broken.shared
        else msg("The ledger")
    )
    kinds = {
        "refund": msg("refund"), "correction": msg("correction"), "approval": msg("approval"),
        "": msg("kind unknown"),
    }  # fmt: skip
    return msg(
        "{ledger} breaks at entry {number} ({kind}): {why}",
        ledger=whose, number=broken.number, kind=kinds.get(broken.kind, broken.kind),
        why=broken.why,
    )  # fmt: skip


def _run_holds(run: int, world: World, as_json: bool) -> bool:
    from analytics.ledger.verify import lost_season
    from heatwatch.services.settling import verify as check

    if (why := lost_season(world.books, run)) is not None:
        emit({"holds": False, "why": why}, as_json=as_json, table=lambda data: data["why"])
        return False
    with progress_bar(msg("recomputing")) as progress:
        checked = check(world, run, progress)
    overlay = what_ifs.of_run(world, checked.run)
    told = what_ifs.notice(overlay, checked.run.state == "what_if")
    emit(
        checked,
        as_json=as_json,
        table=lambda shown: what_ifs.under(told, _checked(shown, overlay)),
    )
    return checked.holds is True


def _checked(checked: Any, overlay: what_ifs.Body | None) -> Any:
    run = checked.run
    policy = what_ifs.policy_words(run.policy, overlay)
    rows: list[list[Any]] = [
        [msg("season"), run.season],
        [msg("policy"), f"{policy} ({run.policy_sha256[:12]})"],
        [msg("snapshot"), run.snapshot_sha256[:12]],
        [msg("data version"), str(run.flush)],
        [msg("households"), formats().number(run.households)],
        [msg("total"), money(run.total, run.currency)],
        [msg("drafted by"), run.drafted_by.shown()],
    ]
    if run.approved_by is not None:
        rows.append([msg("approved by"), run.approved_by.shown()])
    if checked.recomputed_sha256:
        rows.append([msg("results as kept"), run.results_sha256])
        rows.append([msg("results recomputed"), checked.recomputed_sha256])
    if checked.differs is not None:
        first = checked.differs
        rows += [
            [msg("first difference"), f"{first.household}: {said(first.part)}"],
            [msg("as kept"), _sum(first.kept)],
            [msg("recomputed"), _sum(first.recomputed)],
        ]
    if checked.why:
        rows.append([msg("reason"), checked.why])
    return grid(_verdict(checked.holds, run.run), ["", ""], rows)


def _verdict(holds: bool | None, run: int) -> Text:
    if holds is None:
        return msg("Run {run} can't be checked", run=run)
    return msg("Run {run} holds", run=run) if holds else msg("Run {run} does not hold", run=run)


def _sum(total: Decimal | None) -> Text | str:
    return msg("not there") if total is None else formats().number(total, 2)
