"""an outage record names the proposal that it decides about"""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("outage_record", schema=None) as batch_op:
        for name, length in (("proposal", 120), ("decision", 16)):
            text = sa.String(length=length)
            batch_op.add_column(sa.Column(name, text, nullable=False, server_default=""))
