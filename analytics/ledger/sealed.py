"""What an approval covers beside its run: the recorded evidence and the registry, as they were then."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import Any, NamedTuple

from sqlalchemy import Connection, Engine, select
from sqlalchemy.orm import Session

from analytics.ledger.approval_entry import APPROVAL
from analytics.ledger.damage import Damage, Fault
from domain.language import Text, msg, plural
from store.books.ledger import LedgerEntry
from store.books.seals import newest_seal
from store.evidence.owners import Owners
from store.evidence.seal import Seal, last_change_of, owners, seal, sealed_tables

SEALED = "sealed"  # in the body of an approval
NEWEST = "newest_seal"  # in that: of the recorded changes, each of which has its own


def sealed(session: Session, company: int) -> dict[str, Any]:
    """Every table of facts and registry up to the last recorded change, for an approval's body.

    What is of other companies alone is left out: it changes nothing of this one's.
    """
    link = session.connection()
    upto = last_change_of(link, company)
    of = owners(link, upto), company
    found = ((name, seal(link, name, upto, of=of)) for name in sealed_tables())
    return {
        "change": upto,
        "company": company,
        "tables": {n: asdict(each) for n, each in found if each is not None},
        NEWEST: newest_seal(link, upto),
    }


def seal_faults(
    engine: Engine, company: int | None = None, *, newest: bool = False
) -> Iterator[Fault]:
    """Tables that are not what an approval found, each named once, with the last run that saw it so.

    Of one company's approvals (its place id), or of all; `newest`: of the last run's alone. Approvals from before
    this was kept say nothing; those from before each company had its own seal cover every company's rows.
    """
    query = select(
        LedgerEntry.number, LedgerEntry.run_id, LedgerEntry.company_id, LedgerEntry.body
    ).where(LedgerEntry.kind == APPROVAL)
    if company is not None:
        query = query.where(LedgerEntry.company_id == company)
    query = query.order_by(LedgerEntry.run_id.desc()).limit(1 if newest else None)
    named: set[tuple[str, int | None]] = set()
    with Session(engine) as session:
        seen = _Seen(session.connection())
        for number, run, of, body in session.execute(query).all():
            kept = _kept(body)
            if company is not None and kept.company is None:
                continue
            for name, was in kept.tables.items():
                if (name, of) in named:
                    continue
                why = _changed(name, run, was, seen.now(name, kept, was["columns"]))
                if why is not None:
                    named.add((name, of))
                    yield Fault(Damage.EVIDENCE, why, number)


class _Kept(NamedTuple):
    """What an approval says of the evidence."""

    upto: int
    company: int | None  # None: it covers every company's
    tables: Mapping[str, Any]


class _Seen:
    """Tables as they are now, each looked at once."""

    def __init__(self, link: Connection) -> None:
        self._link = link
        self._owners: dict[int, Owners] = {}
        self._seals: dict[tuple[object, ...], Seal | None] = {}

    def now(self, name: str, kept: _Kept, columns: Sequence[str]) -> Seal | None:
        key = (name, kept.upto, kept.company, tuple(columns))
        if key not in self._seals:
            self._seals[key] = seal(self._link, name, kept.upto, columns, self._of(kept))
        return self._seals[key]

    def _of(self, kept: _Kept) -> tuple[Owners, int] | None:
        if kept.company is None:
            return None
        if kept.upto not in self._owners:
            self._owners[kept.upto] = owners(self._link, kept.upto)
        return self._owners[kept.upto], kept.company


def _kept(body: Mapping[str, Any]) -> _Kept:
    kept = body.get(SEALED) if isinstance(body, dict) else None
    return (
        _Kept(kept["change"], kept.get("company"), kept["tables"]) if kept else _Kept(0, None, {})
    )


def _changed(table: str, run: int, was: Mapping[str, Any], now: Seal | None) -> Text | None:
    if now is None or now.sha256 == was["sha256"]:
        return None
    if now.rows < was["rows"]:
        return plural(
            "of the rows of table {table} that were recorded before run {run} was approved, {n} is gone",
            "of the rows of table {table} that were recorded before run {run} was approved, {n} are gone",
            table=table, run=run, n=was["rows"] - now.rows,
        )  # fmt: skip
    if now.rows > was["rows"]:
        return plural(
            "{n} row of table {table} says that it was recorded before run {run} was approved, and was not "
            "there then",
            "{n} rows of table {table} say that they were recorded before run {run} was approved, and were "
            "not there then",
            table=table, run=run, n=now.rows - was["rows"],
        )  # fmt: skip
    return msg(
        "rows of table {table} that were recorded before run {run} was approved were changed, and "
        "no recorded change says so",
        table=table, run=run,
    )  # fmt: skip
