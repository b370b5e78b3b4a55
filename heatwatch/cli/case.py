"""`heatwatch case`: what somebody must do for a household, with the act's limit."""

from functools import partial
from typing import TYPE_CHECKING, Annotated

import typer

from domain.actor import By
from domain.errors import WrongCall
from domain.formats import Formats
from domain.language import Text, msg
from heatwatch.cli import objections
from heatwatch.cli.codes import ANSWER_IS_NO
from heatwatch.cli.options import (
    ByOption,
    Company,
    Config,
    Json,
    PolicyOrSeasons,
    ReasonOption,
    actor_of,
)
from heatwatch.output import emit, grid
from heatwatch.wiring import DEFAULT_CONFIG, HIGHEST_NUMBER, open_world

if TYPE_CHECKING:
    from rich.console import Group

    from cases.tasks import Task

OPEN_EPILOG = """Examples:

heatwatch case open --season 2025-26              # for every request, and done ones closed

heatwatch case open --season 2025-26 --run 3      # and for what run 3 left undetermined"""

DONE_EPILOG = """Examples:

heatwatch case done 12

heatwatch case done 13 --reason "the household moved out\""""

HEADS = (
    msg("task"), msg("household"), msg("address"), msg("cause"), msg("since"), msg("due"),
    msg("late"), msg("done at"), msg("opened by"), msg("done by"), msg("reason"),
)  # fmt: skip


app = typer.Typer(
    no_args_is_help=True,
    help="Tasks, such as measurements, the time limits of the act, and objections.",
)


def register(root: typer.Typer) -> None:
    root.add_typer(app, name="case")


objections.register(app)


@app.command("open", epilog=OPEN_EPILOG)
def open_cases(
    season: Annotated[str, typer.Option(help="code of the season")],
    run: Annotated[int | None, typer.Option(help="settlement run of this season")] = None,
    policy: PolicyOrSeasons = "",
    by: ByOption = "",
    company: Company = "",
    config: Config = DEFAULT_CONFIG,
    as_json: Json = False,
) -> None:
    """Open the tasks that a season's requests and other causes ask for, and close those with evidence."""
    from analytics.law.policy import load, of_season
    from analytics.ledger.drafts import newest
    from cases.calendar.seasons import season_of
    from cases.kinds.measurement import NAME, close_ended
    from cases.tasks import close_by_evidence, open_of_run, open_of_season
    from domain.time import Span
    from heatwatch.services.companies import chosen_season, company_id, company_of_season
    from heatwatch.services.confirming import not_confirmed, settles
    from heatwatch.services.home_laws import HomeLaws
    from heatwatch.services.requests import request_lives

    actor, world = actor_of(by), open_world(config)
    who = By(actor, world.now())
    own_company = company_of_season(world, company, season).code
    whose = company_id(world, own_company)
    asked = season_of(world.books, season)
    own = world.policies
    law = load(policy, own) if policy else of_season(asked.policy, own)
    own_season = chosen_season(world, own_company, season)
    chosen = law.policy.in_season(Span(own_season.since, own_season.until), own_season.zone)
    if not settles(world, own_season, law):
        raise WrongCall(not_confirmed(law, season))
    if chosen.what_if is not None:
        raise WrongCall(
            msg(
                "{policy} is a what-if, for which nobody is sent out; allowed: the season's own policy",
                policy=chosen.id,
            )
        )
    if run is not None:
        newest(world.books, season, run)  # refuses one that is not there
    lives = request_lives(world, own_season, who.at)
    laws = HomeLaws(world, whose)
    laws.named(own_season, chosen)
    theirs = partial(laws.holds, own_season)
    opened = open_of_season(world.books, asked.span, chosen, who, asked.places, lives, theirs)
    if run is not None:
        opened |= open_of_run(world.books, run, chosen, who)
    closed = close_by_evidence(world.books, who, whose, laws)
    closed[NAME] += close_ended(world.books, who, asked.homes, lives)
    answer = {**opened, "closed": sum(closed.values())}
    emit(answer, as_json=as_json, table=lambda _: _opened(opened, closed))


@app.command("list", epilog="Example:\n\nheatwatch case list --all --json")
def list_cases(
    every: Annotated[bool, typer.Option("--all", help="also tasks that are done")] = False,
    company: Company = "",
    config: Config = DEFAULT_CONFIG,
    as_json: Json = False,
) -> None:
    """Tasks by their limit, the most urgent first."""
    from cases.tasks import tasks
    from heatwatch.selection import company_of
    from heatwatch.services.companies import company_id

    world = open_world(config)
    whose = company_id(world, company_of(world.config, company).code)
    found = tasks(world.books, world.now(), whose, every=every)
    emit(found, as_json=as_json, table=lambda data: _table(data, world.formats))


@app.command(epilog=DONE_EPILOG)
def done(
    task: Annotated[int, typer.Argument(min=1, max=HIGHEST_NUMBER, help="its number in the list")],
    by: ByOption = "",
    reason: ReasonOption = "",
    company: Company = "",
    config: Config = DEFAULT_CONFIG,
    as_json: Json = False,
) -> None:
    """Mark a task as done now. Exit 5 when there is no such open task.

    It needs evidence since the task's cause, as a measurement record or a refusal, or a --reason.
    """
    from cases.tasks import finish
    from heatwatch.selection import company_of
    from heatwatch.services.companies import company_id
    from heatwatch.services.home_laws import HomeLaws

    actor, world = actor_of(by), open_world(config)
    who = By(actor, world.now(), reason)
    whose = company_id(world, company_of(world.config, company).code)
    finished = finish(world.books, task, who, whose, HomeLaws(world, whose))
    answer = {"task": task, "done": finished, "at": who.at, "by": actor}
    emit(answer, as_json=as_json, table=lambda _: _finished(task, finished, who, world.formats))
    if not finished:
        raise typer.Exit(ANSWER_IS_NO)


def _table(found: "list[Task]", formats: Formats) -> "Group":
    """A table for each kind that has tasks; an empty one where there are none at all."""
    from rich.console import Group

    from cases.kinds import KINDS, title_of

    names = list(dict.fromkeys(each.kind for each in found)) or KINDS[:1]
    tables = ([each for each in found if each.kind == name] for name in names)
    return Group(
        *(
            grid(title_of(name), HEADS, [_row(each, formats) for each in table])
            for name, table in zip(names, tables, strict=True)
        )
    )


def _row(each: "Task", formats: Formats) -> list[Text | str]:
    from cases.kinds import cause_words

    return [
        str(each.id), each.household, each.address, cause_words(each.kind, each.cause),
        formats.instant(each.cause_at), formats.instant(each.due_at) if each.due_at else "",
        msg("late") if each.overdue else "",
        formats.instant(each.done_at) if each.done_at else "",
        each.opened_by.shown(), each.done_by.shown() if each.done_by else "", each.done_reason,
    ]  # fmt: skip


def _opened(opened: dict[str, int], closed: dict[str, int]) -> "Group":
    from cases.case import causes_of
    from cases.kinds import kinds

    every = kinds()
    causes = [cause for kind in every.values() for cause in causes_of(kind)]
    rows = [[each.opened, opened[each.counted]] for each in causes if each.counted in opened]
    rows += [[every[name].closed, count] for name, count in closed.items()]
    return grid(msg("Tasks"), [msg("tasks"), msg("number")], rows)


def _finished(task: int, finished: bool, who: By, formats: Formats) -> Text:
    if not finished:
        return msg("There is no open task {task}.", task=task)
    return msg(
        "Task {task} is done, {at}, by {actor}.",
        task=task, at=formats.instant(who.at), actor=who.actor.shown(),
    )  # fmt: skip
