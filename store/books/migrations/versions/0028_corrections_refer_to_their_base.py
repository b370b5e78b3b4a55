"""corrections keep what differs from the run that they correct, and refer to it for the rest"""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

RUN, RESULT, LEFT_OUT = "settlement_run", "settlement_result", "settlement_left_out"


def upgrade() -> None:
    with op.batch_alter_table(RUN, schema=None) as batch_op:
        batch_op.add_column(sa.Column("results_version", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("base_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(op.f(f"fk_{RUN}_base_id_{RUN}"), RUN, ["base_id"], ["id"])
    op.create_table(
        LEFT_OUT,
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("household_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["run_id"], [f"{RUN}.id"], name=op.f(f"fk_{LEFT_OUT}_run_id_{RUN}")
        ),
        sa.ForeignKeyConstraint(
            ["household_id"], ["place.id"], name=op.f(f"fk_{LEFT_OUT}_household_id_place")
        ),
        sa.PrimaryKeyConstraint("run_id", "household_id", name=op.f(f"pk_{LEFT_OUT}")),
    )
    op.create_index(
        f"ix_{RESULT}_undetermined", RESULT, ["run_id"],
        sqlite_where=sa.text("undetermined = 1"), postgresql_where=sa.text("undetermined"),
    )  # fmt: skip
