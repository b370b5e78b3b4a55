"""objections to results, with their answers"""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

TABLE = "objection"
AT = sa.DateTime(timezone=True)
BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    references = {
        "household_id": "place", "change_id": "change_record", "ended_id": "change_record",
        "supersedes_id": TABLE,
    }  # fmt: skip
    number = sa.Integer()
    columns: list[tuple[str, sa.types.TypeEngine, bool]] = [
        ("household_id", number, False), ("at", AT, False), ("run", number, False),
        ("since", AT, True), ("until", AT, True), ("text", sa.String(length=1000), False),
        ("state", sa.String(length=16), False), ("correction", number, True),
        ("document", sa.String(length=200), False), ("id", number, False),
        ("change_id", BIG, False), ("ended_id", BIG, True), ("source", sa.Text(), False),
        ("supersedes_id", number, True),
    ]  # fmt: skip
    foreign = [
        sa.ForeignKeyConstraint([own], [f"{other}.id"], name=op.f(f"fk_{TABLE}_{own}_{other}"))
        for own, other in references.items()
    ]
    op.create_table(
        TABLE,
        *(sa.Column(name, kind, nullable=empty) for name, kind, empty in columns),
        *foreign,
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{TABLE}")),
    )
    op.create_index(op.f(f"ix_{TABLE}_household_id"), TABLE, ["household_id"])
    current = sa.text("ended_id IS NULL")
    op.create_index(
        f"uq_{TABLE}_current", TABLE, ["household_id", "at"], unique=True,
        sqlite_where=current, postgresql_where=current,
    )  # fmt: skip
