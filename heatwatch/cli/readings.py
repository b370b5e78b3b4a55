"""`heatwatch readings`: history in, gaps, refused messages and what becomes of them."""

import tomllib
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from domain.actor import By
from domain.errors import Refused, WrongCall
from domain.formats import Formats
from domain.language import Text, msg, not_known, plural
from domain.names import quality_words
from heatwatch.cli.options import (
    ByOption,
    Company,
    Config,
    Place,
    ReasonOption,
    SeasonOrLast,
    Since,
    Until,
    actor_of,
)  # fmt: skip
from heatwatch.output import emit, grid, note, said
from heatwatch.wiring import DEFAULT_CONFIG, open_world

IMPORT_EPILOG = """Examples:

heatwatch readings import --mapping rooms.toml rooms-2024.csv.gz

heatwatch readings import --mapping scada.toml --json 2023.csv 2024.parquet

A second call adds nothing that is there already, so an import can be stopped and resumed."""
COVERAGE_EPILOG = """Examples:

heatwatch readings coverage --season 2024-25

heatwatch readings coverage --place L4 --since 2024-12-01 --json"""
REFUSED_EPILOG = """Examples:

heatwatch readings refused

heatwatch readings refused --reason unmapped --limit 5 --json"""
REPLAY_EPILOG = """Examples:

heatwatch readings replay --dry

heatwatch readings replay --reason unmapped"""

AsJson = Annotated[bool, typer.Option("--json", help="the whole answer as JSON")]
SHOWN = 20


def register(app: typer.Typer) -> None:
    group = typer.Typer(
        help="Readings: import, coverage, what was refused, replay.", no_args_is_help=True
    )
    group.command("import", epilog=IMPORT_EPILOG)(import_)
    group.command(epilog=COVERAGE_EPILOG)(coverage)
    group.command(epilog=REFUSED_EPILOG)(refused)
    group.command(epilog=REPLAY_EPILOG)(replay)
    app.add_typer(group, name="readings")


def import_(
    data: Annotated[list[Path], typer.Argument(help="CSV (also .gz, .xz), XLSX, Parquet, zip")],
    mapping: Annotated[Path, typer.Option(help="TOML file that says how they are read")],
    feed: Annotated[str, typer.Option(help="name of their origin; default the mapping's")] = "",
    by: ByOption = "",
    reason: ReasonOption = "",
    config: Config = DEFAULT_CONFIG,
    as_json: AsJson = False,
) -> None:
    """Bring history into the lake; what is refused is listed, the rest goes in.

    Of an import that keeps no reading because it is refused, no record stays.
    """
    from ingest.files.mapping import check_mapping
    from ingest.files.run import import_files
    from store.books.changes import ended
    from store.registry.attempt import attempt, withdraw

    how = check_mapping(_toml(mapping), str(mapping))
    actor, world = actor_of(by), open_world(config)
    who = By(actor, world.now(), reason)
    before = world.lake.last_flush().number
    made = attempt(world.books, feed or how.feed, [*data, mapping], who)
    try:
        with _Bar(len(data), quiet=as_json) as bar:
            report = import_files(
                data, how, world.readings, world.index, made.feed, who.at, bar.show
            )
    except BaseException:
        if world.lake.last_flush().number == before:
            withdraw(world.books, made)
        raise
    kept = bool(report.flushes) or not report.refused
    if kept:
        ended(world.books, made.change, report.counts())
    else:
        withdraw(world.books, made)
    answer = report.plain() | {"by": actor, "change": made.change if kept else None}
    emit(answer, as_json=as_json, table=lambda data: _import_table(data, world.formats))
    if report.refused:
        raise Refused(
            plural(
                "{n} cell was refused; what is listed above is not kept, the rest is",
                "{n} cells were refused; what is listed above is not kept, the rest is",
                n=report.refused,
            )
        )


def _toml(path: Path) -> dict[str, Any]:
    if path.is_dir():
        raise WrongCall(
            msg("--mapping {path} is a folder; allowed: a TOML file, as in examples/", path=path)
        )
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        raise WrongCall(
            msg("--mapping {path}: the file is not there; examples are in examples/", path=path)
        ) from None
    except OSError as wrong:
        raise WrongCall(
            msg("--mapping {path} can't be read: {why}", path=path, why=wrong.strerror)
        ) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as wrong:
        raise WrongCall(msg("--mapping {path} is not TOML: {why}", path=path, why=wrong)) from None


def _import_table(report: dict[str, Any], shown_as: Formats) -> Any:
    from rich.console import Group

    counts = [
        [msg("rows read"), report["rows"]],
        [msg("new readings"), report["readings"]],
        [msg("there already"), report["known"]],
        [msg("refused"), report["refused"]],
        [msg("in conflict"), report["in_conflict"]],
    ]
    if report["left_out"]:
        counts.append([msg("rows without readings"), report["left_out"]])
    counts += [
        [msg("marked: {mark}", mark=quality_words(name)), count]
        for name, count in report["marked"].items()
    ]
    title = msg("Import: nothing was kept")
    if report["change"] is not None:
        title = msg(
            "Import · change {change} by {actor}",
            change=report["change"], actor=report["by"].shown(),
        )  # fmt: skip
    parts: list[Any] = [grid(title, ["", msg("count")], counts)]
    if report["listed"]:
        parts.append(_refused_cells(report["listed"]))
    if report["conflicts"]:
        parts.append(_conflicts(report["conflicts"], report["in_conflict"], shown_as))
    if not report["readings"] and report["known"] and not report["refused"]:
        parts.append(said(msg("Nothing new: every reading of these files is there already.")))
    return Group(*parts)


def _refused_cells(listed: list[dict[str, Any]]) -> Any:
    keys = ("row", "column", "value", "why", "readings")
    rows = [[Path(c["file"]).name, *(c[key] for key in keys)] for c in listed[:SHOWN]]
    title = msg("Refused")
    if len(listed) > SHOWN:
        title = msg("Refused (the first {shown}; all with --json)", shown=SHOWN)
    names = [
        msg("file"), msg("row"), msg("column"), msg("value"), msg("reason"), msg("readings"),
    ]  # fmt: skip
    return grid(title, names, rows)


def _conflicts(listed: list[dict[str, Any]], count: int, shown_as: Formats) -> Any:
    title = msg("In conflict: all are kept, the value counts as unknown")
    if count > len(listed):
        title = msg(
            "In conflict: all are kept, the value counts as unknown (the first {shown})",
            shown=len(listed),
        )
    rows = [
        [
            c["device"], c["channel"], _instant(c["time"], shown_as),
            ", ".join(c["values"]).replace(" Cel", " °C"),
        ]
        for c in listed
    ]  # fmt: skip
    return grid(title, [msg("device"), msg("channel"), msg("time"), msg("values")], rows)


def _instant(at: Any, shown_as: Formats) -> str:
    return shown_as.instant(at if isinstance(at, datetime) else datetime.fromisoformat(str(at)))


class _Bar:
    """A progress bar over files on stderr; silent where JSON is asked for."""

    def __init__(self, files: int, *, quiet: bool) -> None:
        from rich.console import Console
        from rich.progress import (
            BarColumn,
            MofNCompleteColumn,
            Progress,
            TextColumn,
            TimeElapsedColumn,
        )

        console = Console(stderr=True)
        self._progress = Progress(
            TextColumn("{task.description}", markup=False),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            console=console,
            disable=quiet or not console.is_terminal,
            transient=True,
        )
        self._task = self._progress.add_task(said(msg("importing")), total=files)

    def show(self, chunk: Any) -> None:
        whole = 1.0 if chunk.done >= 1.0 else 0.0
        self._progress.update(self._task, advance=whole, description=Path(chunk.file).name)

    def __enter__(self) -> "_Bar":
        self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._progress.stop()


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
    """How much of each series' time is known; missing time is neither warm nor cold."""
    from heatwatch.selection import any_span, place_of
    from ingest.quality.coverage import series_coverage
    from store.registry.places import tree

    world = open_world(config)
    places = tree(world.books)
    wanted = place_of(world, places, place, company)
    span = any_span(world, places.company(wanted), season, since, until)
    rows = series_coverage(world.readings, world.books, world.index, span, places.code(wanted))
    if place and not rows:
        raise WrongCall(
            msg(
                "--place {place!r} has no series; allowed: a place of the registry with sensors", place=place
            )
        )  # fmt: skip
    shown = [row for row in rows if row["missing_hours"] > 0 or not gaps]
    from heatwatch.cli.coverage_table import coverage_table

    emit(
        {"since": span.since, "until": span.until, "series": shown},
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
            _instant(each["received_at"], shown_as), each["feed"], each["topic"],
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
    from store.registry.series import feed_id

    chosen = _reason(reason)
    actor, world = actor_of(by), open_world(config)
    who = By(actor, world.now())
    feeds = {f.name: feed_id(world.books, f.name, True, who) for f in world.config.ingest.feeds}
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
