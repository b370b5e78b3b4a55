"""the ledger has a chain of hashes a company; entries keep their numbers and hashes"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

#: The company of a season is that of its entries. Where earlier entries of several companies stand
#: in one chain, they stay in it and name none: a chain can't be taken apart without new hashes.
OF_COMPANY = """
UPDATE ledger_entry SET company_id =
    (SELECT company_id FROM season WHERE season.id = ledger_entry.season_id)
WHERE (SELECT count(DISTINCT season.company_id) FROM season
       JOIN ledger_entry AS each_entry ON each_entry.season_id = season.id) = 1
"""


def upgrade() -> None:
    with op.batch_alter_table("ledger_entry") as batch:
        batch.drop_constraint(op.f("fk_ledger_entry_corrects_ledger_entry"), type_="foreignkey")
    with op.batch_alter_table("ledger_entry") as batch:
        batch.alter_column("number", new_column_name="id", existing_type=BIG)
    with op.batch_alter_table("ledger_entry") as batch:
        batch.add_column(sa.Column("number", BIG, nullable=True))
        batch.add_column(sa.Column("company_id", sa.Integer(), nullable=True))
    op.execute(sa.text("UPDATE ledger_entry SET number = id"))
    op.execute(sa.text(OF_COMPANY))
    with op.batch_alter_table("ledger_entry") as batch:
        batch.alter_column("number", existing_type=BIG, nullable=False)
        batch.create_foreign_key(
            op.f("fk_ledger_entry_company_id_place"), "place", ["company_id"], ["id"]
        )
        batch.create_unique_constraint(
            op.f("uq_ledger_entry_company_id_number"), ["company_id", "number"]
        )
