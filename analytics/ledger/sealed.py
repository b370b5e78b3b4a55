"""What an approval covers beside its run: the recorded evidence and the registry, as they were then."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict
from typing import Any

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from analytics.ledger.approval_entry import APPROVAL
from analytics.ledger.damage import Damage, Fault
from domain.language import Text, msg
from store.books.ledger import LedgerEntry
from store.evidence.seal import Seal, last_change, seal, sealed_tables

SEALED = "sealed"  # in the body of an approval


def sealed(session: Session) -> dict[str, Any]:
    """Every table of facts and registry up to the last recorded change, for an approval's body."""
    link = session.connection()
    upto = last_change(link)
    found = ((name, seal(link, name, upto)) for name in sealed_tables())
    return {"change": upto, "tables": {n: asdict(each) for n, each in found if each is not None}}


def seal_faults(engine: Engine) -> Iterator[Fault]:
    """Tables that are not what an approval found, each named once, with the last run that saw it so.

    Approvals from before this was kept say nothing.
    """
    query = select(LedgerEntry.number, LedgerEntry.run_id, LedgerEntry.body)
    known: dict[tuple[str, int, tuple[str, ...]], Seal | None] = {}
    named: set[str] = set()
    with Session(engine) as session:
        link = session.connection()
        rows = session.execute(
            query.where(LedgerEntry.kind == APPROVAL).order_by(LedgerEntry.run_id.desc())
        ).all()
        for number, run, body in rows:
            upto, tables = _kept(body)
            for name, was in tables.items():
                if name in named:
                    continue
                key = (name, upto, tuple(was["columns"]))
                if key not in known:
                    known[key] = seal(link, name, upto, was["columns"])
                why = _changed(name, run, was, known[key])
                if why is not None:
                    named.add(name)
                    yield Fault(Damage.EVIDENCE, why, number)


def _kept(body: Mapping[str, Any]) -> tuple[int, Mapping[str, Any]]:
    kept = body.get(SEALED) if isinstance(body, dict) else None
    return (kept["change"], kept["tables"]) if kept else (0, {})


def _changed(table: str, run: int, was: Mapping[str, Any], now: Seal | None) -> Text | None:
    if now is None or now.sha256 == was["sha256"]:
        return None
    if now.rows < was["rows"]:
        return msg(
            "of the rows of table {table} that were recorded before run {run} was approved, {n} "
            "are gone",
            table=table, run=run, n=was["rows"] - now.rows,
        )  # fmt: skip
    if now.rows > was["rows"]:
        return msg(
            "{n} rows of table {table} say that they were recorded before run {run} was approved, "
            "and were not there then",
            table=table, run=run, n=now.rows - was["rows"],
        )  # fmt: skip
    return msg(
        "rows of table {table} that were recorded before run {run} was approved were changed, and "
        "no recorded change says so",
        table=table, run=run,
    )  # fmt: skip
