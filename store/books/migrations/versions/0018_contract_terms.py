"""what contracts say of refunds"""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

TABLE = "contract_terms"
BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    references = {
        "household_id": "place", "season_id": "season", "change_id": "change_record",
        "ended_id": "change_record", "supersedes_id": TABLE,
    }  # fmt: skip
    number, exact = sa.Integer(), sa.String(length=40)
    columns: list[tuple[str, sa.types.TypeEngine, bool]] = [
        ("household_id", number, False), ("season_id", number, False), ("agreed", exact, True),
        ("basic_fee", exact, True), ("bands", sa.Text(), False),
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
    for column in ("household_id", "season_id"):
        op.create_index(op.f(f"ix_{TABLE}_{column}"), TABLE, [column])
    current = sa.text("ended_id IS NULL")
    op.create_index(
        f"uq_{TABLE}_current", TABLE, ["household_id", "season_id"], unique=True,
        sqlite_where=current, postgresql_where=current,
    )  # fmt: skip
