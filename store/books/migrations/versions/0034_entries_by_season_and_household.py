"""a season's ledger entries are found household by household"""

from alembic import op

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None

TABLE = "ledger_entry"


def upgrade() -> None:
    """The index takes the place of that of the season alone, with which it begins."""
    op.create_index(f"ix_{TABLE}_season_id_household_id", TABLE, ["season_id", "household_id"])
    op.drop_index(f"ix_{TABLE}_season_id", TABLE)
