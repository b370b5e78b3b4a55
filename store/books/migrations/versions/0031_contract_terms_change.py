"""from when which terms of a contract hold"""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

TABLE = "contract_terms"


def upgrade() -> None:
    """What is on record is of the season's begin: it has no `since`."""
    op.drop_index(f"uq_{TABLE}_current", TABLE)
    with op.batch_alter_table(TABLE, schema=None) as batch_op:
        batch_op.add_column(sa.Column("since", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("until", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("season_fee", sa.String(length=40), nullable=True))
    _index("current", ["household_id", "season_id", "since"], "ended_id IS NULL")
    _index("first", ["household_id", "season_id"], "ended_id IS NULL AND since IS NULL")


def _index(name: str, columns: list[str], where: str) -> None:
    held = sa.text(where)
    op.create_index(
        f"uq_{TABLE}_{name}", TABLE, columns, unique=True, sqlite_where=held, postgresql_where=held
    )
