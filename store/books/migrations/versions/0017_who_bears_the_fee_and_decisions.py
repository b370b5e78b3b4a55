"""who bears the fee, and decisions"""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _text(name: str, longest: int) -> sa.Column:
    return sa.Column(name, sa.String(length=longest), nullable=False)


def _time(name: str, *, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _facts(table: str, about: str, *columns: sa.Column) -> None:
    """A table of versions about places, each with a begin."""
    references = {
        about: "place", "change_id": "change_record", "ended_id": "change_record",
        "supersedes_id": table,
    }  # fmt: skip
    op.create_table(
        table,
        sa.Column(about, sa.Integer(), nullable=False),
        _time("since"),
        *columns,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("change_id", BIG, nullable=False),
        sa.Column("ended_id", BIG, nullable=True),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("supersedes_id", sa.Integer(), nullable=True),
        *(
            sa.ForeignKeyConstraint([own], [f"{other}.id"], name=op.f(f"fk_{table}_{own}_{other}"))
            for own, other in references.items()
        ),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    )
    op.create_index(op.f(f"ix_{table}_{about}"), table, [about])
    current = sa.text("ended_id IS NULL")
    op.create_index(
        f"uq_{table}_current", table, [about, "since"], unique=True, sqlite_where=current,
        postgresql_where=current,
    )  # fmt: skip


def upgrade() -> None:
    _facts(
        "decision", "place_id", _time("until"), _text("outcome", 16), _text("basis", 16),
        _text("document", 200), _text("clause", 100),
    )  # fmt: skip
    _facts(
        "fee_span", "household_id", _time("until", nullable=True), _text("state", 16),
        _text("payer", 100), _text("subsidy_percent", 40), _text("subsidy_by", 100),
        _text("document", 200),
    )  # fmt: skip
    with op.batch_alter_table("settlement_line", schema=None) as batch_op:
        batch_op.add_column(sa.Column("payer", sa.Text(), nullable=False, server_default=""))
