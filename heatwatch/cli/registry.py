"""`heatwatch registry`: tree, devices, tariffs, contracts, requests and measurement records, in and out."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from domain.actor import By
from domain.formats import Formats
from domain.language import Text, msg, plural
from heatwatch.cli import registry_template
from heatwatch.cli.codes import ANSWER_IS_NO, SOME_REFUSED
from heatwatch.cli.options import ByOption, Config, ReasonOption, actor_of
from heatwatch.output import emit, grid, note, said, writing
from heatwatch.wiring import DEFAULT_CONFIG, World, open_world

if TYPE_CHECKING:
    from rich.console import Group

    from store.registry.history import Entry
    from store.registry.report import ImportReport

IMPORT_EPILOG = """Examples:

heatwatch registry import city/                      # every registry file of a folder

heatwatch registry import places.csv devices.csv series.csv

heatwatch registry import city.xlsx --strict         # all rows or none

heatwatch registry import city.xlsx --refused-to refused   # refused/city.xlsx says why, beside each row"""

CHECK_EPILOG = "Example:\n\nheatwatch registry check city/ --json"
EXPORT_EPILOG = """Examples:

heatwatch registry export backup/

heatwatch registry export backup/ --format xlsx"""

HISTORY_EPILOG = """Examples:

heatwatch registry history

heatwatch registry history S1-01 --json         # one row, by its code"""

#: How a recorded action is shown.
ACTIONS = {
    "registry import": msg("registry import"),
    "feed": msg("new feed"),
    "readings import": msg("readings import"),
    "readings replay": msg("replay of refused messages"),
    "mirror rebuild": msg("mirror rebuilt"),
    "evidence withdrawn": msg("evidence withdrawn"),
    "before": msg("rows from before"),
}

SHOWN = 30  # refused rows shown in a terminal; --json has all

Files = Annotated[
    list[Path],
    typer.Argument(help="places.csv, devices.csv, series.csv, ..., an .xlsx, or folders of them"),
]
Json = Annotated[bool, typer.Option("--json", help="the whole report as JSON")]

RefusedTo = Annotated[
    Path | None,
    typer.Option(
        "--refused-to",
        help="folder for your own files with a column that says why rows are refused",
    ),
]

app = typer.Typer(
    no_args_is_help=True, help="Tree, devices, tariffs, contracts, requests, measurement records."
)


def register(root: typer.Typer) -> None:
    root.add_typer(app, name="registry")


registry_template.register(app)


@app.command("import", epilog=IMPORT_EPILOG)
def import_files(
    files: Files,
    strict: Annotated[
        bool, typer.Option("--strict", help="write nothing when any row is refused")
    ] = False,
    refused_to: RefusedTo = None,
    by: ByOption = "",
    reason: ReasonOption = "",
    config: Config = DEFAULT_CONFIG,
    as_json: Json = False,
) -> None:
    """Import registry files: what is wrong is listed, the rest goes in, in one transaction.

    Exit 3 when rows were refused; --refused-to gives your own files back with the reasons beside the rows, to be
    corrected there and imported again. Importing the same files again changes nothing. A fact with
    other values (request, measurement record, outage, contract, ...) is a correction: it needs
    --reason, and supersedes the version before.
    """
    from heatwatch.services import importing

    _can_give_back(files, refused_to)
    actor, world = actor_of(by), open_world(config)
    with _bar() as progress:
        done = By(actor, world.now(), reason)
        report = importing.import_files(world, files, by=done, strict=strict, progress=progress)
    _give_back(files, report, refused_to)
    told(report, world, as_json)


@app.command(epilog=CHECK_EPILOG)
def check(
    files: Files,
    refused_to: RefusedTo = None,
    reason: ReasonOption = "",
    config: Config = DEFAULT_CONFIG,
    as_json: Json = False,
) -> None:
    """Show what an import would do and refuse, and write nothing. Exit 5 when a row is wrong."""
    from heatwatch.services import importing

    _can_give_back(files, refused_to)
    world = open_world(config)
    with _bar() as progress:
        report = importing.check_files(world, files, reason=reason, progress=progress)
    _give_back(files, report, refused_to)
    _answer(report, world, as_json)
    if not report.clean:
        raise typer.Exit(ANSWER_IS_NO)


@app.command(epilog=EXPORT_EPILOG)
def export(
    folder: Annotated[Path, typer.Argument(help="where to; made when it is not there")],
    form: Annotated[str, typer.Option("--format", help="csv or xlsx")] = "csv",
    config: Config = DEFAULT_CONFIG,
    as_json: Annotated[bool, typer.Option("--json", help="the paths as JSON")] = False,
) -> None:
    """Write the registry as files that import again to the same registry."""
    from store.registry.export import export_registry

    books = open_world(config).books
    counts: dict[str, int] = {}
    with _bar() as progress:

        def done(kind: str, rows: int) -> None:
            counts[kind] = rows
            progress(msg("writing {kind}", kind=registry_template.sheet_of(kind)), 0, 0)

        with writing(folder, "FOLDER"):
            paths = export_registry(books, folder, form, progress=done)
    answer = {"files": [str(path) for path in paths], "rows": counts}
    emit(
        answer,
        as_json=as_json,
        table=lambda data: grid(
            f"{folder}",
            [msg("kind"), msg("rows")],
            [(registry_template.sheet_of(kind), rows) for kind, rows in data["rows"].items()],
        ),
    )


@app.command(epilog=HISTORY_EPILOG)
def history(
    key: Annotated[str, typer.Argument(help="code of a row; default all changes")] = "",
    limit: Annotated[int, typer.Option(min=1, max=100_000, help="newest ones")] = 50,
    config: Config = DEFAULT_CONFIG,
    as_json: Annotated[bool, typer.Option("--json", help="with every edit")] = False,
) -> None:
    """Who changed registry and readings, when, why and from which files; newest first."""
    from store.registry.history import history as entries
    from store.registry.places import place_code

    world = open_world(config)
    found = entries(world.books, place_code(world.books, key), limit)
    emit(found, as_json=as_json, table=lambda answer: _history(answer, world.formats))


def _history(found: "list[Entry]", formats: Formats) -> "Group":
    heads = (
        msg("change"), msg("time"), msg("actor"), msg("action"), msg("reason"), msg("files"),
        msg("rows"), msg("edits"),
    )  # fmt: skip
    rows = [
        [
            str(each.change), formats.instant(each.at), each.actor.shown(),
            ACTIONS.get(each.action, each.action), each.reason,
            "\n".join(f"{file['file']} {file['sha256'][:12]}" for file in each.files),
            "\n".join(said(line) for line in _counted(each.details)),
            "\n".join([
                *(
                    formats.with_local(
                        f"{edit.key}: {registry_template.column_of(edit.kind, edit.column)} "
                        f"{edit.before or '-'} → {edit.after or '-'}"
                    )
                    for edit in each.edits[:SHOWN]
                ),
                *(said(line) for line in _withdrawn(each.details, formats)),
            ]),
        ]
        for each in found
    ]  # fmt: skip
    return grid(msg("Changes"), heads, rows)


def _counted(details: dict[str, Any]) -> Iterator[Text]:
    """How many rows of each kind an import added and changed; nothing for other changes."""
    for kind, counts in details.items():
        if isinstance(counts, dict) and any(counts.values()):
            yield msg(
                "{kind}: {added} added, {changed} changed",
                kind=registry_template.sheet_of(kind), added=counts.get("added", 0), changed=counts.get("changed", 0),
            )  # fmt: skip


def _withdrawn(details: dict[str, Any], formats: Formats) -> Iterator[Text]:
    """What a withdrawal ended, the time in its key local; nothing for other changes."""
    for fact in details.get("withdrawn", ())[:SHOWN]:
        yield msg("withdrawn: {fact}", fact=formats.with_local(fact))


@contextmanager
def _bar() -> Iterator[Callable[[Text, int, int], None]]:
    """A progress bar on stderr, gone at the end."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    columns = TextColumn("{task.description}", markup=False), BarColumn(), TimeElapsedColumn()
    console = Console(stderr=True)
    shown = console.is_terminal
    with Progress(*columns, console=console, transient=True, disable=not shown) as bar:
        task = bar.add_task("", total=None)
        yield lambda what, done, total: bar.update(
            task, description=said(what), completed=done, total=total or None
        )


def _can_give_back(files: list[Path], refused_to: Path | None) -> None:
    """Said before anything is written."""
    from store.registry.returned import refuse_overwriting

    if refused_to is not None:
        with writing(refused_to, "--refused-to"):
            refuse_overwriting(files, refused_to)


def _give_back(files: list[Path], report: "ImportReport", refused_to: Path | None) -> None:
    """The user's files with the refused rows marked."""
    from store.registry.returned import give_back

    if refused_to is None or report.clean:
        return
    with writing(refused_to, "--refused-to"):
        made = give_back(files, report.refused, refused_to, said)
    for path in made:
        note(msg("refused rows are in {path}", path=path))


def _answer(report: "ImportReport", world: World, as_json: bool) -> None:
    from store.registry.kinds import OLD_NAMES

    emit(report, as_json=as_json, table=_table)
    shown_as = world.formats
    for read in report.files:
        if Path(read.file).stem.lower() in OLD_NAMES:
            note(
                msg(
                    "{file} is now called {kind}.csv; the old name is read for one release",
                    file=read.file,
                    kind=read.kind,
                )
            )
    if report.local_times:
        note(
            plural(
                "{n} time without an offset is taken as local time of {zone}",
                "{n} times without an offset are taken as local times of {zone}",
                n=report.local_times, zone=world.config.city.zone,
            )
        )  # fmt: skip
    if report.made_plain:
        note(
            plural(
                "{n} row has a code in full width, or with marks apart from their letters: it is kept in plain form",
                "{n} rows have codes in full width, or with marks apart from their letters: they are kept in plain form",
                n=report.made_plain,
            )
        )  # fmt: skip
    if as_json:
        return
    for row in report.doubtful[:SHOWN]:
        note(msg("warning: {row}", row=row.text()))
    for change in report.changes[:SHOWN]:
        note(
            msg(
                "changed: {kind} {key}: {column} {before!r} -> {after!r}",
                kind=registry_template.sheet_of(change.kind), key=shown_as.with_local(change.key),
                column=registry_template.column_of(change.kind, change.column),
                before=shown_as.with_local(change.before),
                after=shown_as.with_local(change.after),
            )
        )  # fmt: skip
    causes = report.causes()
    for line in causes[:SHOWN]:
        note(msg("refused: {row}", row=line))
    if (more := len(report.changes) - SHOWN) > 0:
        note(msg("{n} more changed; --json lists all", n=more))
    if (more := len(causes) - SHOWN) > 0:
        note(msg("{n} more refused; --json lists all", n=more))
    if n := report.dependent:
        note(
            plural(
                "{n} more row is refused only because of these, as it names one of them; --json lists it",
                "{n} more rows are refused only because of these, as they name one of them; --json lists them",
                n=n,
            )
        )  # fmt: skip


def told(report: "ImportReport", world: World, as_json: bool) -> None:
    """Prints what an import did, and what is still missing of it; exit 3 when rows were refused."""
    from heatwatch.services.unsigned import unsigned
    from store.registry.certificates import verified_by_flag

    _answer(report, world, as_json)
    for sentence in unsigned(world) if "measurements" in report.counts else ():
        note(sentence)
    if "certificates" in report.counts and (n := verified_by_flag(world.books)):
        note(
            plural(
                "{n} sensor is marked verified in devices.csv and has no certificate: in this "
                "release the mark counts for all its readings; give it a row in certificates.csv",
                "{n} sensors are marked verified in devices.csv and have no certificate: in this "
                "release the mark counts for all its readings; give each a row in certificates.csv",
                n=n,
            )
        )  # fmt: skip
    if not report.clean:
        raise typer.Exit(SOME_REFUSED)


def _table(report: "ImportReport") -> "Group":
    names = {
        "read": msg("read"), "added": msg("added"), "changed": msg("changed"),
        "unchanged": msg("unchanged"), "refused": msg("refused"), "repeated": msg("repeated"),
    }  # fmt: skip
    rows = [
        [registry_template.sheet_of(kind), *(getattr(counts, name) for name in names)]
        for kind, counts in report.counts.items()
    ]
    title: Text = msg("Registry") if report.written else msg("Registry: nothing written")
    if report.change is not None and report.actor is not None:
        title = msg(
            "{title} · change {change} by {actor}",
            title=title, change=report.change, actor=report.actor.shown(),
        )  # fmt: skip
    return grid(title, [msg("kind"), *names.values()], rows)
