"""runs keep the number of the last change that they saw"""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    with op.batch_alter_table("settlement_run", schema=None) as batch_op:
        batch_op.add_column(sa.Column("last_change", BIG, nullable=True))
