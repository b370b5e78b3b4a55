"""which rooms are corner rooms"""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

TABLE = "corner_room"
BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
#: Column -> its type, whether it may be empty, and whose id it is.
COLUMNS: dict[str, tuple[sa.types.TypeEngine, bool, str]] = {
    "id": (sa.Integer(), False, ""),
    "room_id": (sa.Integer(), False, "place"),
    "since": (sa.DateTime(timezone=True), False, ""),
    "until": (sa.DateTime(timezone=True), True, ""),
    "document": (sa.String(length=200), False, ""),
    "source": (sa.Text(), False, ""),
    "change_id": (BIG, False, "change_record"),
    "ended_id": (BIG, True, "change_record"),
    "supersedes_id": (sa.Integer(), True, TABLE),
}


def upgrade() -> None:
    op.create_table(
        TABLE, *map(_column, COLUMNS), sa.PrimaryKeyConstraint("id", name=f"pk_{TABLE}")
    )
    op.create_index(f"ix_{TABLE}_room_id", TABLE, ["room_id"])
    held = sa.text("ended_id IS NULL")
    only = {"sqlite_where": held, "postgresql_where": held}
    op.create_index(f"uq_{TABLE}_current", TABLE, ["room_id", "since"], unique=True, **only)


def _column(name: str) -> sa.Column:
    kind, empty, whose = COLUMNS[name]
    key = [sa.ForeignKey(f"{whose}.id", name=f"fk_{TABLE}_{name}_{whose}")] if whose else []
    return sa.Column(name, kind, *key, nullable=empty)
