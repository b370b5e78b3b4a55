"""who acknowledged before actors were kept is a name that can be read, or unknown

0006 made an actor of any text; a name with control characters, or of blanks only, is none.
"""

import re

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

BEFORE = "unknown:before version 0.2.0"
EPISODE = sa.table("episode", sa.column("id"), sa.column("acknowledged_by"))
#: As `domain.actor` takes a name, as of this revision.
NAME = re.compile(r"[^\s:\x00-\x1f\x7f\ud800-\udfff][^:\x00-\x1f\x7f\ud800-\udfff]{0,119}")


def upgrade() -> None:
    link = op.get_bind()
    taken = sa.select(EPISODE).where(EPISODE.c.acknowledged_by.is_not(None))
    for row in link.execute(taken).all():
        actor = _actor(row.acknowledged_by)
        if actor != row.acknowledged_by:
            mine = EPISODE.update().where(EPISODE.c.id == row.id)
            link.execute(mine.values(acknowledged_by=actor))


def _actor(text: str) -> str:
    kind, _, name = text.partition(":")
    if NAME.fullmatch(name):
        return text
    readable = " ".join(re.sub(r"[\s:\x00-\x1f\x7f]+", " ", name).split())[:120]
    return f"{kind}:{readable}" if NAME.fullmatch(readable) else BEFORE
