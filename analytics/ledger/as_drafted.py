"""Whether a draft is still what was drafted: an approval must not pay what something else wrote."""

from collections.abc import Iterator
from decimal import Decimal

from sqlalchemy import Engine

from analytics.ledger import frozen_inputs as inputs
from analytics.ledger.draft_hash import drafted_sha256
from analytics.ledger.drafts import Kept, kept_by_place
from analytics.ledger.recheck import as_hashed
from analytics.ledger.unreadable import NO_VALUE
from analytics.settlement.result_hashes import results_hash
from domain.errors import WrongCall
from domain.language import msg
from store.books.ledger import SettlementRun


def refuse_changed_draft(engine: Engine, run: SettlementRun) -> None:
    """WrongCall where the row, results, lines or sums of a draft are not those that it was kept with.

    A run from before results were hashed can't be told. Readings are not asked:
    `settle verify --run` recomputes from them.
    """
    as_made = run.results_sha256 is None or _results_are_as_drafted(engine, run)
    if not as_made or run.drafted_sha256 != drafted_sha256(run):
        raise WrongCall(
            msg(
                "what the books say of run {run} was changed after it was drafted; allowed: a "
                "draft as it was made; `heatwatch settle verify --run {run}` shows the "
                "difference, `heatwatch settle draft` makes another",
                run=run.id,
            )
        )


def _results_are_as_drafted(engine: Engine, run: SettlementRun) -> bool:
    hashed, found = results_hash(run.results_version), _Sums()
    try:
        for code, kept in _in_order(engine, run):
            hashed.add(*as_hashed(code, kept))
            found.add(kept)
    except NO_VALUE:  # rows that hold no values; inputs that are not as they were kept
        return False
    sums = (run.households, run.total, run.undetermined)
    return hashed.hexdigest() == run.results_sha256 and found.told() == sums


def _in_order(engine: Engine, run: SettlementRun) -> Iterator[tuple[str, Kept]]:
    """Kept results with the codes of the run's snapshot: both are in the order of place ids."""
    snapshot = inputs.snapshot(engine, run.snapshot_sha256)
    codes = dict(zip(snapshot.household.tolist(), snapshot.code, strict=True))
    for place, kept in kept_by_place(engine, run.id):
        yield codes.get(place, ""), kept


class _Sums:
    """What results come to: households, total, undetermined."""

    def __init__(self) -> None:
        self._count, self._total, self._open = 0, Decimal("0.00"), 0

    def add(self, kept: Kept) -> None:
        self._count += 1
        self._total += kept.total
        self._open += kept.undetermined

    def told(self) -> tuple[int, Decimal, int]:
        return self._count, self._total, self._open
