"""the registry has a version from the start: its row is also what imports lock"""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        "INSERT INTO registry_version (id, number)"
        " SELECT 1, 0 WHERE NOT EXISTS (SELECT 1 FROM registry_version)"
    )
