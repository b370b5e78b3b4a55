"""The ledger: approved refunds as append-only entries in a hash chain.

An entry's amount is what it adds to what the household is owed, so the entries of a season
sum to its last approved run; a correction names the entry it corrects.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Engine, func, insert, select, text
from sqlalchemy.orm import Session

from analytics.ledger.drafts import APPROVED, WHAT_IF, allowed_runs, is_seasons_own, line_body
from domain.errors import WrongCall
from store.books.ledger import LedgerEntry, SettlementLine, SettlementResult, SettlementRun
from store.books.registry import Place, Season

GENESIS = "0" * 64  # the hash before the first entry
REFUND, CORRECTION = "refund", "correction"
ZERO = Decimal("0.00")


@dataclass(frozen=True, slots=True)
class Approved:
    """What an approval wrote."""

    run: int
    already: bool  # it had been approved before, and nothing was done
    refunds: int
    corrections: int
    added: Decimal  # sum of the new entries
    head: str  # hash of the ledger's last entry


@dataclass(frozen=True, slots=True)
class Broken:
    """The first entry at which the ledger does not hold."""

    number: int
    why: str


def approve(engine: Engine, run_id: int, now: datetime) -> Approved:
    """Writes a draft's refunds into the ledger, and corrections of what earlier runs said.

    One approver at a time; a second approval of the same run does nothing. Raises WrongCall
    where the run is unknown, older than the season's last approved one, or made under another
    policy than the season's own.
    """
    with Session(engine) as session, session.begin():
        run = session.scalar(
            select(SettlementRun).where(SettlementRun.id == run_id).with_for_update()
        )
        if session.get_bind().dialect.name == "postgresql":
            session.execute(text("LOCK TABLE ledger_entry IN EXCLUSIVE MODE"))
        if run is None:
            known = session.scalars(select(SettlementRun.id).order_by(SettlementRun.id.desc()))
            raise WrongCall(f"run {run_id} is not in the books; {allowed_runs(list(known))}")
        last, head = _head(session)
        session.refresh(run)
        if run.state == APPROVED:
            return Approved(run_id, True, 0, 0, ZERO, head)
        _refuse_what_if(session, run)
        _refuse_older(session, run)
        entries = list(_entries(session, run, now, last, head))
        if entries:
            session.execute(insert(LedgerEntry), entries)
            head = entries[-1]["hash"]
        run.state = APPROVED
        corrections = sum(entry["kind"] == CORRECTION for entry in entries)
        added = sum((entry["amount"] for entry in entries), ZERO)
        return Approved(run_id, False, len(entries) - corrections, corrections, added, head)


def _head(session: Session) -> tuple[int, str]:
    last = session.scalar(select(LedgerEntry).order_by(LedgerEntry.number.desc()).limit(1))
    return (0, GENESIS) if last is None else (last.number, last.hash)


def _refuse_what_if(session: Session, run: SettlementRun) -> None:
    season = session.get_one(Season, run.season_id)
    own = is_seasons_own(season.policy, run.policy, run.policy_sha256)
    if run.state == WHAT_IF or not own:
        raise WrongCall(
            f"run {run.id} is a what-if under policy {run.policy} ({run.policy_sha256[:12]}); "
            f"allowed: a draft under the season's own policy {season.policy} as it is now; "
            f"make one with: heatwatch settle draft --season {season.code}"
        )


def _refuse_older(session: Session, run: SettlementRun) -> None:
    newer = session.scalar(
        select(func.max(SettlementRun.id)).where(
            SettlementRun.season_id == run.season_id,
            SettlementRun.state == APPROVED,
            SettlementRun.id > run.id,
        )
    )
    if newer is not None:
        raise WrongCall(f"run {run.id} is older than run {newer}, which is approved; draft anew")


def _entries(
    session: Session, run: SettlementRun, now: datetime, number: int, head: str
) -> list[dict[str, Any]]:
    """The rows that bring the ledger from what it says to what the run says."""
    before = _standing(session, run.season_id)
    season = session.get_one(Season, run.season_id).code
    entries = []
    for household, body in _bodies(session, run, season):
        old = before.pop(household, None)
        was = Decimal(old.body["total"]) if old is not None else ZERO
        total = Decimal(body["total"])
        if old is None and total == ZERO:
            continue
        if old is not None and was == total and old.body["lines"] == body["lines"]:
            continue
        entries.append(_entry(run, now, household, body, total - was, old))
    for household, old in before.items():  # its contract is gone: nothing is owed any more
        was = Decimal(old.body["total"])
        if was != ZERO:
            body = {**old.body, "total": "0.00", "reason": "no_contract", "lines": []}
            entries.append(_entry(run, now, household, body, -was, old))
    for entry in entries:
        number += 1
        entry |= {"number": number, "previous_hash": head}
        head = entry["hash"] = entry_hash(entry)
    return entries


def _entry(
    run: SettlementRun, now: datetime, household: int, body: dict[str, Any], amount: Decimal,
    old: LedgerEntry | None,
) -> dict[str, Any]:  # fmt: skip
    return {
        "made_at": now.astimezone(UTC),
        "kind": REFUND if old is None else CORRECTION,
        "household_id": household,
        "season_id": run.season_id,
        "run_id": run.id,
        "amount": amount,
        "currency": run.currency,
        "body": body,
        "corrects": None if old is None else old.number,
    }


def _standing(session: Session, season: int) -> dict[int, LedgerEntry]:
    """The newest entry of each household."""
    query = select(LedgerEntry).where(LedgerEntry.season_id == season)
    return {each.household_id: each for each in session.scalars(query.order_by(LedgerEntry.number))}


def _bodies(session: Session, run: SettlementRun, season: str) -> list[tuple[int, dict[str, Any]]]:
    """Household id -> what an entry keeps of its result, by household."""
    lines: dict[int, list[dict[str, Any]]] = {}
    of_run = select(SettlementResult.id).where(SettlementResult.run_id == run.id)
    chosen = select(SettlementLine).where(SettlementLine.result_id.in_(of_run))
    for line in session.scalars(chosen.order_by(SettlementLine.id)):
        lines.setdefault(line.result_id, []).append(line_body(line))
    query = (
        select(SettlementResult, Place.code)
        .join(Place, Place.id == SettlementResult.household_id)
        .where(SettlementResult.run_id == run.id)
        .order_by(SettlementResult.household_id)
    )
    return [
        (
            result.household_id,
            {
                "household": code,
                "season": season,
                "policy": run.policy,
                "policy_sha256": run.policy_sha256,
                "snapshot_sha256": run.snapshot_sha256,
                "flush": run.flush,
                "total": str(result.total),
                "undetermined": result.undetermined,
                "reason": result.reason,
                "lines": lines.get(result.id, []),
                "steps_sha256": _sha256(result.steps),
            },
        )
        for result, code in session.execute(query)
    ]


def canonical(value: object) -> bytes:
    """One sequence of bytes for one JSON value."""
    told = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return told.encode()


def _sha256(value: object) -> str:
    return hashlib.sha256(canonical(value)).hexdigest()


def entry_hash(entry: Mapping[str, Any]) -> str:
    """sha256 over the entry's canonical JSON with the hash before it."""
    return _sha256(
        {
            "number": entry["number"],
            "made_at": entry["made_at"].astimezone(UTC).isoformat(),
            "kind": entry["kind"],
            "household_id": entry["household_id"],
            "season_id": entry["season_id"],
            "run_id": entry["run_id"],
            "amount": str(entry["amount"]),
            "currency": entry["currency"],
            "body": entry["body"],
            "corrects": entry["corrects"],
            "previous_hash": entry["previous_hash"],
        }
    )


def verify(engine: Engine) -> Broken | None:
    """The first entry that was changed, removed or added past the chain; None: all hold.

    The chain shows changes inside; entries cut off its end show in the season's sum, which
    is that of its last approved run.
    """
    number, head = 0, GENESIS
    sums: dict[int, Decimal] = {}
    with Session(engine) as session:
        for each in session.scalars(
            select(LedgerEntry).order_by(LedgerEntry.number).execution_options(yield_per=1000)
        ):
            number += 1
            if each.number != number:
                return Broken(number, f"entry {number} is missing, the next is {each.number}")
            if each.previous_hash != head:
                return Broken(number, "does not follow the entry before it")
            if each.hash != entry_hash({key: getattr(each, key) for key in COLUMNS}):
                return Broken(number, "its content is not what was hashed")
            head = each.hash
            sums[each.season_id] = sums.get(each.season_id, ZERO) + each.amount
        return _sums_hold(session, number, sums)


COLUMNS = tuple(each.name for each in LedgerEntry.__table__.columns)


def _sums_hold(session: Session, number: int, sums: Mapping[int, Decimal]) -> Broken | None:
    approved = (
        select(SettlementRun, Season.code)
        .join(Season, Season.id == SettlementRun.season_id)
        .where(SettlementRun.state == APPROVED)
        .order_by(SettlementRun.id)
    )
    last = {run.season_id: (run, code) for run, code in session.execute(approved)}
    for season, (run, code) in last.items():
        found = sums.get(season, ZERO)
        if found != run.total:
            return Broken(
                number + 1,
                f"season {code}: entries sum to {found}, run {run.id} approved {run.total}",
            )
    return None
