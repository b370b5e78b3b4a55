"""Journal and lake are a pair: a batch's number is given once, and what has it reaches the lake."""

from sqlalchemy import Engine

from domain.errors import WrongCall
from domain.language import msg
from store.journal.journal import Flush, Journal
from store.lake.lake import Lake
from store.readings.set_back import set_back


def go_on_behind(journal: Journal, lake: Lake, books: Engine | None = None) -> None:
    """Before anything is written to a journal: a new one goes on behind the lake, and followers of the `books` that
    are ahead of it are set back, as they would pass over what it is given next.

    WrongCall where the lake has batches that the journal never gave: it would give their numbers
    again, and a flush takes what has one of them for kept.
    """
    last = lake.last_flush()
    journal.continue_after(last.last_batch)
    refuse_younger(journal, lake, last)
    if books is not None:
        set_back(books, journal, lake)


def refuse_younger(journal: Journal, lake: Lake, last: Flush) -> None:
    """WrongCall where the journal ends before what the lake's last flush has of it."""
    given = journal.last()
    if given < last.last_batch:
        raise WrongCall(
            msg(
                "lake = {uri!r} holds batches up to {last_batch}, but the journal only knows "
                "{given}: it is not the one that filled this lake, or its end is lost; put it back from a "
                "copy, or move it away: a new one goes on behind the lake",
                uri=lake.place.uri,
                last_batch=last.last_batch,
                given=given,
            )
        )
