"""what contracts use their rooms for"""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("contract_terms", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("use", sa.String(length=16), nullable=False, server_default="residential")
        )
