"""Gaps in senders' numbers as faults of delivery: each told once, and brought up to date.

What a gap is stands in the journal with the messages that show it, so a worker that died before the
books had it tells it at the next start.
"""

import logging
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.actor import Actor
from domain.delivery_faults import WORDS, Kind, named
from domain.time import from_us, to_us
from ingest.codecs.gaps import Gap
from store.books.delivery import DeliveryFault

log = logging.getLogger("heatwatch.ingest")

#: A message that was only on its way behind others has come by then.
SETTLES = timedelta(seconds=10)
#: Older ones were told, or nobody asks any more.
LATELY = timedelta(days=1)

OfFeed = tuple[str, Gap]


class Pending:
    """Gaps that have changed since they were written: the newest state of each sender."""

    def __init__(self) -> None:
        self._gaps: dict[tuple[str, str], OfFeed] = {}

    def take(self, gaps: Iterable[OfFeed]) -> list[OfFeed]:
        """Adds; those of before that another gap of their sender takes the place of are due at once."""
        due = []
        for feed, gap in gaps:
            before = self._gaps.get((feed, gap.about))
            if before is not None and before[1].since_us != gap.since_us:
                due.append(before)
            self._gaps[feed, gap.about] = feed, gap
        return due

    def settled(self, now: datetime | None) -> list[OfFeed]:
        """Those that have settled by `now`, None for all; they are no longer pending."""
        latest_us = None if now is None else to_us(now - SETTLES)
        due = [
            each
            for each in self._gaps.values()
            if latest_us is None or each[1].until_us <= latest_us
        ]
        for feed, gap in due:
            del self._gaps[feed, gap.about]
        return due


def write_gaps(
    session: Session, gaps: Sequence[OfFeed], key: dict[str, str], by: Actor, now: datetime
) -> None:
    """Into the books, each by its sender and begin; `key` are client id and broker."""
    opened = [gap for feed, gap in gaps if _written(session, gap, feed, key, by, now)]
    if opened:
        log.error(_line(opened, key))


def _written(
    session: Session, gap: Gap, feed: str, key: dict[str, str], by: Actor, now: datetime
) -> bool:
    """Whether it is a new fault."""
    kind, since = Kind.SEQUENCE_GAP.value, from_us(gap.since_us)
    same = (
        DeliveryFault.about == gap.about, DeliveryFault.feed == feed, DeliveryFault.since == since,
    )  # fmt: skip
    kept = session.scalars(select(DeliveryFault).where(DeliveryFault.kind == kind, *same)).first()
    until = from_us(gap.until_us)
    if kept is not None:
        kept.until, kept.at_most = until, gap.at_most
        return False
    if gap.at_most == 0:
        return False
    session.add(
        DeliveryFault(
            **key, kind=kind, about=gap.about, feed=feed, since=since, until=until, at_most=gap.at_most,
            told_at=now, told_by=by,
        )
    )  # fmt: skip
    return True


def _line(gaps: Sequence[Gap], key: dict[str, str]) -> str:
    counts = [each.at_most for each in gaps]
    about = named([each.about for each in gaps])
    told = WORDS[Kind.SEQUENCE_GAP]
    most = "" if None in counts else f"up to {sum(filter(None, counts))} "
    since = from_us(min(each.since_us for each in gaps))
    return (
        f"{told.title} ({about}; {key['client_id']} at {key['broker']}): {most}messages since "
        f"{since:%Y-%m-%d %H:%M:%S}Z are missing; {told.advice}"
    )
