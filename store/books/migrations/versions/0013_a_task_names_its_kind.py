"""a task names its kind: those that were there are measurements, in a table for every kind"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

ACTOR = sa.String(length=140)
KEPT = (
    "id, household_id, cause, cause_at, opened_at, opened_by, due_at, clause, "
    "done_at, done_by, done_reason"
)


def upgrade() -> None:
    op.create_table(
        "case_task",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("household_id", sa.Integer(), nullable=False),
        sa.Column("cause", sa.String(length=32), nullable=False),
        sa.Column("cause_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opened_by", ACTOR, nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("clause", sa.Text(), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_by", ACTOR, nullable=True),
        sa.Column("done_reason", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "done_at IS NULL OR done_by IS NOT NULL", name=op.f("ck_case_task_done_by")
        ),
        sa.ForeignKeyConstraint(
            ["household_id"], ["place.id"], name=op.f("fk_case_task_household_id_place")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_task")),
        sa.UniqueConstraint(
            "kind", "household_id", "cause_at", name=op.f("uq_case_task_kind_household_id_cause_at")
        ),
    )
    op.create_index(op.f("ix_case_task_household_id"), "case_task", ["household_id"])
    op.execute(
        f"INSERT INTO case_task (kind, {KEPT}) SELECT 'measurement', {KEPT} FROM measurement_task"
    )
    if op.get_bind().dialect.name == "postgresql":  # the next id follows those taken over
        op.execute(
            "SELECT setval(pg_get_serial_sequence('case_task', 'id'), max(id))"
            " FROM case_task HAVING max(id) IS NOT NULL"
        )
    op.drop_table("measurement_task")
