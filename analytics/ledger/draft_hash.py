"""The hash of what a run says of itself: its law, its inputs, what it saw, its sums, who drafted it."""

import hashlib
import json

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from analytics.ledger.approval_entry import APPROVES, covered
from store.books.ledger import WHAT_IF, SettlementRun


def drafted_sha256(run: SettlementRun) -> str:
    """Over every column that a draft is kept with; those that its approval writes are not among them."""
    body = {name: value for name, value in covered(run).items() if name not in APPROVES}
    body |= {
        "season": run.season_id, "drafted_by": str(run.drafted_by),
        "what_if": run.state == WHAT_IF,
    }  # fmt: skip
    written = json.dumps(body, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(written.encode()).hexdigest()


def is_as_drafted(engine: Engine, run: int) -> bool:
    """Whether the row of a run says what it was kept with."""
    with Session(engine) as session:
        row = session.get_one(SettlementRun, run)
        return row.drafted_sha256 == drafted_sha256(row)
