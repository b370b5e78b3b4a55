"""What the books keep of a run's households, as its ledger entries and its approval cover it."""

import hashlib
from collections.abc import Iterator
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from analytics.ledger.drafts import BULK, line_body
from analytics.ledger.hashes import canonical, sha256_of
from store.books.ledger import SettlementLine, SettlementResult


def kept_results(session: Session, run: int) -> Iterator[tuple[int, dict[str, Any]]]:
    """(household's place id, what an entry keeps of its result), by place id."""
    lines: dict[int, list[dict[str, Any]]] = {}
    of_run = select(SettlementResult.id).where(SettlementResult.run_id == run)
    chosen = select(SettlementLine).where(SettlementLine.result_id.in_(of_run))
    for line in session.scalars(chosen.order_by(SettlementLine.id)):
        lines.setdefault(line.result_id, []).append(line_body(line))
    query = (
        select(SettlementResult)
        .where(SettlementResult.run_id == run)
        .order_by(SettlementResult.household_id)
    )
    for result in session.scalars(query.execution_options(yield_per=BULK)):
        yield (
            result.household_id,
            {
                "total": str(result.total),
                "undetermined": result.undetermined,
                "reason": result.reason,
                "lines": lines.get(result.id, []),
                "steps_sha256": sha256_of(result.steps),
            },
        )


class Hashed:
    """The hash over kept results, one after the other by place id."""

    def __init__(self) -> None:
        self._hash = hashlib.sha256()

    def add(self, household: int, kept: dict[str, Any]) -> None:
        self._hash.update(canonical([household, kept]) + b"\n")

    def sha256(self) -> str:
        return self._hash.hexdigest()


def kept_sha256(session: Session, run: int) -> str:
    """Over every household's result, lines and steps as the books keep them now."""
    hashed = Hashed()
    for household, kept in kept_results(session, run):
        hashed.add(household, kept)
    return hashed.sha256()
