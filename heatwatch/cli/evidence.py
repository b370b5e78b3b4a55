"""`heatwatch evidence`: facts with all their versions, and what should not have been recorded."""

import csv
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from zoneinfo import ZoneInfo

import typer

from domain.actor import By
from domain.errors import WrongCall
from domain.formats import Formats
from domain.language import Text, joined, msg, msg_in, not_known, plural
from domain.recorded import SEPARATOR
from domain.visible import as_cell
from heatwatch.cli import decisions, open_evidence, record_fact, requests
from heatwatch.cli.options import (
    ByOption,
    Company,
    Config,
    Json,
    ReasonOption,
    actor_of,
)
from heatwatch.output import emit, grid, note, writing
from heatwatch.wiring import DEFAULT_CONFIG, World, open_world

if TYPE_CHECKING:
    from rich.console import Group

    from store.evidence.versions import Version

LIST_EPILOG = """Examples:

heatwatch evidence list H1                               # of a household: with its rooms and outages above it

heatwatch evidence list S1-01 --kind outages --known-at 2026-01-31T12:00

heatwatch evidence list H1 --valid-at 2026-01-12         # who bore the fee then, which sensor, which certificate"""

SHOW_EPILOG = """Example:

heatwatch evidence show measurements H1-bed 2025-12-01T18:00"""

HISTORY_EPILOG = """Examples:

heatwatch evidence history H1

heatwatch evidence history --out history.csv      # every version of the company's facts"""

WITHDRAW_EPILOG = """Examples:

heatwatch evidence withdraw requests H1 2025-12-01T08:00 --reason "was the neighbour's request"

heatwatch evidence withdraw --file withdrawals.csv      # columns kind, key, reason; all or none"""

Code = Annotated[
    str, typer.Argument(help="code of a household, room, station or device; default the company")
]
KindOption = Annotated[str, typer.Option("--kind", help="requests, measurements, outages, ...")]
KnownAt = Annotated[
    str, typer.Option("--known-at", metavar="TIME", help="as it was recorded by then; local time")
]
ValidAt = Annotated[
    str,
    typer.Option(
        "--valid-at",
        metavar="TIME",
        help="what held then: spans that contain it, and what happened on its day; local time, a day is its begin",
    ),
]

STATES = {
    "current": msg("current"), "superseded": msg("superseded"), "withdrawn": msg("withdrawn"),
}  # fmt: skip

RECORDED = msg_in("of a fact", "recorded")
SHOWN = 5  # keys on record that a wrong one is answered with

app = typer.Typer(
    no_args_is_help=True,
    help="Facts: requests, measurement records, outages, contracts, ... and all their versions.",
)


def register(root: typer.Typer) -> None:
    root.add_typer(app, name="evidence")


record_fact.register(app)
decisions.register(app)
open_evidence.register(app)


@app.command("list", epilog=LIST_EPILOG)
def list_facts(
    code: Code = "",
    kind: KindOption = "",
    known_at: KnownAt = "",
    valid_at: ValidAt = "",
    company: Company = "",
    config: Config = DEFAULT_CONFIG,
    as_json: Json = False,
) -> None:
    """Current facts about a place or device, or those that were known at an instant, or held at one."""
    world = open_world(config)
    known, held = (
        _instant(world, text, option)
        for text, option in ((known_at, "--known-at"), (valid_at, "--valid-at"))
    )
    found = _versions(world, company, code, kind, known_at=known, valid_at=held)
    emit(found, as_json=as_json, table=lambda data: _table(msg("Facts"), data, world.formats))


@app.command(epilog=HISTORY_EPILOG)
def history(
    code: Code = "",
    kind: KindOption = "",
    out: Annotated[str, typer.Option(help="write every version into this CSV file")] = "",
    company: Company = "",
    config: Config = DEFAULT_CONFIG,
    as_json: Json = False,
) -> None:
    """Every version of facts, also superseded and withdrawn ones: who, when, why, from where."""
    world = open_world(config)
    found = _versions(world, company, code, kind, every=True)
    if not out:
        emit(found, as_json=as_json, table=lambda data: _history(data, world.formats))
        return
    with writing(Path(out).parent, "--out"):
        _write(Path(out), found, world.formats.zone)
    answer = {"file": out, "versions": len(found)}
    emit(
        answer,
        as_json=as_json,
        table=lambda _: plural(
            "{n} version in {file}", "{n} versions in {file}", n=len(found), file=out
        ),
    )


@app.command(epilog=SHOW_EPILOG)
def show(
    kind: Annotated[str, typer.Argument(help="requests, measurements, outages, ...")],
    key: Annotated[list[str], typer.Argument(help="its code, then its time or season")],
    company: Company = "",
    config: Config = DEFAULT_CONFIG,
    as_json: Json = False,
) -> None:
    """One fact with all its versions, the oldest first; a request also with its life: what it is now,
    why, by when somebody must come, and whether a cold spell runs under it.
    """
    from heatwatch.selection import company_of
    from heatwatch.services.companies import network_of
    from store.evidence.named import named_key
    from store.evidence.recorded import code_in, near_keys, recorded, recorded_kind
    from store.evidence.versions import scope_of_codes

    world, fact, given = open_world(config), recorded_kind(kind), SEPARATOR.join(key)
    zone = ZoneInfo(world.config.city.zone)
    network = network_of(world, company_of(world.config, company).code)
    scope = scope_of_codes(world.books, network, fact, [code_in(fact, given)])
    own = recorded(world.books, scope, zone, [kind], every=True)
    wanted = named_key(fact, given, zone, own)
    found = [each for each in own if each.key == wanted]
    if not found:
        near = near_keys(world.books, network, fact, wanted, zone, SHOWN)
        wanted = world.formats.with_local(wanted)
        raise WrongCall(not_known(msg("{kind} key", kind=kind), wanted, near))
    if kind == requests.KIND:
        requests.show(world, company_of(world.config, company).code, found, as_json, _history)
        return
    emit(found, as_json=as_json, table=lambda data: _history(data, world.formats))


@app.command(epilog=WITHDRAW_EPILOG)
def withdraw(
    kind: Annotated[str, typer.Argument(help="requests, measurements, outages, ...")] = "",
    key: Annotated[
        list[str] | None, typer.Argument(help="its code, then its time or season")
    ] = None,
    file: Annotated[str, typer.Option("--file", help="CSV with kind, key, reason")] = "",
    by: ByOption = "",
    reason: ReasonOption = "",
    company: Company = "",
    config: Config = DEFAULT_CONFIG,
    as_json: Json = False,
) -> None:
    """Withdraw facts that should not have been recorded, each with a reason. They stay in the history.

    Later settlements leave them out; earlier runs keep what they took, and settle verify names it. Of
    a placement that an approved run counted readings of, what it puts at stake is said.
    """
    from heatwatch.selection import company_of
    from heatwatch.services.companies import network_of
    from heatwatch.services.withdrawn import at_stake
    from store.evidence.withdraw import Withdrawal, read_withdrawals
    from store.evidence.withdraw import withdraw as end

    actor, world = actor_of(by), open_world(config)
    if bool(file) == bool(kind):
        raise WrongCall(msg("give a KIND and a KEY, or --file; one of them"))
    path = Path(file) if file else None
    wanted = (
        read_withdrawals(path) if path else [Withdrawal(kind, SEPARATOR.join(key or ()), reason)]
    )
    network = network_of(world, company_of(world.config, company).code)
    who = By(actor, world.now(), reason)
    done = end(world.books, wanted, who, network, ZoneInfo(world.config.city.zone), path)
    for line in at_stake(world, network, done):
        note(line)
    emit(done, as_json=as_json, table=lambda data: _table(msg("Withdrawn"), data, world.formats))


def _versions(
    world: World, company: str, code: str, kind: str,
    *, known_at: datetime | None = None, valid_at: datetime | None = None, every: bool = False,
) -> "list[Version]":  # fmt: skip
    from heatwatch.selection import company_of
    from heatwatch.services.companies import network_of
    from store.evidence.recorded import recorded, recorded_kind
    from store.evidence.versions import scope_of

    kinds = [recorded_kind(kind).name] if kind else []
    network = network_of(world, company_of(world.config, company).code)
    scope, zone = scope_of(world.books, network, code), ZoneInfo(world.config.city.zone)
    return recorded(
        world.books, scope, zone, kinds, known_at=known_at, every=every, valid_at=valid_at
    )


def _instant(world: World, text: str, option: str) -> datetime | None:
    from heatwatch.selection import local_time

    return local_time(text, option, ZoneInfo(world.config.city.zone)) if text else None


def _key(version: "Version", formats: Formats) -> str:
    """As a person reads it: its time is local."""
    if version.at is None:
        return version.key
    return SEPARATOR.join([*version.key.split(SEPARATOR)[:-1], formats.instant(version.at)])


def _values(version: "Version", formats: Formats) -> str:
    """Its columns as a file calls them; times are local."""
    from store.evidence.recorded import recorded_kind
    from store.registry.values import instant

    kind = recorded_kind(version.kind)
    shown = {
        name: formats.instant(datetime.fromisoformat(text))
        if text and kind.columns[kind.at[name]].parse is instant
        else text
        for name, text in version.values.items()
    }
    return "\n".join(f"{name} {text}" for name, text in shown.items() if text)


def _table(title: Text, found: "list[Version]", formats: Formats) -> "Group":
    heads = [msg("kind"), msg("key"), msg("content"), RECORDED, msg("by"), msg("source")]
    rows = [
        [
            each.kind, _key(each, formats), _values(each, formats), formats.instant(each.recorded_at),
            each.recorded_by.shown(), _source(each.source),
        ]
        for each in found
    ]  # fmt: skip
    return grid(title, heads, rows)


def _history(found: "list[Version]", formats: Formats) -> "Group":
    heads = [
        msg("kind"), msg("key"), msg("content"), msg("state"), RECORDED, msg("ended"),
    ]  # fmt: skip
    rows = [
        [
            each.kind, _key(each, formats), _values(each, formats), STATES[each.state.value],
            _line(
                formats.instant(each.recorded_at), each.recorded_by.shown(), each.reason,
                _source(each.source),
            ),
            "" if each.ended_at is None or each.ended_by is None
            else _line(formats.instant(each.ended_at), each.ended_by.shown(), each.end_reason),
        ]
        for each in found
    ]  # fmt: skip
    return grid(msg("History of facts"), heads, rows)


def _source(text: str) -> Text | str:
    """A file and row as they are kept, in the language of the answer; other sources as they are."""
    from store.registry.report import in_row

    file, _, row = text.rpartition(", row ")
    return in_row(file, int(row)) if file and row.isdecimal() else text


def _line(*parts: Text | str) -> Text:
    return joined("\n", [each for each in parts if str(each)])


def _write(path: Path, found: "list[Version]", zone: ZoneInfo) -> None:
    """As CSV, one version a row; values as `column=cell`, as registry files have them.

    When it was recorded and ended is in local time with its offset, as a spreadsheet shows its day.
    """
    columns = (
        "kind", "key", "version", "supersedes", "state", "values", "source", "recorded_at",
        "recorded_by", "reason", "ended_at", "ended_by", "end_reason",
    )  # fmt: skip
    with path.open("w", encoding="utf-8-sig", newline="") as out:
        writer = csv.writer(out, lineterminator="\r\n")
        writer.writerow(columns)
        for each in found:
            values = "; ".join(f"{name}={text}" for name, text in each.values.items())
            ends = "" if each.ended_at is None else each.ended_at.astimezone(zone).isoformat()
            row = (
                each.kind, each.key, each.version, each.supersedes, each.state.value, values,
                each.source, each.recorded_at.astimezone(zone).isoformat(), each.recorded_by, each.reason, ends,
                each.ended_by or "", each.end_reason,
            )  # fmt: skip
            writer.writerow([as_cell("" if cell is None else str(cell)) for cell in row])
