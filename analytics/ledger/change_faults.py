"""Whether every recorded change wrote what the books have of it: its seal, and the chain of all seals."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from typing import Any

from sqlalchemy import Connection, Engine, Row, or_, select

from analytics.ledger.approval_entry import APPROVAL
from analytics.ledger.damage import Damage, Fault
from analytics.ledger.sealed import NEWEST, SEALED, seal_faults
from domain.errors import WrongCall
from domain.language import Text, msg, plural
from domain.visible import has_words
from store.books.changes import ChangeRecord
from store.books.foreign import lost_numbers, odd_times, of_no_change, programs
from store.books.ledger import LedgerEntry, SettlementRun
from store.books.seals import NOTHING, SEALS, Rows, hash_of, tables_of_changes
from store.books.snapshot import snapshot
from store.evidence.seal import owners
from store.evidence.written import written

NONE = Rows()
PROGRAMS = {"trigger": msg("trigger"), "rule": msg("rule of the database")}


def change_faults(engine: Engine, unapproved: int | None = None) -> Iterator[Fault]:
    """What was changed in registry and evidence that no recorded change says, by the changes that wrote it.

    Changes from before seals were kept say nothing: approvals cover them (`analytics.ledger.sealed`).
    `unapproved`: a company (its place id), of whose changes those alone are looked at that no approval of its
    has seen, which takes no longer than they are.
    """
    with snapshot(engine) as link:
        seals = link.execute(select(SEALS).order_by(SEALS.c.number)).all()
        if (broken := _broken(seals)) is not None:
            yield Fault(Damage.EVIDENCE, broken)
        after = int(seals[0].change_id or 0) if seals and seals[0].number == 0 else 0
        names = _Names(link)
        kept = {row.change_id: row.tables for row in seals if row.number}
        for change in _unsealed(link, kept, after):
            why = msg("{change} has no seal", change=names.of(change))
            yield Fault(Damage.EVIDENCE, why)
        for why in _foreign(link):
            yield Fault(Damage.EVIDENCE, why)
        if unapproved is not None:
            seen = approved_with(link, unapproved)
            later = {row.change_id: row.tables for row in seals if row.number > seen}
            kept = _of_company(link, later, unapproved)
            after = min(kept, default=after + 1) - 1
        for why in _otherwise(link, kept, after, names) if kept else ():
            yield Fault(Damage.EVIDENCE, why)
        yield from _written_anew(link, {row.number: row.hash for row in seals}, unapproved)


def _of_company(
    link: Connection, kept: Mapping[int, Mapping[str, Any]], company: int
) -> dict[int, Mapping[str, Any]]:
    """Changes that are not of other companies alone."""
    whose = owners(link, max(kept, default=0))
    own = ChangeRecord.__tablename__
    return {
        change: tables
        for change, tables in kept.items()
        if not whose.several or not whose.is_anothers(company, own, {"id": str(change)})
    }


def refuse_unrecorded(engine: Engine, run: SettlementRun, company: int, reason: str) -> None:
    """WrongCall where evidence was changed unrecorded that no approval has seen, or that the newest one of the
    company saw otherwise, unless a reason says why it stands: the approval would seal it as it is now.
    """
    if has_words(reason):
        return
    found = chain(change_faults(engine, company), seal_faults(engine, company, newest=True))
    if (first := next(found, None)) is not None:
        raise WrongCall(
            msg(
                "run {run}: evidence was changed, and no recorded change says so: {why}; allowed: "
                "store.books put back from a copy (heatwatch settle verify --all names everything), or --reason with "
                "why this run is approved as it is",
                run=run.id, why=first.why,
            )
        )  # fmt: skip


def approved_with(link: Connection, company: int | None = None) -> int:
    """The number of the newest seal that an approval saw, of one company or of any; 0: none did."""
    return max((was["number"] for _, _, was in _approved(link, company)), default=0)


def _approved(
    link: Connection, company: int | None
) -> Iterator[tuple[int, int, Mapping[str, Any]]]:
    """(entry, run, newest seal that it saw) of approvals, the oldest run first."""
    query = select(LedgerEntry.number, LedgerEntry.run_id, LedgerEntry.body)
    query = query.where(LedgerEntry.kind == APPROVAL).order_by(LedgerEntry.run_id)
    if company is not None:
        query = query.where(LedgerEntry.company_id == company)
    for number, run, body in link.execute(query):
        if was := body.get(SEALED, {}).get(NEWEST) if isinstance(body, dict) else None:
            yield number, run, was


def _written_anew(
    link: Connection, hashes: Mapping[int, str], company: int | None
) -> Iterator[Fault]:
    """Approvals whose newest seal is not in the chain any more; the first says enough."""
    for number, run, was in _approved(link, company):
        if hashes.get(was["number"]) != was["hash"]:
            why = msg(
                "seals of recorded changes up to number {number}, which run {run} was approved with, are gone or "
                "were written anew",
                number=was["number"], run=run,
            )  # fmt: skip
            yield Fault(Damage.EVIDENCE, why, number)
            return


def _broken(seals: Sequence[Row[*tuple[Any, ...]]]) -> Text | None:
    """The first seal that the chain does not hold at."""
    expected, previous = 0, NOTHING
    for row in seals:
        if row.number != expected:
            return msg("the seal number {number} of the recorded changes is gone", number=expected)
        if row.previous != previous or row.hash != hash_of(
            row.number, row.change_id, row.tables, row.previous
        ):
            return msg(
                "the seal number {number} of the recorded changes was changed", number=expected
            )
        expected, previous = expected + 1, row.hash
    if not seals:
        return msg("the seals of the recorded changes are gone")
    return None


class _Names:
    """Recorded changes as people find them."""

    def __init__(self, link: Connection) -> None:
        record = ChangeRecord
        self._link, self._query = link, select(record.at, record.action, record.actor)

    def of(self, change: int) -> Text:
        row = self._link.execute(self._query.where(ChangeRecord.id == change)).one_or_none()
        if row is None:
            return msg("change {change}", change=change)
        return msg(
            "change {change} ({action}, {at}, {actor})",
            change=change, action=row.action, at=f"{row.at:%Y-%m-%d %H:%M:%SZ}", actor=row.actor,
        )  # fmt: skip


def _unsealed(link: Connection, kept: Mapping[int, Any], after: int) -> Iterator[int]:
    own = ChangeRecord.id
    query = select(own).where(or_(own > after, own < 1)).order_by(own)
    yield from (each for each in link.scalars(query) if each not in kept)


def _foreign(link: Connection) -> Iterator[Text]:
    """What in the database heatwatch did not make."""
    for program in programs(link):
        yield msg(
            "the database has a {kind} that is not heatwatch's: {name}, on table {table}; it changes unseen what is "
            "recorded",
            kind=PROGRAMS[program.kind], name=program.name, table=program.table,
        )  # fmt: skip
    for table, count in of_no_change(link):
        yield plural(
            "{n} row of table {table} names a recorded change that there can't be",
            "{n} rows of table {table} name recorded changes that there can't be",
            n=count, table=table,
        )  # fmt: skip
    for table, column, count in odd_times(link):
        yield plural(
            "table {table}, column {column}: {n} time is not written as heatwatch writes it, and is compared as another",
            "table {table}, column {column}: {n} times are not written as heatwatch writes them, and are compared as "
            "others",
            n=count, table=table, column=column,
        )  # fmt: skip
    for table, last, given in lost_numbers(link):
        yield msg(
            "table {table}: its last row has the number {last}, and numbers up to {given} were given: rows at its end "
            "are gone",
            table=table, last=last, given=given,
        )  # fmt: skip


def _otherwise(
    link: Connection, kept: Mapping[int, Mapping[str, Any]], after: int, names: _Names
) -> Iterator[Text]:
    """Tables in which a change wrote or ended something else than the rows say now."""
    columns: dict[str, dict[int, Sequence[str]]] = {}
    for change, tables in kept.items():
        for name, own in tables.items():
            columns.setdefault(name, {})[change] = own["columns"]
    for name, wrote, ended in written(link, after, columns):
        now = {each.name for each in tables_of_changes()[name].c}
        known = {each: own for each, own in columns.get(name, {}).items() if {*own} <= now}
        for change in sorted({*known, *wrote, *ended} & kept.keys()):
            was = kept[change].get(name)
            if was is not None and change not in known:
                continue  # a column that it has is not there any more
            why = _differs(was or {}, wrote.get(change, NONE), ended.get(change, NONE))
            if why is not None:
                yield msg(
                    "{change}, table {table}: {why}", change=names.of(change), table=name, why=why
                )


def _differs(was: Mapping[str, Any], wrote: Rows, ended: Rows) -> Text | None:
    """What is wrong with what a change did in a table; None: nothing."""
    had = was.get("rows", 0)
    if wrote.rows < had:
        return plural(
            "of the rows that it wrote, {n} is gone", "of the rows that it wrote, {n} are gone",
            n=had - wrote.rows,
        )  # fmt: skip
    if wrote.rows > had:
        return plural(
            "{n} row says that it wrote it, and it did not",
            "{n} rows say that it wrote them, and it did not",
            n=wrote.rows - had,
        )  # fmt: skip
    if wrote.sha256 != was.get("sha256", NONE.sha256):
        return msg("rows that it wrote were changed, and no recorded change says so")
    if (ended.rows, ended.sha256) != (was.get("ended", 0), was.get("ended_sha256", NONE.sha256)):
        return msg("the rows that it ended are not those that say so now")
    return None
