"""Who changes the books in tests."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from analytics.ledger.change_faults import approved_with
from analytics.ledger.draft_hash import drafted_sha256
from domain.actor import By, user
from heatwatch.evaluate.forge import seals_anew
from store.books.changes import record
from store.books.ledger import SettlementRun
from store.books.seals import newest_seal

TESTER = user("tester")
WHEN = datetime(2025, 1, 1, tzinfo=UTC)
TEST = By(TESTER, WHEN)


def at(when: datetime, name: str = "tester", reason: str = "") -> By:
    """A person at an instant; with a reason evidence may have been changed that approvals saw otherwise."""
    return By(user(name), when, reason)


def drafted_so(session: Session) -> None:
    """Runs as they are now, as if they had been drafted so: by an older heatwatch, say."""
    for run in session.scalars(select(SettlementRun)):
        run.drafted_sha256 = drafted_sha256(run)


@contextmanager
def changing(engine: Engine) -> Iterator[Session]:
    """A transaction whose rows of the registry name a record of the tester's.

    Rows that it changes or deletes are as if they had been recorded so, as far as no approval has seen them.
    """
    with Session(engine) as session, session.begin():
        record(session.connection(), TEST, "test")
        yield session
        if session.in_transaction():  # a test may have rolled it back
            drafted_so(session)
    with engine.begin() as link:
        if newest_seal(link).get("number", 0) > 1:
            seals_anew(link, behind=approved_with(link))
