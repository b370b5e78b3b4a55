"""an approval is an entry of the ledger's chain; texts of a policy have no width

Approvals from before get their entry now, at the end of their company's chain: it covers them from
here on. What it hashes is written out here, as of this revision.
"""

import hashlib
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

GENESIS = "0" * 64
VERSION = 3
TIME = sa.DateTime(timezone=True)
#: Table -> column -> the width that it had.
WIDTHS = {
    "settlement_run": {"policy": 64},
    "settlement_result": {"reason": 40},
    "settlement_line": {"kind": 16, "days": 80, "share": 80, "clause": 80},
    "measurement_task": {"clause": 80},
}

RUN = sa.table(
    "settlement_run", *(
        sa.column(name) for name in (
            "id", "season_id", "policy", "policy_sha256", "snapshot_sha256", "results_sha256",
            "flush", "households", "total", "currency", "undetermined", "state", "drafted_by",
            "approved_by", "approval_reason",
        )
    ),
    sa.column("made_at", TIME), sa.column("approved_at", TIME),
)  # fmt: skip
SEASON = sa.table("season", sa.column("id"), sa.column("code"), sa.column("company_id"))
RESULT = sa.table(
    "settlement_result", *(
        sa.column(name) for name in ("id", "run_id", "household_id", "total", "reason")
    ),
    sa.column("undetermined", sa.Boolean()), sa.column("steps", sa.JSON()),
)  # fmt: skip
LINE = sa.table(
    "settlement_line", *(
        sa.column(name) for name in
        ("id", "result_id", "kind", "days", "share", "amount", "clause")
    ),
    sa.column("first_day", sa.Date()), sa.column("last_day", sa.Date()),
)  # fmt: skip
ENTRY = sa.table(
    "ledger_entry", *(
        sa.column(name) for name in (
            "id", "company_id", "number", "kind", "household_id", "season_id", "run_id", "amount",
            "currency", "corrects", "drafted_by", "approved_by", "version", "previous_hash", "hash",
        )
    ),
    sa.column("made_at", TIME), sa.column("body", sa.JSON()),
)  # fmt: skip


def upgrade() -> None:
    for table, columns in WIDTHS.items():
        with op.batch_alter_table(table) as batch:
            for name, width in columns.items():
                batch.alter_column(
                    name, existing_type=sa.String(width), type_=sa.Text(), existing_nullable=False
                )
    with op.batch_alter_table("ledger_entry") as batch:
        batch.alter_column("household_id", existing_type=sa.Integer(), nullable=True)
    enter_approvals(op.get_bind(), datetime.now(UTC))


def enter_approvals(link: sa.Connection, now: datetime) -> None:
    """The entries of all approvals from before."""
    approved = (
        sa.select(RUN, SEASON.c.code, SEASON.c.company_id)
        .join(SEASON, SEASON.c.id == RUN.c.season_id)
        .where(RUN.c.state == "approved")
        .order_by(RUN.c.id)
    )
    for run in link.execute(approved).all():
        _enter(link, run, now)


def _enter(link: sa.Connection, run: sa.Row[Any], now: datetime) -> None:
    """The entry of an approval from before, at the end of its company's chain."""
    number, head = _end(link, run.company_id)
    entry: dict[str, Any] = {
        "number": number + 1, "made_at": now, "kind": "approval", "household_id": None,
        "season_id": run.season_id, "run_id": run.id, "amount": "0.00", "currency": run.currency,
        "body": _body(link, run), "corrects": None, "previous_hash": head,
        "version": VERSION, "drafted_by": run.drafted_by, "approved_by": run.approved_by,
    }  # fmt: skip
    entry["hash"] = _sha256({**entry, "made_at": now.isoformat()})
    row = link.execute(sa.select(sa.func.max(ENTRY.c.id))).scalar() or 0
    link.execute(ENTRY.insert().values(id=row + 1, company_id=run.company_id, **entry))


def _end(link: sa.Connection, company: int) -> tuple[int, str]:
    for chain in (ENTRY.c.company_id == company, ENTRY.c.company_id.is_(None)):
        query = sa.select(ENTRY.c.number, ENTRY.c.hash).where(chain)
        last = link.execute(query.order_by(ENTRY.c.number.desc()).limit(1)).first()
        if last is not None:
            return last.number, last.hash
    return 0, GENESIS


def _body(link: sa.Connection, run: sa.Row[Any]) -> dict[str, Any]:
    amounts = link.execute(sa.select(ENTRY.c.amount).where(ENTRY.c.run_id == run.id)).scalars()
    wrote = [Decimal(each) for each in amounts]
    return {
        "season": run.code, "run": run.id, "policy": run.policy,
        "policy_sha256": run.policy_sha256, "snapshot_sha256": run.snapshot_sha256,
        "results_sha256": run.results_sha256, "flush": run.flush,
        "drafted_at": _instant(run.made_at), "households": run.households, "total": run.total,
        "currency": run.currency, "undetermined": run.undetermined,
        "approved_at": _instant(run.approved_at), "approval_reason": run.approval_reason,
        "kept_sha256": _kept(link, run.id),
        "entries": {"count": len(wrote), "added": str(sum(wrote, Decimal("0.00")))},
        "recorded": "upgrade",
    }  # fmt: skip


def _kept(link: sa.Connection, run: int) -> str:
    """Over every household's result, lines and steps, by place id."""
    lines = _lines(link, run)
    query = sa.select(RESULT).where(RESULT.c.run_id == run).order_by(RESULT.c.household_id)
    hashed = hashlib.sha256()
    for each in link.execute(query).all():
        kept = {
            "total": each.total, "undetermined": each.undetermined, "reason": each.reason,
            "lines": lines.get(each.id, []), "steps_sha256": _sha256(each.steps),
        }  # fmt: skip
        hashed.update(_canonical([each.household_id, kept]) + b"\n")
    return hashed.hexdigest()


def _lines(link: sa.Connection, run: int) -> dict[int, list[dict[str, Any]]]:
    found: dict[int, list[dict[str, Any]]] = {}
    of_run = sa.select(RESULT.c.id).where(RESULT.c.run_id == run)
    query = sa.select(LINE).where(LINE.c.result_id.in_(of_run)).order_by(LINE.c.id)
    for each in _rows(link, query):
        body = {name: each[name] for name in ("kind", "days", "share", "amount", "clause")}
        days = {name: each[name].isoformat() for name in ("first_day", "last_day")}
        found.setdefault(each["result_id"], []).append(body | days)
    return found


def _rows(link: sa.Connection, query: sa.Select[Any]) -> Iterator[dict[str, Any]]:
    return (dict(each._mapping) for each in link.execute(query).all())


def _instant(at: datetime | None) -> str | None:
    """In UTC; SQLite keeps no zone."""
    if at is None:
        return None
    return (at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)).isoformat()


def _canonical(value: object) -> bytes:
    told = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return told.encode()


def _sha256(value: object) -> str:
    return hashlib.sha256(_canonical(value)).hexdigest()
