"""what corrections take is kept as its difference to what their base took"""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

TABLE, BASE = "frozen_input", "base_sha256"


def upgrade() -> None:
    with op.batch_alter_table(TABLE, schema=None) as batch_op:
        batch_op.add_column(sa.Column(BASE, sa.String(length=64), nullable=True))
        batch_op.create_foreign_key(op.f(f"fk_{TABLE}_{BASE}_{TABLE}"), TABLE, [BASE], ["sha256"])
