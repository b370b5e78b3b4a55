"""acts are measurement records: the table of signed measurements under its new name"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

COLUMNS = "id, room_id, at, celsius, signed_by"


def upgrade() -> None:
    op.create_table(
        "measurement_record",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("room_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("celsius", sa.String(length=40), nullable=False),
        sa.Column("signed_by", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["room_id"], ["place.id"], name=op.f("fk_measurement_record_room_id_place")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_measurement_record")),
        sa.UniqueConstraint("room_id", "at", name=op.f("uq_measurement_record_room_id_at")),
    )
    op.create_index(op.f("ix_measurement_record_room_id"), "measurement_record", ["room_id"])
    op.execute(f"INSERT INTO measurement_record ({COLUMNS}) SELECT {COLUMNS} FROM act")
    if op.get_bind().dialect.name == "postgresql":  # the next id follows those taken over
        op.execute(
            "SELECT setval(pg_get_serial_sequence('measurement_record', 'id'),"
            " (SELECT max(id) FROM measurement_record))"
        )
    op.drop_table("act")
