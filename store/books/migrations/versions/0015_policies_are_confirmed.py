"""a policy's text is confirmed by name"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TABLE = "policy_confirmation"


def _versioned() -> list[sa.Column]:
    """What every version of a fact has."""
    return [
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("supersedes_id", sa.Integer(), nullable=True),
        *(sa.Column(name, BIG, nullable=name == "ended_id") for name in ("change_id", "ended_id")),
        sa.Column("source", sa.Text(), nullable=False),
    ]


def upgrade() -> None:
    op.create_table(
        TABLE,
        sa.Column("company_id", sa.Integer(), nullable=False),
        sa.Column("policy", sa.Text(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("dated", sa.Date(), nullable=False),
        *_versioned(),
        sa.ForeignKeyConstraint(
            ["company_id"], ["place.id"], name=op.f("fk_policy_confirmation_company_id_place")
        ),
        sa.ForeignKeyConstraint(
            ["change_id"], ["change_record.id"],
            name=op.f("fk_policy_confirmation_change_id_change_record"),
        ),
        sa.ForeignKeyConstraint(
            ["ended_id"], ["change_record.id"],
            name=op.f("fk_policy_confirmation_ended_id_change_record"),
        ),
        sa.ForeignKeyConstraint(
            ["supersedes_id"], [f"{TABLE}.id"],
            name=op.f("fk_policy_confirmation_supersedes_id_policy_confirmation"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_policy_confirmation")),
    )  # fmt: skip
    op.create_index(op.f("ix_policy_confirmation_company_id"), TABLE, ["company_id"])
    current = sa.text("ended_id IS NULL")
    op.create_index(
        "uq_policy_confirmation_current", TABLE, ["company_id", "sha256"], unique=True,
        sqlite_where=current, postgresql_where=current,
    )  # fmt: skip
