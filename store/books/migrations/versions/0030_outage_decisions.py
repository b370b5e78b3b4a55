"""decisions on what outages refund"""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

TABLE = "outage_decision"
BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
#: Column -> its type, whether it may be empty, and whose id it is.
COLUMNS: dict[str, tuple[sa.types.TypeEngine, bool, str]] = {
    "id": (sa.Integer(), False, ""),
    "place_id": (sa.Integer(), False, "place"),
    "since": (sa.DateTime(timezone=True), False, ""),
    "until": (sa.DateTime(timezone=True), False, ""),
    "share": (sa.String(length=40), False, ""),
    "basis": (sa.String(length=16), False, ""),
    "document": (sa.String(length=200), False, ""),
    "clause": (sa.String(length=100), False, ""),
    "source": (sa.Text(), False, ""),
    "change_id": (BIG, False, "change_record"),
    "ended_id": (BIG, True, "change_record"),
    "supersedes_id": (sa.Integer(), True, TABLE),
}


def upgrade() -> None:
    op.create_table(
        TABLE, *map(_column, COLUMNS), sa.PrimaryKeyConstraint("id", name=f"pk_{TABLE}")
    )
    op.create_index(f"ix_{TABLE}_place_id", TABLE, ["place_id"])
    held = sa.text("ended_id IS NULL")
    only = {"sqlite_where": held, "postgresql_where": held}
    op.create_index(f"uq_{TABLE}_current", TABLE, ["place_id", "since"], unique=True, **only)


def _column(name: str) -> sa.Column:
    kind, empty, whose = COLUMNS[name]
    key = [sa.ForeignKey(f"{whose}.id", name=f"fk_{TABLE}_{name}_{whose}")] if whose else []
    return sa.Column(name, kind, *key, nullable=empty)
