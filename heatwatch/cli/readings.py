"""`heatwatch readings`: history in, gaps, refused messages and what becomes of them."""

from typing import Annotated, Any

import typer

from domain.actor import By
from domain.errors import WrongCall
from domain.language import msg
from heatwatch.cli.lost_messages import LOST_EPILOG, lost
from heatwatch.cli.options import (
    ByOption,
    Company,
    Config,
    Place,
    SeasonOrLast,
    Since,
    Until,
    actor_of,
)  # fmt: skip
from heatwatch.cli.quarantine import (
    DISMISS_EPILOG,
    REFUSED_EPILOG,
    Before,
    Device,
    Reasons,
    Received,
    Topic,
    dismiss,
    refused,
    selection,
)
from heatwatch.cli.readings_import import IMPORT_EPILOG, AsJson, import_
from heatwatch.output import emit, grid, note
from heatwatch.wiring import DEFAULT_CONFIG, open_world

COVERAGE_EPILOG = """Examples:

heatwatch readings coverage --season 2024-25

heatwatch readings coverage --place L4 --since 2024-12-01 --json"""
REPLAY_EPILOG = """Examples:

heatwatch readings replay --dry

heatwatch readings replay --reason unmapped

heatwatch readings replay --topic 'plant/+/up' --since 2025-01-10"""


def register(app: typer.Typer) -> None:
    group = typer.Typer(
        help="Readings: import, coverage, what was refused or may be lost, replay.",
        no_args_is_help=True,
    )
    group.command("import", epilog=IMPORT_EPILOG)(import_)
    group.command(epilog=COVERAGE_EPILOG)(coverage)
    group.command(epilog=REFUSED_EPILOG)(refused)
    group.command(epilog=DISMISS_EPILOG)(dismiss)
    group.command(epilog=REPLAY_EPILOG)(replay)
    group.command(epilog=LOST_EPILOG)(lost)
    app.add_typer(group, name="readings")


def coverage(
    season: SeasonOrLast = "",
    since: Since = "",
    until: Until = "",
    place: Place = "",
    gaps: Annotated[bool, typer.Option(help="only series with missing time")] = False,
    company: Company = "",
    config: Config = DEFAULT_CONFIG,
    as_json: AsJson = False,
) -> None:
    """How much of each series' time is known; missing time is neither warm nor cold.

    Behind them the homes with rooms that the season's act covers and that no sensor and no measurement record
    tells anything of.
    """
    from heatwatch.cli.coverage_table import coverage_table
    from heatwatch.selection import any_span, place_of
    from heatwatch.services.never_measured import unmeasured
    from ingest.quality.coverage import series_coverage
    from store.registry.places import tree

    world = open_world(config)
    places = tree(world.books)
    wanted = place_of(world, places, place, company)
    span = any_span(world, places.company(wanted), season, since, until)
    rows = series_coverage(world.readings, world.books, world.index, span, places.code(wanted))
    silent = unmeasured(world, places.company(wanted), places.within(wanted), span, world.now())
    if place and not rows and not silent:
        raise WrongCall(
            msg(
                "--place {place!r} has no series; allowed: a place of the registry with sensors", place=place
            )
        )  # fmt: skip
    shown = [row for row in rows if row["missing_hours"] > 0 or not gaps]
    emit(
        {"since": span.since, "until": span.until, "series": shown, "never_measured": silent},
        as_json=as_json,
        table=lambda answer: coverage_table(answer, world.formats),
    )


def replay(
    reason: Reasons = "",
    topic: Topic = "",
    device: Device = "",
    since: Received = "",
    until: Before = "",
    dry: Annotated[
        bool, typer.Option("--dry", help="show what would come of it, keep nothing")
    ] = False,
    by: ByOption = "",
    config: Config = DEFAULT_CONFIG,
    as_json: AsJson = False,
) -> None:
    """Decode open refused messages again, after the mapping or the registry was fixed.

    What is decoded whole is marked as fixed.
    """
    from ingest.files.replay import replay_refused
    from store.books.changes import REPLAY, begun, ended
    from store.journal.quarantine import State
    from store.readings.pair import go_on_behind
    from store.registry.series import feed_id

    actor, world = actor_of(by), open_world(config)
    chosen = selection(world, reason, topic, device, since, until, State.OPEN)
    who = By(actor, world.now())
    feeds = {f.name: feed_id(world.books, f.name, True, who) for f in world.config.ingest.feeds}
    if not dry:
        go_on_behind(world.journal, world.lake, world.books)
    change = None if dry else begun(world.books, who, REPLAY)
    answer = replay_refused(
        world.config.ingest,
        world.readings,
        world.index,
        feeds,
        who,
        chosen,
        keep=not dry,
    )
    if change is not None:
        ended(world.books, change, answer)
    emit(answer, as_json=as_json, table=_replay_table)
    if answer["still_refused"]:
        note(msg("`heatwatch readings refused` shows why the others are refused"))


def _replay_table(answer: dict[str, int]) -> Any:
    names = {
        "messages": msg("messages"), "decoded": msg("decoded"),
        "new_readings": msg("new readings"), "known": msg("there already"), "still_refused": msg("still refused"),
    }  # fmt: skip
    rows = [[names.get(key, key), count] for key, count in answer.items()]
    return grid(msg("Replay"), ["", msg("count")], rows)
