"""what a contract's metered heat costs"""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("contract_terms", schema=None) as batch_op:
        batch_op.add_column(sa.Column("heat_price", sa.String(length=40), nullable=True))
