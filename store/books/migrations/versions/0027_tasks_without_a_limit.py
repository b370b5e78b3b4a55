"""a task of which the act sets no limit has no due time"""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    with op.batch_alter_table("case_task", schema=None) as batch_op:
        batch_op.alter_column("due_at", existing_type=TIME, nullable=True)
