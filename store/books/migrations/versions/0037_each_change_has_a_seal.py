"""each change has a seal, and rows are found by their changes"""

import hashlib
import json

import sqlalchemy as sa
from alembic import op

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
NOTHING = "0" * 64
REGISTRY = ("device", "feed", "place", "season", "series")
FACTS = (
    "certificate", "contract", "contract_terms", "corner_room", "decision", "fee_span",
    "measurement_record", "objection", "outage_decision", "outage_record", "policy_confirmation",
    "refusal", "request", "tariff", "user_fault",
)  # fmt: skip


def upgrade() -> None:
    """Changes up to now have no seal; the first row says which they are."""
    seals = op.create_table(
        "change_seal",
        sa.Column("number", BIG, nullable=False),
        sa.Column("change_id", BIG, nullable=True),
        sa.Column("tables", sa.JSON(), nullable=False),
        sa.Column("previous", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_change_seal")),
        sa.UniqueConstraint("change_id", name=op.f("uq_change_seal_change_id")),
    )
    for table in (*REGISTRY, *FACTS):
        op.create_index(op.f(f"ix_{table}_change_id"), table, ["change_id"])
    for table in FACTS:
        op.create_index(op.f(f"ix_{table}_ended_id"), table, ["ended_id"])
    last = op.get_bind().scalar(sa.text("SELECT max(id) FROM change_record"))
    body = json.dumps([0, last, {}, NOTHING], sort_keys=True, separators=(",", ":"))
    first = {"number": 0, "change_id": last, "tables": {}, "previous": NOTHING}
    op.bulk_insert(seals, [{**first, "hash": hashlib.sha256(body.encode()).hexdigest()}])
