"""Whether every batch that the journal must still have can be read."""

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from domain.language import Text, msg, sentence_of
from store.journal.batches import DamagedBatch
from store.journal.journal import Journal, Trimmed, to_url
from store.server.damaged_database import DamagedDatabase


def is_there(place: str) -> bool:
    """Whether a journal's file stands there already; of a server nothing is asked."""
    address = to_url(place)
    return address.get_backend_name() != "sqlite" or Path(str(address.database)).exists()


NOBODY: Mapping[str, int] = MappingProxyType({})


def damaged(journal: Journal, done: Mapping[str, int] = NOBODY) -> Text | None:
    """What is wrong with the file, else the first batch between the trim and the last that can't be read
    or is gone; None: nothing.

    `done`: who has done which batch, as it was before this call. SQLite drops commits whose pages in
    the log beside its file are damaged without a word, so that they alone know of the last batches.
    """
    try:
        journal.refuse_damaged()
    except DamagedDatabase as error:
        return sentence_of(error)
    batch, last = journal.trimmed(), journal.last()
    while batch < last:
        try:
            found = journal.since(batch)
        except Trimmed:  # flushed meanwhile
            batch = journal.trimmed()
            continue
        except DamagedBatch as error:
            return sentence_of(error)
        numbers = [each.number for each in found]
        wanted = [*range(batch + 1, batch + 1 + len(found))] or [batch + 1]
        if numbers != wanted:
            gone = min(set(wanted) - set(numbers))
            return msg(
                "batch {number} of store.journal = {journal} is gone, though {last} were given; "
                "put the journal back from a copy",
                number=gone, journal=journal.where, last=last,
            )  # fmt: skip
        batch = found[-1].number
    return _dropped(journal, done, last)


def _dropped(journal: Journal, done: Mapping[str, int], last: int) -> Text | None:
    ahead = {who: number for who, number in done.items() if number > last}
    if not ahead:
        return None
    who = max(ahead, key=lambda each: (ahead[each], each))
    return msg(
        "store.journal = {journal} ends with batch {last}, though {who} has had batch {number}: its end "
        "was cut or damaged, or an older copy stands there; put the journal back from a copy",
        journal=journal.where, last=last, who=who, number=ahead[who],
    )  # fmt: skip
