"""a draft has a hash of what its row says

Runs from before get theirs from the row as it is now: it holds from here on. What it hashes is written
out here, as of this revision.
"""

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None

TABLE = "settlement_run"
#: What is hashed under the column's own name.
AS_NAMED = (
    "policy", "policy_sha256", "snapshot_sha256", "results_sha256", "results_version", "rules",
    "last_change", "flush", "households", "total", "currency", "undetermined", "drafted_by",
)  # fmt: skip
RUN = sa.table(
    TABLE, *(sa.column(name) for name in ("id", "season_id", "base_id", "state", *AS_NAMED)),
    sa.column("made_at", sa.DateTime(timezone=True)), sa.column("drafted_sha256"),
)  # fmt: skip


def upgrade() -> None:
    op.add_column(TABLE, sa.Column("drafted_sha256", sa.String(length=64), nullable=True))
    link = op.get_bind()
    for run in link.execute(sa.select(RUN)).mappings().all():
        link.execute(
            sa.update(RUN).where(RUN.c.id == run["id"]).values(drafted_sha256=hash_of(run))
        )


def hash_of(run: Mapping[str, Any]) -> str:
    body = {name: run[name] for name in AS_NAMED} | {
        "run": run["id"], "base": run["base_id"], "season": run["season_id"],
        "what_if": run["state"] == "what_if", "drafted_at": in_utc(run["made_at"]),
    }  # fmt: skip
    written = json.dumps(body, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(written.encode()).hexdigest()


def in_utc(at: datetime) -> str:
    """SQLite gives no zone: what it keeps is in UTC."""
    known = at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
    return known.isoformat()
