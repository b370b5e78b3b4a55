"""every change names its actor; rows from before name that they are from before"""

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

BEFORE = "unknown:before version 0.2.0"
REGISTRY = (
    "place", "feed", "device", "series", "season", "tariff", "contract", "request", "measurement_record",
    "outage_record", "user_fault", "refusal",
)  # fmt: skip
BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
ACTOR = sa.String(length=140)


def upgrade() -> None:
    _records()
    before = _record_of_rows_from_before()
    for table in REGISTRY:
        _name_the_change(table, before)
    _add("episode", opened_by=BEFORE)
    _add("measurement_task", opened_by=BEFORE, done_by=None, done_reason="")
    op.execute(
        sa.text(f"UPDATE measurement_task SET done_by = '{BEFORE}' WHERE done_at IS NOT NULL")
    )
    _check("measurement_task", "done_by", "done_at IS NULL OR done_by IS NOT NULL")
    _add(
        "settlement_run", drafted_by=BEFORE, approved_by=None, approved_at=None, approval_reason=""
    )
    op.execute(
        sa.text(f"UPDATE settlement_run SET approved_by = '{BEFORE}' WHERE state = 'approved'")
    )
    _check("settlement_run", "approved_by", "state <> 'approved' OR approved_by IS NOT NULL")
    _add("ledger_entry", drafted_by=BEFORE, approved_by=BEFORE, version=1)


def _records() -> None:
    op.create_table(
        "change_record",
        sa.Column("id", BIG, nullable=False),
        sa.Column("actor", ACTOR, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("action", sa.String(length=32), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("files", sa.JSON(), nullable=False),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_change_record")),
    )
    op.create_table(
        "registry_edit",
        sa.Column("id", BIG, nullable=False),
        sa.Column("change_id", BIG, nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("column", sa.String(length=32), nullable=False),
        sa.Column("before", sa.Text(), nullable=False),
        sa.Column("after", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["change_id"], ["change_record.id"],
            name=op.f("fk_registry_edit_change_id_change_record"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_registry_edit")),
    )  # fmt: skip
    for column in ("change_id", "key"):
        op.create_index(op.f(f"ix_registry_edit_{column}"), "registry_edit", [column])


def _record_of_rows_from_before() -> int | None:
    """The one record that all rows from before name; None where there are none."""
    link = op.get_bind()
    if not any(link.execute(sa.text(f"SELECT 1 FROM {name} LIMIT 1")).first() for name in REGISTRY):
        return None
    record = sa.table(
        "change_record",
        sa.column("id", sa.Integer()), sa.column("actor"), sa.column("action"), sa.column("reason"),
        sa.column("at", sa.DateTime(timezone=True)), sa.column("files", sa.JSON()),
        sa.column("details", sa.JSON()),
    )  # fmt: skip
    link.execute(
        record.insert().values(
            actor=BEFORE, at=datetime.now(UTC), action="before", reason="", files=[], details={}
        )
    )
    return int(link.execute(sa.select(record.c.id)).scalar_one())


def _name_the_change(table: str, before: int | None) -> None:
    with op.batch_alter_table(table) as batch:
        batch.add_column(sa.Column("change_id", BIG, nullable=True))
    if before is not None:
        op.execute(sa.text(f"UPDATE {table} SET change_id = {before}"))
    with op.batch_alter_table(table) as batch:
        batch.alter_column("change_id", existing_type=BIG, nullable=False)
        batch.create_foreign_key(
            op.f(f"fk_{table}_change_id_change_record"), "change_record", ["change_id"], ["id"]
        )


def _add(table: str, **columns: str | int | None) -> None:
    """Columns with what rows from before have in them; None may stay empty."""
    with op.batch_alter_table(table) as batch:
        for name in columns:
            batch.add_column(sa.Column(name, _type(name), nullable=True))
    given = {name: value for name, value in columns.items() if value is not None}
    sets = ", ".join(f"{name} = :{name}" for name in given)
    op.get_bind().execute(sa.text(f"UPDATE {table} SET {sets}"), given)
    with op.batch_alter_table(table) as batch:
        for name in given:
            batch.alter_column(name, existing_type=_type(name), nullable=False)


def _type(column: str) -> sa.types.TypeEngine[object]:
    if column.endswith("_reason"):
        return sa.Text()
    if column == "approved_at":
        return sa.DateTime(timezone=True)
    return sa.Integer() if column == "version" else ACTOR


def _check(table: str, name: str, condition: str) -> None:
    with op.batch_alter_table(table) as batch:
        batch.create_check_constraint(op.f(f"ck_{table}_{name}"), condition)
