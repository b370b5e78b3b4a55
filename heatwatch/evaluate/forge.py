"""What somebody with write access to the books can do to hide a change: write the hashes anew."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from analytics.ledger.approval_entry import APPROVAL, covered
from analytics.ledger.hashes import GENESIS, entry_hash
from analytics.ledger.kept_results import kept_sha256
from analytics.ledger.verify import COLUMNS
from store.books.ledger import LedgerEntry, SettlementRun


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
