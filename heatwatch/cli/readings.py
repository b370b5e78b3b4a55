"""`heatwatch readings`: history in, gaps, refused messages and what becomes of them."""

from typing import Annotated, Any

import typer

from domain.actor import By
from domain.errors import WrongCall
from domain.formats import Formats
from domain.language import Text, msg, not_known
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
from heatwatch.cli.readings_import import IMPORT_EPILOG, SHOWN, AsJson, import_, instant
from heatwatch.output import emit, grid, note, said
from heatwatch.wiring import DEFAULT_CONFIG, open_world

COVERAGE_EPILOG = """Examples:

heatwatch readings coverage --season 2024-25

heatwatch readings coverage --place L4 --since 2024-12-01 --json"""
REFUSED_EPILOG = """Examples:

heatwatch readings refused

heatwatch readings refused --reason unmapped --limit 5 --json"""
REPLAY_EPILOG = """Examples:

heatwatch readings replay --dry

heatwatch readings replay --reason unmapped"""


def register(app: typer.Typer) -> None:
    group = typer.Typer(
        help="Readings: import, coverage, what was refused or may be lost, replay.",
        no_args_is_help=True,
    )
    group.command("import", epilog=IMPORT_EPILOG)(import_)
    group.command(epilog=COVERAGE_EPILOG)(coverage)
    group.command(epilog=REFUSED_EPILOG)(refused)
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


def refused(
    reason: Annotated[str, typer.Option(help="undecodable, unmapped, implausible, part_...")] = "",
    limit: Annotated[int, typer.Option(min=0, help="messages listed, newest last; 0: all")] = SHOWN,
    config: Config = DEFAULT_CONFIG,
    as_json: AsJson = False,
) -> None:
    """Messages that were kept whole because they could not become readings."""
    from collections import deque

    chosen = _reason(reason)
    world = open_world(config)
    found = deque(world.journal.refused(chosen), maxlen=limit or None)
    listed = [
        {
            "received_at": each.received_at,
            "feed": each.feed,
            "topic": each.topic,
            "reason": each.reason,
            "detail": each.detail,
            "payload": each.payload.decode("utf-8", "backslashreplace"),
        }
        for each in found
    ]
    answer = {"counts": world.journal.counts().refused, "messages": listed}
    emit(answer, as_json=as_json, table=lambda data: _refused_table(data, world.formats))


def _reason(text: str) -> str | None:
    """A reason of the closed list, None where none was asked for; WrongCall otherwise."""
    from ingest.codecs.message import PART, Reason

    allowed = [*Reason, *(f"{PART}{each}" for each in Reason)]
    if text and text not in allowed:
        raise WrongCall(not_known("--reason", text, allowed))
    return text or None


def _refused_table(answer: dict[str, Any], shown_as: Formats) -> Any:
    from rich.console import Group

    from ingest.codecs.words import detail_words

    rows = [
        [
            instant(each["received_at"], shown_as), each["feed"], each["topic"],
            reason_words(each["reason"]), said(detail_words(each["detail"]))[:80], each["payload"][:80],
        ]
        for each in answer["messages"]
    ]  # fmt: skip
    names = [
        msg("received"), msg("feed"), msg("topic"), msg("reason"), msg("detail"), msg("payload"),
    ]  # fmt: skip
    counts = [[reason_words(code), count] for code, count in answer["counts"].items()]
    return Group(
        grid(msg("Refused so far"), [msg("reason"), msg("messages")], counts),
        grid(msg("The newest ones"), names, rows),
    )


def reason_words(code: str) -> Text | str:
    """Why something was kept whole instead of becoming a reading."""
    known = {
        "undecodable": msg("not decodable"), "unmapped": msg("not in the registry"),
        "implausible": msg("implausible value"),
        "out_of_sequence": msg("a message before it is missing"),
        "stranger": msg("of a device that nobody registered"),
    }  # fmt: skip
    part, _, rest = code.rpartition("part_")
    text = known.get(rest, rest)
    return msg("part of a message: {reason}", reason=text) if rest != code and not part else text


def replay(
    reason: Annotated[str, typer.Option(help="only messages refused for this reason")] = "",
    dry: Annotated[
        bool, typer.Option("--dry", help="show what would come of it, keep nothing")
    ] = False,
    by: ByOption = "",
    config: Config = DEFAULT_CONFIG,
    as_json: AsJson = False,
) -> None:
    """Decode refused messages again, after the mapping or the registry was fixed."""
    from ingest.files.replay import replay_refused
    from store.books.changes import REPLAY, begun, ended
    from store.readings.pair import go_on_behind
    from store.registry.series import feed_id

    chosen = _reason(reason)
    actor, world = actor_of(by), open_world(config)
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
        who.at,
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
