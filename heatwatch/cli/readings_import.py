"""`heatwatch readings import`: history in, what it came to, and what was refused."""

import tomllib
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from domain.actor import By
from domain.errors import Refused, WrongCall
from domain.formats import Formats
from domain.language import Text, joined, msg, plural
from domain.names import quality_words
from heatwatch.cli.options import ByOption, Config, ReasonOption, actor_of
from heatwatch.output import emit, grid, note, said, writing
from heatwatch.wiring import DEFAULT_CONFIG, open_world

if TYPE_CHECKING:
    from ingest.files.mapping import FileMapping
    from ingest.files.report import ImportReport, Returned

IMPORT_EPILOG = """Examples:

heatwatch readings import --mapping rooms.toml rooms-2024.csv.gz

heatwatch readings import --mapping scada.toml --json 2023.csv 2024.parquet

heatwatch readings import --mapping station.toml --refused-to refused station-7.xlsx 2024.zip

heatwatch readings import --mapping scada.toml history/     # every table in the folder, by name

A second call adds nothing that is there already, so an import can be stopped and resumed."""

AsJson = Annotated[bool, typer.Option("--json", help="the whole answer as JSON")]
SHOWN = 20


def import_(
    data: Annotated[
        list[Path],
        typer.Argument(help="CSV (also .gz, .xz), XLSX, Parquet, zip, or a folder of such"),
    ],
    mapping: Annotated[Path, typer.Option(help="TOML file that says how they are read")],
    feed: Annotated[str, typer.Option(help="name of their origin; default the mapping's")] = "",
    by: ByOption = "",
    reason: ReasonOption = "",
    refused_to: Annotated[
        Path | None,
        typer.Option(
            "--refused-to", help="folder for refused rows, as files like yours with the reasons"
        ),
    ] = None,
    config: Config = DEFAULT_CONFIG,
    as_json: AsJson = False,
) -> None:
    """Bring history into the lake; what is refused is listed, the rest goes in.

    Readings by which stored ones would count otherwise (another value, a higher revision) are a
    correction and go in with a --reason alone. An import that keeps no reading because it is refused
    is no part of the history.
    """
    from ingest.files.folder import files_of
    from ingest.files.mapping import check_mapping
    from ingest.files.report import Returned
    from ingest.files.run import import_files
    from store.registry.attempt import attempt, kept, withdraw

    how = check_mapping(_toml(mapping), str(mapping))
    files, of_folders, others = files_of(data)
    if others:
        _tell_others(others)
    if refused_to is not None:
        with writing(refused_to, "--refused-to"):
            pass  # told before anything is kept
    actor, world = actor_of(by), open_world(config)
    who = By(actor, world.now(), reason)
    before = world.lake.last_flush().number
    returned = None if refused_to is None else Returned()
    made = attempt(world.books, feed or how.feed, [*files, mapping], who)
    try:
        with _Bar(len(files), quiet=as_json) as bar:
            report = import_files(
                files, how, world.readings, world.index, made.feed, who.at, bar.show, returned,
                reason=reason, of_folders=of_folders,
            )  # fmt: skip
    except BaseException:
        if world.lake.last_flush().number == before:
            withdraw(world.books, made)
        raise
    came_in = bool(report.flushes) or report.all_good
    if came_in:
        kept(world.books, made, report.counts())
    else:
        withdraw(world.books, made)
    answer = report.plain() | {"by": actor, "change": made.change if came_in else None}
    if refused_to is not None and returned is not None:
        answer["returned"] = _given_back(
            [each for each in files if str(each) not in {one.file for one in report.unread}],
            how,
            returned,
            refused_to,
            lambda why: world.formats.with_local(said(why)),
        )
    emit(answer, as_json=as_json, table=lambda data: _import_table(data, world.formats))
    if not report.all_good:
        raise Refused(_refused_words(report))


def _refused_words(report: "ImportReport") -> Text:
    """How much was not kept."""
    files = plural(
        "{n} file can't be read, the others are kept",
        "{n} files can't be read, the others are kept",
        n=len(report.unread),
    )
    cells = plural(
        "{n} cell was refused; what is listed above is not kept, the rest is",
        "{n} cells were refused; what is listed above is not kept, the rest is",
        n=report.refused,
    )
    told = [*([files] if report.unread else []), *([cells] if report.refused else [])]
    return joined("; ", told)


def _tell_others(others: list[Path]) -> None:
    """Files of a folder that are no tables by their names."""
    names = ", ".join(each.name for each in others[:SHOWN])
    note(
        plural(
            "{n} file in the folder is no table, and not read: {names}",
            "{n} files in the folder are no tables, and not read: {names}",
            n=len(others), names=names,
        )
    )  # fmt: skip


def _given_back(
    data: list[Path],
    how: "FileMapping",
    returned: "Returned",
    to: Path,
    told: Callable[[Text], str],
) -> list[Path]:
    """The files with the refused rows."""
    from ingest.files.returned import give_back

    with writing(to, "--refused-to"):
        made = give_back(data, how, returned, to, told)
    for path in made:
        note(msg("refused rows are in {path}", path=path))
    if returned.lost:
        note(
            plural(
                "{n} more refused row is not in them",
                "{n} more refused rows are not in them",
                n=returned.lost,
            )
        )
    return made


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
    if report["otherwise"]:
        counts.append([msg("stored ones that count otherwise now"), report["otherwise"]])
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
    if report["unread"]:
        rows = [[Path(each["file"]).name, each["why"]] for each in report["unread"][:SHOWN]]
        unread = msg("Files that can't be read: {n}", n=len(report["unread"]))
        parts.append(grid(unread, [msg("file"), msg("reason")], rows))
    if len(report["refused_in"]) > 1:
        in_files = [[Path(name).name, n] for name, n in [*report["refused_in"].items()][:SHOWN]]
        parts.append(grid(msg("Refused, by file"), [msg("file"), msg("count")], in_files))
    if report["listed"]:
        parts.append(_refused_cells(report["listed"], shown_as))
    if report["corrections"]:
        parts.append(_values(_NOT_CORRECTED, report["corrections"], shown_as))
    if report["conflicts"]:
        title = _in_conflict(len(report["conflicts"]), report["in_conflict"])
        parts.append(_values(title, report["conflicts"], shown_as))
    if not report["readings"] and report["known"] and not report["refused"]:
        parts.append(said(msg("Nothing new: every reading of these files is there already.")))
    return Group(*parts)


def _refused_cells(listed: list[dict[str, Any]], shown_as: Formats) -> Any:
    rows = [
        [
            Path(c["file"]).name, c["row"], c["column"], c["value"],
            shown_as.with_local(said(c["why"])), c["readings"],
        ]
        for c in listed[:SHOWN]
    ]  # fmt: skip
    title = msg("Refused")
    if len(listed) > SHOWN:
        title = msg("Refused (the first {shown}; all with --json)", shown=SHOWN)
    names = [
        msg("file"), msg("row"), msg("column"), msg("value"), msg("reason"), msg("readings"),
    ]  # fmt: skip
    return grid(title, names, rows)


_NOT_CORRECTED = msg(
    "Not kept: stored readings say otherwise, which to correct needs a reason: import again with --reason"
)


def _in_conflict(listed: int, count: int) -> Text:
    if count > listed:
        return msg(
            "In conflict: all are kept, the value counts as unknown (the first {shown})",
            shown=listed,
        )
    return msg("In conflict: all are kept, the value counts as unknown")


def _values(title: Text, listed: list[dict[str, Any]], shown_as: Formats) -> Any:
    rows = [
        [
            c["device"], c["channel"], instant(c["time"], shown_as),
            ", ".join(c["values"]).replace(" Cel", " °C"),
        ]
        for c in listed
    ]  # fmt: skip
    return grid(title, [msg("device"), msg("channel"), msg("time"), msg("values")], rows)


def instant(at: Any, shown_as: Formats) -> str:
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
        self._files, self._file, self._done, self._share = files, "", 0.0, 0.0
        self._task = self._progress.add_task(said(msg("importing")), total=files)

    def show(self, chunk: Any) -> None:
        if chunk.file != self._file:
            self._done, self._file, self._share = self._done + self._share, chunk.file, 0.0
        self._share = max(self._share, chunk.done)
        name = Path(chunk.file).name
        # An archive has more tables than the call has files.
        total = max(self._files, self._done + 1)
        done = self._done + self._share
        self._progress.update(self._task, completed=done, total=total, description=name)

    def __enter__(self) -> "_Bar":
        self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._progress.stop()
