"""`heatwatch readings`: history in, gaps, quarantine and what becomes of it."""

import tomllib
from pathlib import Path
from typing import Annotated, Any

import typer

from domain.actor import By
from domain.errors import Refused, WrongCall
from heatwatch.cli.options import ByOption, ReasonOption, actor_of
from heatwatch.output import emit, grid, note
from heatwatch.wiring import DEFAULT_CONFIG, open_world

IMPORT_EPILOG = """Examples:

heatwatch readings import --mapping rooms.toml rooms-2024.csv.gz

heatwatch readings import --mapping scada.toml --json 2023.csv 2024.parquet

A second call adds nothing that is there already, so an import can be stopped and resumed."""
COVERAGE_EPILOG = """Examples:

heatwatch readings coverage --since 2024-11-17 --until 2025-04-01

heatwatch readings coverage --place L4 --since 2024-12-01 --json"""
REFUSED_EPILOG = """Examples:

heatwatch readings refused

heatwatch readings refused --reason unmapped --limit 5 --json"""
REPLAY_EPILOG = """Examples:

heatwatch readings replay --dry

heatwatch readings replay --reason unmapped"""

Config = Annotated[Path, typer.Option("--config", "-c")]
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
    data: Annotated[list[Path], typer.Argument(help="CSV, CSV.gz or Parquet files")],
    mapping: Annotated[Path, typer.Option(help="TOML file that says how they are read")],
    feed: Annotated[str, typer.Option(help="name of their origin; default the mapping's")] = "",
    by: ByOption = "",
    reason: ReasonOption = "",
    config: Config = DEFAULT_CONFIG,
    as_json: AsJson = False,
) -> None:
    """Brings history into the lake; what is refused is listed, the rest goes in."""
    from ingest.files.mapping import check_mapping
    from ingest.files.run import import_files
    from store.books.changes import READINGS_IMPORT, begun, ended
    from store.registry.series import feed_id

    how = check_mapping(_toml(mapping), str(mapping))
    actor, world = actor_of(by), open_world(config)
    who = By(actor, world.now(), reason)
    source = feed_id(world.books, feed or how.feed, False, who)
    change = begun(world.books, who, READINGS_IMPORT, [*data, mapping])
    with _Bar(len(data), quiet=as_json) as bar:
        report = import_files(
            data,
            how,
            world.readings,
            world.index,
            source,
            who.at,
            bar.show,
        )
    ended(world.books, change, report.counts())
    answer = report.plain() | {"by": actor, "change": change}
    emit(answer, as_json=as_json, table=_import_table)
    if report.refused:
        cells = "1 cell was" if report.refused == 1 else f"{report.refused:,} cells were"
        raise Refused(f"{cells} refused; what is listed above is not kept, the rest is")


def _toml(path: Path) -> dict[str, Any]:
    if path.is_dir():
        raise WrongCall(f"--mapping {path} is a folder; allowed: a TOML file, as in examples/")
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        raise WrongCall(
            f"--mapping {path}: the file is not there; examples are in examples/"
        ) from None
    except OSError as wrong:
        raise WrongCall(f"--mapping {path} can't be read: {wrong.strerror}") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as wrong:
        raise WrongCall(f"--mapping {path} is not TOML: {wrong}") from None


def _import_table(report: dict[str, Any]) -> Any:
    from rich.console import Group

    counts = [["rows read", report["rows"]], ["new readings", report["readings"]]]
    counts += [["there already", report["known"]], ["refused", report["refused"]]]
    counts += [["in conflict", report["in_conflict"]]]
    counts += [[f"marked {name}", count] for name, count in report["marked"].items()]
    title = f"Import · change {report['change']} by {report['by'].shown()}"
    parts: list[Any] = [grid(title, ["", "count"], counts)]
    listed = report["listed"]
    if listed:
        columns = ["file", "row", "column", "value", "why", "readings"]
        rows = [[Path(c["file"]).name, *(c[name] for name in columns[1:])] for c in listed[:SHOWN]]
        more = len(listed) - SHOWN
        title = "Refused" + (f" (the first {SHOWN}; all with --json)" if more > 0 else "")
        parts.append(grid(title, columns, rows))
    if report["conflicts"]:
        more = report["in_conflict"] - len(report["conflicts"])
        title = "In conflict: all are kept, the value counts as unknown"
        title += f" (the first {len(report['conflicts'])})" if more > 0 else ""
        columns = ["device", "channel", "time", "values"]
        rows = [
            [c["device"], c["channel"], c["time"], ", ".join(c["values"])]
            for c in report["conflicts"]
        ]
        parts.append(grid(title, columns, rows))
    if not report["readings"] and report["known"] and not report["refused"]:
        parts.append("Nothing new: every reading of these files is there already.")
    return Group(*parts)


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
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            console=console,
            disable=quiet or not console.is_terminal,
            transient=True,
        )
        self._task = self._progress.add_task("importing", total=files)

    def show(self, chunk: Any) -> None:
        whole = 1.0 if chunk.done >= 1.0 else 0.0
        self._progress.update(self._task, advance=whole, description=Path(chunk.file).name)

    def __enter__(self) -> "_Bar":
        self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._progress.stop()


def coverage(
    since: Annotated[str, typer.Option(help="local day or time")],
    until: Annotated[str, typer.Option(help="local day or time, not in it; default now")] = "",
    place: Annotated[str, typer.Option(help="code of a place; default everything")] = "",
    gaps: Annotated[bool, typer.Option(help="only series with missing time")] = False,
    config: Config = DEFAULT_CONFIG,
    as_json: AsJson = False,
) -> None:
    """How much of each series' time is known; missing time is neither warm nor cold."""
    from heatwatch.cli.spans import given_span
    from ingest.quality.coverage import series_coverage

    world = open_world(config)
    span = given_span(world, since, until)
    rows = series_coverage(world.readings, world.books, world.index, span, place or None)
    if place and not rows:
        raise WrongCall(
            f"--place {place!r} has no series; allowed: a place of the registry with sensors"
        )
    chosen = [row for row in rows if row["missing_hours"] > 0 or not gaps]
    emit(
        {"since": span.since, "until": span.until, "series": chosen},
        as_json=as_json,
        table=_coverage_table,
    )


def _coverage_table(answer: dict[str, Any]) -> Any:
    columns = [
        "place",
        "role",
        "device",
        "channel",
        "readings",
        "unusable",
        "in_conflict",
        "covered_hours",
        "missing_hours",
        "longest_gap_hours",
    ]
    rows = [[row[name] for name in columns] for row in answer["series"]]
    title = f"Coverage {answer['since']:%Y-%m-%d %H:%M} to {answer['until']:%Y-%m-%d %H:%M} UTC"
    return grid(title, [name.replace("_", " ") for name in columns], rows)


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
    emit(answer, as_json=as_json, table=_refused_table)


def _reason(text: str) -> str | None:
    """A reason of the closed list, None where none was asked for; WrongCall otherwise."""
    from ingest.codecs.message import PART, Reason

    allowed = [*Reason, *(f"{PART}{each}" for each in Reason)]
    if text and text not in allowed:
        raise WrongCall(f"--reason {text!r} is not known; allowed: {', '.join(allowed)}")
    return text or None


def _refused_table(answer: dict[str, Any]) -> Any:
    from rich.console import Group

    columns = ["received_at", "feed", "topic", "reason", "detail", "payload"]
    rows = [[str(each[name])[:80] for name in columns] for each in answer["messages"]]
    counts = grid("Refused, ever", ["reason", "messages"], list(answer["counts"].items()))
    return Group(counts, grid("The last ones", columns, rows))


def replay(
    reason: Annotated[str, typer.Option(help="only messages refused for this reason")] = "",
    dry: Annotated[
        bool, typer.Option("--dry", help="say what would come of it, keep nothing")
    ] = False,
    by: ByOption = "",
    config: Config = DEFAULT_CONFIG,
    as_json: AsJson = False,
) -> None:
    """Decodes refused messages again, after the mapping or the registry was fixed."""
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
    emit(answer, as_json=as_json, table=lambda a: grid("Replay", ["", "count"], list(a.items())))
    if answer["still_refused"]:
        note("`heatwatch readings refused` says why the others are refused")
