"""keeps what a settlement took: frozen inputs by hash, and the hash of a run's results"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "frozen_input",
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_frozen_input")),
    )
    with op.batch_alter_table("settlement_run", schema=None) as batch_op:
        batch_op.add_column(sa.Column("results_sha256", sa.String(length=64), nullable=True))
