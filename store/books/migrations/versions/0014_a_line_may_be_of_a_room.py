"""a line of a settlement may be of one room"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("settlement_line", schema=None) as batch_op:
        batch_op.add_column(sa.Column("room", sa.Text(), nullable=False, server_default=""))
