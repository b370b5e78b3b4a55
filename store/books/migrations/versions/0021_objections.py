"""objections to results, with their answers"""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

TABLE = "objection"
BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _refers(name: str, to: str, kind: sa.types.TypeEngine, *, empty: bool) -> sa.Column:
    key = sa.ForeignKey(f"{to}.id", name=op.f(f"fk_{TABLE}_{name}_{to}"))
    return sa.Column(name, kind, key, nullable=empty)


def upgrade() -> None:
    at, number = sa.DateTime(timezone=True), sa.Integer()
    op.create_table(
        TABLE,
        _refers("household_id", "place", number, empty=False),
        sa.Column("at", at, nullable=False),
        sa.Column("run", number, nullable=False),
        sa.Column("since", at),
        sa.Column("until", at),
        sa.Column("text", sa.String(length=1000), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("correction", number),
        sa.Column("document", sa.String(length=200), nullable=False),
        sa.Column("id", number, nullable=False),
        _refers("change_id", "change_record", BIG, empty=False),
        _refers("ended_id", "change_record", BIG, empty=True),
        sa.Column("source", sa.Text(), nullable=False),
        _refers("supersedes_id", TABLE, number, empty=True),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{TABLE}")),
    )
    op.create_index(op.f(f"ix_{TABLE}_household_id"), TABLE, ["household_id"])
    op.create_index(
        f"uq_{TABLE}_current", TABLE, ["household_id", "at"], unique=True,
        sqlite_where=sa.text("ended_id IS NULL"), postgresql_where=sa.text("ended_id IS NULL"),
    )  # fmt: skip
