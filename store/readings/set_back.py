"""Followers that have had batches which the journal never gave: it was lost, or an older copy stands there.

Its next batches would get numbers that such a follower has behind it, and be passed over. So it is set back to
the lake's last batch, before anything is written to the journal, and that is said: once in the log, and in
its checkpoint until the journal has passed the number that it had.
"""

import logging
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from domain.language import Text, msg
from store.books.watch import Checkpoint
from store.journal.journal import Journal
from store.lake.lake import Lake

LOG = logging.getLogger("heatwatch.followers")
#: Ends the name of a row that says from which batch a follower's state is rebuilt.
STATE = "/state"
KEY = "set_back"  # in a follower's state


class SetBack(NamedTuple):
    """What became of a follower."""

    follower: str
    had: int  # the last batch that it had done
    ends: int  # with which the journal ended
    to: int  # behind which it goes on

    def told(self) -> Text:
        return msg(
            "follower {who} had done batch {had}, but store.journal ends with batch {ends}: it was lost, or an older "
            "copy stands there; {who} goes on behind batch {to}, what the journal has behind it may come a "
            "second time, and what was lost with it does not come again",
            who=self.follower, had=self.had, ends=self.ends, to=self.to,
        )  # fmt: skip


def set_back(books: sa.Engine, journal: Journal, lake: Lake) -> list[SetBack]:
    """Every follower ahead of the journal goes on behind the lake's last batch; those that did."""
    with Session(books) as session, session.begin():
        done = _done(session)  # before the journal, which goes on meanwhile
        last = journal.last()
        ahead = [name for name, batch in done.items() if batch > last]
        return [one(session, name, last, lake) for name in ahead]


def one(session: Session, follower: str, last: int, lake: Lake) -> SetBack:
    """A follower whose batch the journal, which ends with `last`, never gave."""
    row = session.get_one(Checkpoint, follower)
    made = SetBack(follower, row.batch, last, lake.last_flush().last_batch)
    row.batch = made.to
    row.state = row.state | {KEY: {"had": made.had, "ends": made.ends, "to": made.to}}
    kept = session.get(Checkpoint, follower + STATE)
    if kept is not None and kept.batch > made.to:  # else what comes next would be missing in it
        kept.batch = made.to
    LOG.warning(made.told())
    return made


def were_set_back(session: Session) -> Iterator[SetBack]:
    """Followers that have not passed yet what they had when they were set back."""
    rows = sa.select(Checkpoint.follower, Checkpoint.batch, Checkpoint.state)
    for name, batch, state in session.execute(
        rows.where(_is_follower()).order_by(Checkpoint.follower)
    ):
        made: Mapping[str, Any] | None = state.get(KEY)
        if made is not None and batch <= made["had"]:
            yield SetBack(name, made["had"], made["ends"], made["to"])


def _done(session: Session) -> dict[str, int]:
    rows = sa.select(Checkpoint.follower, Checkpoint.batch).where(_is_follower())
    return {row.follower: row.batch for row in session.execute(rows)}


def _is_follower() -> sa.ColumnElement[bool]:
    return Checkpoint.follower.not_like(f"%{STATE}")
