"""replies are kept, an acknowledgement names its actor and time, receipts count by message id"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
ACTOR, TIME = sa.String(length=140), sa.DateTime(timezone=True)


def upgrade() -> None:
    _messages()
    _parts()
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.alter_column("episode_id", existing_type=BIG, nullable=True)
        batch_op.add_column(sa.Column("inbound_id", BIG, nullable=True))
        batch_op.add_column(sa.Column("receipts", sa.JSON(), nullable=True))
        batch_op.create_foreign_key(
            op.f("fk_outbox_inbound_id_inbound_message"), "inbound_message", ["inbound_id"], ["id"]
        )
        batch_op.create_unique_constraint(op.f("uq_outbox_inbound_id"), ["inbound_id"])
    with op.batch_alter_table("episode", schema=None) as batch_op:
        batch_op.alter_column(
            "acknowledged_by", existing_type=sa.String(length=100), type_=ACTOR, nullable=True
        )
        batch_op.add_column(sa.Column("acknowledged_at", TIME, nullable=True))
    op.execute(  # who acknowledged was a name; the time was not kept
        sa.text(
            "UPDATE episode SET acknowledged_by = 'user:' || REPLACE(acknowledged_by, ':', ' ') "
            "WHERE acknowledged_by IS NOT NULL"
        )
    )


def _messages() -> None:
    op.create_table(
        "inbound_message",
        sa.Column("id", BIG, nullable=False),
        sa.Column("channel", sa.String(length=32), nullable=False),
        sa.Column("sender", sa.String(length=32), nullable=False),
        sa.Column("received_at", TIME, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("reference", sa.Integer(), nullable=True),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("reason", sa.String(length=32), nullable=False),
        sa.Column("command", sa.String(length=32), nullable=True),
        sa.Column("episode_id", BIG, nullable=True),
        sa.Column("actor", ACTOR, nullable=True),
        sa.Column("handled_at", TIME, nullable=True),
        sa.ForeignKeyConstraint(
            ["episode_id"], ["episode.id"], name=op.f("fk_inbound_message_episode_id_episode")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inbound_message")),
    )
    for column in ("sender", "state", "episode_id"):
        op.create_index(op.f(f"ix_inbound_message_{column}"), "inbound_message", [column])


def _parts() -> None:
    op.create_table(
        "inbound_part",
        sa.Column("id", BIG, nullable=False),
        sa.Column("message_id", BIG, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("received_at", TIME, nullable=False),
        sa.Column("confirmed", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["message_id"], ["inbound_message.id"],
            name=op.f("fk_inbound_part_message_id_inbound_message"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inbound_part")),
        sa.UniqueConstraint("message_id", "number", name=op.f("uq_inbound_part_message_id_number")),
    )  # fmt: skip
    for column in ("message_id", "key"):
        op.create_index(op.f(f"ix_inbound_part_{column}"), "inbound_part", [column])
