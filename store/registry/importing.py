"""Registry files into the books: every row is judged before anything is written.

A refused row is left out together with the rows that depend on it; the rest is written in one
transaction, or nothing at all when `strict` and a row was refused. Importing the same files
again changes nothing. Rows that a file no longer has stay: what ends gets an `until`. A fact is
never overwritten: other values are a correction, which needs a reason and supersedes the version
before, and what was withdrawn does not return without one (`store.registry.corrections`).
"""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, insert

from domain.actor import By
from domain.contract_terms import ContractTerms
from domain.language import Text, msg
from store.books.cells import write as cell
from store.books.changes import REGISTRY_IMPORT, WRITTEN_BY, RegistryEdit, record
from store.registry import books
from store.registry.checks import NO_CHECKS, Checks
from store.registry.codes import in_plain_codes
from store.registry.corrections import corrections_say_why, kept_rows
from store.registry.kinds import KIND_OF, KINDS, Kind
from store.registry.moves import seasons_keep_their_places
from store.registry.named_places import named_places
from store.registry.read import Sheet, read_sheets
from store.registry.report import Change, Counts, FileRead, ImportReport, Refusals
from store.registry.rows import (
    Known,
    PlaceFacts,
    Present,
    Rows,
    SeasonFacts,
    Seen,
)
from store.registry.rules import RULES, Existing
from store.registry.tree import hang_up, name_kept_parents

#: Called with (what is being done, rows done, rows in all) for a progress bar.
Progress = Callable[[Text, int, int], None]
#: Columns of a version beside its values, in the order of `_Plan.inserts`.
VERSION = ["supersedes_id", "source"]
#: Kinds whose accepted rows later kinds are judged by; places are learned where they are hung up.
LEARNED = {"devices", "seasons", "tariffs", "contracts", "contract_terms", "corner_rooms"}


def import_registry(
    engine: Engine,
    files: Sequence[Path],
    *,
    by: By,
    strict: bool = False,
    progress: Progress | None = None,
    checks: Checks = NO_CHECKS,
    present: Present | None = None,
    source: str = "",
    seen: Seen | None = None,
) -> ImportReport:
    """Imports CSV and XLSX files, or folders of them, all together and in any order.

    `checks` are what rooms above the store know, `present` in which zone times without an offset
    are and what time it is; without it both are refused or not asked. `source`: where facts come
    from that were in no file of a person's; "": their file and row. `seen`: by what the files' only row
    was made, which is refused where that has changed meanwhile.

    Where a row changes, a record of the change names `by` and each file with its sha256, and
    the rows name that record (with a `source`: no file). Raises WrongCall for files that are not there or whose name is no
    kind. Refused rows are in the report, not raised.
    """
    known = Known(checks, present, by.reason, source, seen)
    return _run(engine, files, known, strict=strict, by=by, progress=progress or _quiet)


def check_registry(
    engine: Engine,
    files: Sequence[Path],
    *,
    progress: Progress | None = None,
    checks: Checks = NO_CHECKS,
    present: Present | None = None,
    reason: str = "",
) -> ImportReport:
    """What `import_registry` would answer, without writing anything; `reason` as its `by` has it."""
    known = Known(checks, present, reason)
    return _run(engine, files, known, strict=False, by=None, progress=progress or _quiet)


def _quiet(_what: Text, _done: int, _all: int) -> None:
    pass


@dataclass(frozen=True, slots=True)
class _Plan:
    """What one kind brings: tuples of id and values; of facts also the version before, and source."""

    kind: Kind
    counts: Counts
    inserts: list[tuple[Any, ...]]
    updates: list[tuple[Any, ...]]  # of facts: (id,) of the versions that end
    keys: list[str]  # of the rows that change, as text
    changes: list[Change]
    local_times: int  # cells that were taken for local times
    made_plain: int  # rows with a code in another width or composition


def _run(
    engine: Engine,
    files: Sequence[Path],
    known: Known,
    *,
    strict: bool,
    by: By | None,
    progress: Progress,
) -> ImportReport:
    """The report; nothing is written without `by`."""
    progress(msg("reading files"), 0, 0)
    refusals = Refusals()
    sheets = read_sheets(files, refusals)
    with engine.connect() as connection:
        if by is not None:
            books.lock(connection)
        known.settled = books.approved_runs(connection)
        known.settled_seasons = books.settled_seasons(connection)
        known.writer = partial(books.writer, connection)
        sheets = in_plain_codes(connection, sheets)
        kinds = {sheet.kind.name for sheet in sheets}
        known.basic_fees = books.basic_fees(connection) if "contracts" in kinds else {}
        known.dated_fees = books.dated_fees(connection) if "places" in kinds else {}
        known.term_ends = books.term_ends(connection) if "seasons" in kinds else {}
        known.contracts = partial(books.contracts_of, connection)
        known.home_of_both = partial(books.home_of_both, connection)
        plans = _plan(connection, sheets, refusals, known, write=by is not None, progress=progress)
        read = tuple(sheet.read for sheet in sheets)
        written, change = by is not None and not (strict and refusals.rows), None
        if by is not None and written:
            change = _write(connection, plans, by, () if known.source else read, progress)
            connection.commit()
    labels = [each.file for each in read]
    return ImportReport(
        files=read,
        counts={plan.kind.name: plan.counts for plan in plans},
        refused=refusals.sorted(labels),
        doubtful=refusals.sorted_doubts(labels),
        changes=tuple(change for plan in plans for change in plan.changes),
        written=written,
        actor=None if by is None else by.actor,
        change=change,
        local_times=sum(plan.local_times for plan in plans),
        made_plain=sum(plan.made_plain for plan in plans),
    )


def _plan(
    connection: Connection,
    sheets: list[Sheet],
    refusals: Refusals,
    known: Known,
    *,
    write: bool,
    progress: Progress,
) -> list[_Plan]:
    """Judges kind by kind, each after the kinds it refers to."""
    plans = []
    wanted = {sheet.kind.name for sheet in sheets}
    total, done = sum(len(sheet.numbers) for sheet in sheets), 0
    named = named_places(connection, sheets)
    for kind in KINDS:
        if kind.name not in _with_references(wanted):
            continue
        progress(msg("checking {kind}", kind=kind.name), done, total)
        only = named.rows_of(kind)
        existing = books.existing_rows(connection, kind, known.superseded, only)
        _learn(kind, [(number, values) for number, values in existing.values()], known)
        if kind.name not in wanted:
            continue
        mine = [sheet for sheet in sheets if sheet.kind is kind]
        if unread := [sheet.read.file for sheet in mine if sheet.unread]:
            known.unread[kind.name] = unread[0]
        rows = Rows(kind, mine, refusals, known.present)
        accepted = _judge(connection, rows, known, existing, only, write=write)
        plans.append(_compare(rows, accepted, existing, known))
        done += len(rows)
    progress(msg("checked"), done, total)
    return plans


def _with_references(names: set[str]) -> set[str]:
    """The kinds and all kinds they refer to or are judged by, directly or not."""
    below = {column.refers for name in names for column in KIND_OF[name].columns} - {""}
    if names & {"requests", "measurements", "refusals"}:
        below |= {"seasons"}  # in which they count; whose policy says how many must have signed
    if "decisions" in names:
        below |= {"seasons", "contract_terms", "corner_rooms"}  # what temperature is owed
    if "contract_terms" in names:
        below |= {"contracts"}  # whose fee a basic fee is a part of
    return names if below <= names else _with_references(names | below)


def _learn(kind: Kind, rows: list[tuple[int, tuple[Any, ...]]], known: Known) -> None:
    """What later rules and kinds need of these rows."""
    at = kind.at
    if "code" in at:
        known.ids[kind.name].update({values[at["code"]]: number for number, values in rows})
    for number, row in rows:
        match kind.name:
            case "places":
                facts = (row[at[name]] for name in ("kind", "parent", "since", "until", "room_use"))
                known.places[number] = PlaceFacts(*facts)
            case "seasons":
                facts = (row[at[name]] for name in ("company", "since", "until", "policy", "zone"))
                known.seasons[number] = SeasonFacts(*facts)
            case "tariffs":
                known.currencies[number] = row[at["currency"]]
            case "contracts":
                key = row[at["household"]], row[at["season"]]
                known.fees[key] = row[at["season_fee"]]
                known.fee_currencies[key] = row[at["currency"]]
            case "contract_terms":
                terms = ContractTerms(row[at["agreed"]], use=row[at["use"]])
                known.terms[row[at["household"]], row[at["season"]]][row[at["since"]]] = terms
            case "corner_rooms":
                known.corners[row[at["room"]], row[at["since"]]] = row[at["until"]]
            case _:
                return


def _judge(
    connection: Connection, rows: Rows, known: Known, existing: Existing, only: books.Where, *,
    write: bool,
) -> list[tuple[int, int]]:  # fmt: skip
    """Runs every check of the kind; answers with (row, id) of what is accepted.

    `only`: which of the kind's rows those that are there were chosen by.
    """
    kind = rows.kind
    rows.find_repeats()
    for column in kind.columns:
        if column.refers and column.name != "parent":
            rows.resolve(column, known)
    rows.keep_what_is_left_out(existing)
    if kind.name == "places":
        name_kept_parents(rows, known)
    for rule in RULES.get(kind.name, ()):
        rule(rows, known, existing)
    ended = books.ended_keys(connection, kind, known.superseded, only)
    corrections_say_why(rows, known, existing, ended)
    rows.note_refused(known)
    keys = list(zip(*(rows.column(name) for name in kind.key), strict=True))
    good = list(rows.good())
    kept = kept_rows(rows, existing)
    fresh = books.fresh_ids(connection, kind.table, len(good) - len(kept), write=write)
    if kind.name == "places":
        order = hang_up(rows, known, fresh)
        order = seasons_keep_their_places(connection, rows, known, existing, order)
        return [(i, known.ids["places"][keys[i][0]]) for i in order]
    numbered = [(i, existing[keys[i]][0] if i in kept else next(fresh)) for i in good]
    if kind.is_fact and "code" in kind.at:
        old = {i: existing[keys[i]][0] for i, _ in numbered if keys[i] in existing}
        known.superseded.update({old[i]: number for i, number in numbered if i in old})
    if kind.name in LEARNED:
        _learn(kind, [(number, rows.row(i)) for i, number in numbered], known)
    return numbered


def _compare(
    rows: Rows, accepted: list[tuple[int, int]], existing: Existing, known: Known
) -> _Plan:
    """Accepted rows against what the books hold."""
    values_of = list(zip(*rows.values, strict=True))
    keys_of = list(zip(*(rows.column(name) for name in rows.kind.key), strict=True))
    inserts: list[tuple[Any, ...]] = []
    updates: list[tuple[Any, ...]] = []
    keys, changes, unchanged = [], [], 0
    for i, number in accepted:
        values = values_of[i]
        old, before = existing.get(keys_of[i], (None, None))
        if before == values:
            unchanged += 1
            continue
        if rows.kind.is_fact:
            inserts.append((number, *values, old, known.source or rows.source(i)))
        elif old is None:
            inserts.append((number, *values))
        if old is not None and before is not None:
            # a number that is written otherwise is the same: its cell stays, as no change of it is recorded
            kept = (was if was == now else now for was, now in zip(before, values, strict=True))
            updates.append((old,) if rows.kind.is_fact else (number, *kept))
            keys.append(rows.kept_key(i))
            changes += _changes(rows, i, before, known)
    counts = Counts(
        read=len(rows) + rows.misfits,
        added=len(accepted) - unchanged - len(updates),
        changed=len(updates),
        unchanged=unchanged,
        refused=len(rows.bad) + rows.misfits,
        repeated=len(rows.repeats - rows.bad),
    )
    return _Plan(
        rows.kind, counts, inserts, updates, keys, changes, rows.local_times, rows.made_plain
    )


def _changes(rows: Rows, i: int, before: tuple[Any, ...], known: Known) -> list[Change]:
    found = []
    for at, column in enumerate(rows.kind.columns):
        old, new = before[at], rows.values[at][i]
        if old != new:
            was = known.code(column.refers, old) if column.refers else cell(old)
            now = known.code(column.refers, new) if column.refers else cell(new)
            found.append(Change(rows.kind.name, rows.kept_key(i), column.name, was, now))
    return found


def _write(
    connection: Connection,
    plans: list[_Plan],
    by: By,
    files: Sequence[FileRead],
    progress: Progress,
) -> int | None:
    """Writes what differs -> the record of the change; None: nothing differs, nothing is written."""
    total, done = sum(len(plan.inserts) + len(plan.updates) for plan in plans), 0
    if not total:
        return None
    change = _record(connection, plans, by, files)
    _keep_who_wrote_before(connection, plans, change)
    for plan in plans:
        progress(msg("writing {kind}", kind=plan.kind.name), done, total)
        names = [column.kept_as for column in plan.kind.columns]
        changed, more = (
            (["ended_id"], VERSION) if plan.kind.is_fact else ([*names, "change_id"], [])
        )
        updates = [(*row, change) for row in plan.updates]
        books.update_rows(connection, plan.kind.table, changed, updates)
        inserts = [(*row, change) for row in plan.inserts]
        into = ["id", *names, *more, "change_id"]
        books.insert_rows(connection, plan.kind.table, into, inserts)
        done += len(plan.inserts) + len(plan.updates)
    books.analyze(connection, [plan.kind.table for plan in plans])
    books.grow_version(connection)
    progress(msg("written"), done, total)
    return change


def _keep_who_wrote_before(connection: Connection, plans: list[_Plan], change: int) -> None:
    """Of each row that is about to name this change, the one that it names until now."""
    for plan in plans:
        ids = [row[0] for row in plan.updates]
        before = books.changes_of(connection, plan.kind.table, ids)
        edits = [
            {
                "change_id": change, "kind": plan.kind.name, "key": key, "column": WRITTEN_BY,
                "before": str(before[number]), "after": str(change),
            }
            for key, number in zip(plan.keys, ids, strict=True)
        ]  # fmt: skip
        if edits:
            connection.execute(insert(RegistryEdit), edits)


def _record(connection: Connection, plans: list[_Plan], by: By, files: Sequence[FileRead]) -> int:
    """Who, when, why and from which files, with every attribute that gets another value."""
    counts = {
        plan.kind.name: {"added": plan.counts.added, "changed": plan.counts.changed}
        for plan in plans
    }
    named = [{"file": each.file, "sha256": each.sha256} for each in files]
    change = record(connection, by, REGISTRY_IMPORT, named, counts)
    edits = [{"change_id": change, **asdict(each)} for plan in plans for each in plan.changes]
    if edits:
        connection.execute(insert(RegistryEdit), edits)
    return change
