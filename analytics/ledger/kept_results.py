"""What the books keep of a run's households, as its ledger entries and its approval cover it."""

import hashlib
import json
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from sqlalchemy import Text, cast, select
from sqlalchemy.orm import Session

from analytics.ledger.drafts import lines_of
from analytics.ledger.hashes import canonical, sha256_of
from store.books.ledger import SettlementResult
from store.books.run_rows import run_pages

#: Steps that are remembered: most homes of a city have the same, and they are parsed once.
SAME_STEPS = 64


def kept_results(session: Session, run: int) -> Iterator[tuple[int, dict[str, Any]]]:
    """(household's place id, what an entry keeps of its result), by place id."""
    of_home, hash_of = SettlementResult, lru_cache(SAME_STEPS)(_steps_sha256)
    asked = (
        of_home.household_id, of_home.id, of_home.total, of_home.undetermined, of_home.reason,
        cast(of_home.steps, Text),
    )  # fmt: skip
    for part in run_pages(session, select(*asked), run):
        lines = lines_of(session, [row.id for row in part])
        for household, result, total, undetermined, reason, steps, _ in part:
            yield (
                household,
                {
                    "total": str(total),
                    "undetermined": undetermined,
                    "reason": reason,
                    "lines": lines.get(result, []),
                    "steps_sha256": hash_of(steps),
                },
            )


def _steps_sha256(written: str) -> str:
    """Of the canonical JSON of steps, given as the books write them."""
    return sha256_of(json.loads(written))


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
