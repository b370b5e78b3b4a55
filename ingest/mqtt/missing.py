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


class Pending:
    """Gaps that have changed since they were written: the newest state of each sender."""

    def __init__(self) -> None:
        self._gaps: dict[str, Gap] = {}

    def take(self, gaps: Iterable[Gap]) -> list[Gap]:
        """Adds; those of before that another gap of their sender takes the place of are due at once."""
        due = []
        for each in gaps:
            before = self._gaps.get(each.about)
            if before is not None and before.since_us != each.since_us:
                due.append(before)
            self._gaps[each.about] = each
        return due

    def settled(self, now: datetime | None) -> list[Gap]:
        """Those that have settled by `now`, None for all; they are no longer pending."""
        latest_us = None if now is None else to_us(now - SETTLES)
        due = [
            each for each in self._gaps.values() if latest_us is None or each.until_us <= latest_us
        ]
        for each in due:
            del self._gaps[each.about]
        return due


def write_gaps(
    session: Session, gaps: Sequence[Gap], key: dict[str, str], by: Actor, now: datetime
) -> None:
    """Into the books, each by its sender and begin; `key` are client id and broker."""
    opened = [each for each in gaps if _written(session, each, key, by, now)]
    if opened:
        log.error(_line(opened, key))


def _written(session: Session, gap: Gap, key: dict[str, str], by: Actor, now: datetime) -> bool:
    """Whether it is a new fault."""
    kind, since = Kind.SEQUENCE_GAP.value, from_us(gap.since_us)
    same = DeliveryFault.about == gap.about, DeliveryFault.since == since
    kept = session.scalars(select(DeliveryFault).where(DeliveryFault.kind == kind, *same)).first()
    until = from_us(gap.until_us)
    if kept is not None:
        kept.until, kept.at_most = until, gap.at_most
        return False
    if gap.at_most == 0:
        return False
    session.add(
        DeliveryFault(
            **key, kind=kind, about=gap.about, since=since, until=until, at_most=gap.at_most,
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
