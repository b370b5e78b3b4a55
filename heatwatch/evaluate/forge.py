"""What somebody with write access to the books can do to hide a change: write the hashes anew."""

from sqlalchemy import Connection, select, update
from sqlalchemy.orm import Session

from analytics.ledger.approval_entry import APPROVAL, covered
from analytics.ledger.hashes import GENESIS, entry_hash
from analytics.ledger.kept_results import kept_sha256
from analytics.ledger.verify import COLUMNS
from store.books.ledger import LedgerEntry, SettlementRun
from store.books.seals import DETAILS, NOTHING, RECORDS, SEALS, hash_of, written_by


def chained_anew(session: Session) -> None:
    """Numbers and hashes of every chain as they must be for what its entries say now."""
    rows = list(session.scalars(select(LedgerEntry).order_by(LedgerEntry.number, LedgerEntry.id)))
    ends: dict[int | None, tuple[int, str]] = {}
    for number, row in enumerate(rows, 1):
        row.number, row.hash = -number, f"forged {number}"  # both are unique
    session.flush()
    for row in rows:
        number, head = ends.get(row.company_id) or ends.get(None) or (0, GENESIS)
        row.number, row.previous_hash = number + 1, head
        row.hash = entry_hash({name: getattr(row, name) for name in COLUMNS})
        ends[row.company_id] = row.number, row.hash
        session.flush()


def approvals_anew(session: Session) -> None:
    """Every approval covers its run, and the results of it, as they are now."""
    query = select(LedgerEntry).where(LedgerEntry.kind == APPROVAL)
    for entry in session.scalars(query).all():
        run = session.get(SettlementRun, entry.run_id)
        if run is not None:
            kept = {"kept_sha256": kept_sha256(session, run.id)}
            entry.body = {**entry.body, **covered(run), **kept}
    session.flush()


def seals_anew(link: Connection, behind: int = 0) -> None:
    """Every seal of a recorded change behind a number of the chain fits what the rows say now."""
    rows = link.execute(select(SEALS).order_by(SEALS.c.number)).all()
    previous = NOTHING
    for row in rows:
        if row.number <= behind and row.number:
            previous = row.hash
            continue
        whole = DETAILS in row.tables.get(RECORDS, {}).get("columns", ())
        tables = written_by(link, row.change_id, whole=whole) if row.number else row.tables
        made = hash_of(row.number, row.change_id, tables, previous)
        values = {"tables": tables, "previous": previous, "hash": made}
        link.execute(update(SEALS).where(SEALS.c.number == row.number).values(values))
        previous = made
