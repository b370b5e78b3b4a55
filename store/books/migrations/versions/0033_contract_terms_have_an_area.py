"""the heated area that a contract's fee is of from a day on"""

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """What is on record is of the area that the place has."""
    with op.batch_alter_table("contract_terms", schema=None) as batch_op:
        batch_op.add_column(sa.Column("area_m2", sa.String(length=40), nullable=True))
