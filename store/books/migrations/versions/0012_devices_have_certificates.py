"""devices have certificates with their spans"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "certificate",
        sa.Column("device_id", sa.Integer(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("document", sa.String(length=200), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("change_id", BIG, nullable=False),
        sa.Column("ended_id", BIG, nullable=True),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("supersedes_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["change_id"], ["change_record.id"], name=op.f("fk_certificate_change_id_change_record")
        ),
        sa.ForeignKeyConstraint(
            ["device_id"], ["device.id"], name=op.f("fk_certificate_device_id_device")
        ),
        sa.ForeignKeyConstraint(
            ["ended_id"], ["change_record.id"], name=op.f("fk_certificate_ended_id_change_record")
        ),
        sa.ForeignKeyConstraint(
            ["supersedes_id"], ["certificate.id"],
            name=op.f("fk_certificate_supersedes_id_certificate"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificate")),
    )  # fmt: skip
    op.create_index(op.f("ix_certificate_device_id"), "certificate", ["device_id"])
    current = sa.text("ended_id IS NULL")
    op.create_index(
        "uq_certificate_current", "certificate", ["device_id", "since"], unique=True,
        sqlite_where=current, postgresql_where=current,
    )  # fmt: skip
