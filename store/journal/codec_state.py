"""What codecs remember, kept in the transaction of the batch that changed it."""

from collections.abc import Sequence
from itertools import groupby

import sqlalchemy as sa

from store.journal.remembered import CodecState
from store.journal.tables import CODEC_STATE


def write(link: sa.Connection, states: Sequence[CodecState]) -> None:
    """Puts each state in the place of the one before; the last of a key counts."""
    last = {(each.feed, each.key): each.data for each in states}
    if not last:
        return
    gone = [{"f": feed, "k": key} for feed, key in last]
    link.execute(_DELETE, gone)
    kept = [{"feed": f, "key": k, "data": d} for (f, k), d in last.items() if d is not None]
    if kept:
        link.execute(CODEC_STATE.insert(), kept)


def read(link: sa.Connection) -> dict[str, dict[str, bytes]]:
    """Feed -> key -> data of everything that is remembered."""
    rows = link.execute(sa.select(CODEC_STATE).order_by(CODEC_STATE.c.feed)).all()
    return {
        feed: {row.key: row.data for row in of_feed}
        for feed, of_feed in groupby(rows, lambda row: str(row.feed))
    }


_DELETE = sa.delete(CODEC_STATE).where(
    CODEC_STATE.c.feed == sa.bindparam("f"), CODEC_STATE.c.key == sa.bindparam("k")
)
