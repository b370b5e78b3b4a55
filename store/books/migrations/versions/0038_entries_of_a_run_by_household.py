"""a run's ledger entries are found household by household"""

from alembic import op

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None

TABLE = "ledger_entry"


def upgrade() -> None:
    op.create_index(f"ix_{TABLE}_run_id_household_id", TABLE, ["run_id", "household_id"])
