"""runs keep the version of the rules that they were drafted under"""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("settlement_run", schema=None) as batch_op:
        batch_op.add_column(sa.Column("rules", sa.Integer(), nullable=True))
