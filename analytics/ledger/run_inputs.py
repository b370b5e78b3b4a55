"""Whether an approved run is still what was approved: its results, what it took, and its entries."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from analytics.ledger import frozen_inputs as inputs
from analytics.ledger.damage import Damage, Fault
from analytics.ledger.due_days import due_fault
from analytics.ledger.kept_results import Hashed, kept_sha256
from analytics.ledger.kept_season import season_fault
from analytics.ledger.run_entries import entries_fault
from domain.language import Text, msg, sentence_of
from store.books.ledger import LedgerEntry, SettlementRun


def run_fault(session: Session, run: SettlementRun, approval: int, sha256: str) -> Fault | None:
    """Every result as it was approved (`sha256`), what the run took, and each household's entry.

    `approval` is the number of the run's approval in its chain. The results are read once: where
    the entries do not hold, once more, since changed results are what shows in them.
    """
    hashed = Hashed()
    entries = entries_fault(session, run, approval, hashed)
    kept = hashed.sha256() if entries is None else kept_sha256(session, run.id)
    if kept != sha256:
        return Fault(Damage.RESULTS, _not_as_approved(run))
    if run.results_sha256 is not None:  # else from before what a settlement took was kept
        try:
            snapshot = inputs.raw(session, inputs.SNAPSHOT, run.snapshot_sha256)
            inputs.raw(session, inputs.POLICY, run.policy_sha256)
            inputs.refuse_unkept_hashes(session, run.results_sha256, run.results_version)
        except inputs.Unkept as lost:
            return Fault(Damage.INPUTS, sentence_of(lost))
        if (why := season_fault(session, run, snapshot)) is not None:
            return Fault(Damage.SEASON, why)
        if (why := _due_fault(session, run, approval)) is not None:
            return Fault(Damage.RUN, why, approval)
    return entries


def _due_fault(session: Session, run: SettlementRun, approval: int) -> Text | None:
    query = select(LedgerEntry).where(
        LedgerEntry.run_id == run.id, LedgerEntry.number == approval, LedgerEntry.kind == "approval"
    )
    return due_fault(session, run, session.scalars(query).one())


def _not_as_approved(run: SettlementRun) -> Text:
    return msg("the results or lines of run {run} are not those that were approved", run=run.id)
