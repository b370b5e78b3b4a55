"""no number of a change comes a second time"""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None

TABLE = "change_record"
#: Where the numbers of changes are kept that may be gone: earlier refused imports took theirs back.
SEEN = (
    "SELECT max(id) FROM change_record",
    "SELECT max(last_change) FROM settlement_run",
    "SELECT max(json_extract(body, '$.sealed.change')) FROM ledger_entry WHERE kind = 'approval'",
)


def upgrade() -> None:
    """SQLite gives the highest number again once its row is gone; PostgreSQL's sequence does not."""
    link = op.get_bind()
    if link.dialect.name != "sqlite":
        return
    grows = {"sqlite_autoincrement": True}
    with op.batch_alter_table(TABLE, recreate="always", table_kwargs=grows):
        pass
    seen = max(link.scalar(sa.text(each)) or 0 for each in SEEN)
    link.execute(sa.text("DELETE FROM sqlite_sequence"))
    if seen:
        row = {"name": TABLE, "seq": seen}
        link.execute(sa.text("INSERT INTO sqlite_sequence (name, seq) VALUES (:name, :seq)"), row)
