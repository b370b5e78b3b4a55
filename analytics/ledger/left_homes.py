"""Households of the season's approved run before a run that the run has not: their contracts left the season.

Nothing is owed to them in it any more; a letter of the run says so, and they may object to it.
"""

from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from analytics.law.reasons import NO_CONTRACT
from analytics.ledger.drafts import Kept
from analytics.ledger.payees import ZERO
from store.books.bulk import AT_A_TIME
from store.books.ledger import APPROVED, WHAT_IF, SettlementResult, SettlementRun
from store.books.registry import Place
from store.books.run_rows import rows_of

HOME = SettlementResult.household_id


def left_homes(engine: Engine, run: int) -> list[str]:
    """Their codes, in order. A what-if takes nobody's contract: it has none."""
    with Session(engine) as session:
        before = _before(session, run)
        if before is None:
            return []
        had, has = (
            set(session.scalars(select(HOME).where(rows_of(session, each))))
            for each in (before, run)
        )
        left = sorted(had - has)
        parts = (left[i : i + AT_A_TIME] for i in range(0, len(left), AT_A_TIME))
        codes = (select(Place.code).where(Place.id.in_(part)) for part in parts)
        return sorted(code for query in codes for code in session.scalars(query))


def has_left(engine: Engine, run: int, household: str) -> bool:
    """Whether a household is one of them."""
    with Session(engine) as session:
        before = _before(session, run)
        own = select(Place.id).where(Place.code == household).scalar_subquery()

        def in_run(number: int) -> bool:
            found = select(HOME).where(rows_of(session, number), own == HOME)
            return session.scalar(found) is not None

        return before is not None and in_run(before) and not in_run(run)


def left_since(engine: Engine, run: int, household: str) -> int | None:
    """The newest run of a run's season, behind it, by which a household's contract left the season; None: none."""
    with Session(engine) as session:
        of, season = SettlementRun, session.get_one(SettlementRun, run).season_id
        query = select(of.id).where(of.season_id == season, of.id > run).order_by(of.id.desc())
        later = session.scalars(query).all()
    return next((each for each in later if has_left(engine, each, household)), None)


def nothing(household: str) -> Kept:
    """What a run says of one of them, as if it had kept a result."""
    return Kept(household, ZERO, undetermined=False, reason=NO_CONTRACT.code, steps=(), lines=())


def _before(session: Session, run: int) -> int | None:
    """The season's last approved run before it; None: none was, or it is a what-if."""
    of, own = SettlementRun, session.get_one(SettlementRun, run)
    if own.state == WHAT_IF:
        return None
    query = select(func.max(of.id)).where(of.season_id == own.season_id, of.state == APPROVED)
    return session.scalar(query.where(of.id < run))
