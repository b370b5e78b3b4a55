"""The entry of an approval: what was approved, by whom, when, why, and what it wrote."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from analytics.law.deadlines import Deadline
from analytics.ledger.damage import Damage, Fault
from analytics.ledger.due_days import due_written
from analytics.ledger.hashes import VERSION
from domain.language import msg
from store.books.ledger import APPROVED, LedgerEntry, SettlementRun
from store.books.registry import Season

APPROVAL = "approval"
#: Approvals from before they were entries are written by the migration that brought them.
AT_ONCE, UPGRADE = "approval", "upgrade"
ZERO = Decimal("0.00")

#: The columns of a run that its approval covers, and what people call them.
COVERED = {
    "policy": msg("policy"),
    "policy_sha256": msg("hash of the policy"),
    "snapshot_sha256": msg("hash of the snapshot"),
    "results_sha256": msg("hash of the results"),
    "results_version": msg("version of the results' hash"),
    "base": msg("run that it takes results over from"),
    "rules": msg("version of the rules"),
    "last_change": msg("last change that it saw"),
    "flush": msg("data version"),
    "drafted_at": msg("time of the draft"),
    "households": msg("households"),
    "total": msg("total"),
    "currency": msg("currency"),
    "undetermined": msg("undetermined"),
    "approved_at": msg("time of the approval"),
    "approval_reason": msg("reason of the approval"),
}

#: What of them the approval itself writes.
APPROVES = frozenset({"approved_at", "approval_reason"})


@dataclass(frozen=True, slots=True)
class Written:
    """What the entries of a run come to."""

    count: int = 0
    added: Decimal = ZERO

    def and_one(self, amount: Decimal) -> "Written":
        return Written(self.count + 1, self.added + amount)

    def told(self) -> dict[str, Any]:
        return {"count": self.count, "added": str(self.added)}


def approval_entry(
    session: Session,
    run: SettlementRun,
    wrote: Sequence[Mapping[str, Any]],
    kept: str,
    sealed: Mapping[str, Any],
    due: Deadline | None,
) -> dict[str, Any]:
    """The entry behind those that an approval `wrote`.

    `kept` is the hash of the run's results, `sealed` what the evidence was (`analytics.ledger.sealed`),
    `due` by when the refunds are paid.
    """
    written = Written(len(wrote), sum((each["amount"] for each in wrote), ZERO))
    return {
        "kind": APPROVAL,
        "household_id": None,
        "season_id": run.season_id,
        "run_id": run.id,
        "amount": ZERO,
        "currency": run.currency,
        "body": {
            "season": session.get_one(Season, run.season_id).code,
            **covered(run),
            "kept_sha256": kept,
            "sealed": dict(sealed),
            "due": due_written(due),
            "entries": written.told(),
            "recorded": AT_ONCE,
        },
        "corrects": None,
        "drafted_by": run.drafted_by,
        "approved_by": run.approved_by,
        "version": VERSION,
    }


def covered(run: SettlementRun) -> dict[str, Any]:
    """What an approval covers of its run, as its body writes it."""
    return {
        "run": run.id,
        "policy": run.policy,
        "policy_sha256": run.policy_sha256,
        "snapshot_sha256": run.snapshot_sha256,
        "results_sha256": run.results_sha256,
        "results_version": run.results_version,
        "base": run.base_id,
        "rules": run.rules,
        "last_change": run.last_change,
        "flush": run.flush,
        "drafted_at": _instant(run.made_at),
        "households": run.households,
        "total": str(run.total),
        "currency": run.currency,
        "undetermined": run.undetermined,
        "approved_at": _instant(run.approved_at),
        "approval_reason": run.approval_reason,
    }


def _instant(at: datetime | None) -> str | None:
    return None if at is None else at.astimezone(UTC).isoformat()


def approval_fault(entry: LedgerEntry, run: SettlementRun, written: Written) -> Fault | None:
    """What does not fit between an approval, the run as the books have it, and its entries."""
    if run.state != APPROVED:
        why = msg("it approves run {run}, which is not approved in the books", run=run.id)
        return Fault(Damage.RUN, why)
    for name, found in covered(run).items():
        if entry.body.get(name) != found:
            why = msg(
                "run {run} was changed after it was approved: {part} is {found}, approved {approved}",
                run=run.id, part=COVERED.get(name, name), found=_said(found),
                approved=_said(entry.body.get(name)),
            )  # fmt: skip
            return Fault(Damage.RUN, why)
    if entry.body.get("entries") != written.told():
        wrote = entry.body.get("entries") or {}
        why = msg(
            "it wrote {approved} entries over {sum}, the chain has {found} over {total} of run {run}",
            approved=_said(wrote.get("count")), sum=_said(wrote.get("added")),
            found=written.count, total=written.added, run=run.id,
        )  # fmt: skip
        return Fault(Damage.CHAIN, why)
    return None


def _said(value: object) -> str:
    return "-" if value in (None, "") else str(value)
