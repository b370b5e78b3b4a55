"""Faults of delivery, as ingest keeps them in the books."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from domain.delivery_faults import AGAIN, QUIET, Kind

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

#: What was over so long ago is no alert any more, if it never was one.
LATELY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Fault:
    """One of them: of messages from `since` to `until` some may be missing."""

    kind: Kind
    since: datetime
    until: datetime | None  # None: it goes on
    told_at: datetime
    at_most: int | None  # messages; None: not known
    client_id: str
    broker: str  # host:port
    about: str  # a topic filter, or a sender; "": all of the session
    feed: str | None = None  # of the sender; None: of any feed

    def ended(self, now: datetime) -> datetime | None:
        """When it was over; None: it goes on."""
        if self.kind is Kind.SESSION_LOST:
            return self.told_at
        if self.kind is Kind.QUEUE_OVERFLOW and self.until and self.until + AGAIN >= now:
            return None
        if self.kind is Kind.SEQUENCE_GAP and self.until:
            return self.until + QUIET if self.until + QUIET < now else None
        return self.until


@dataclass(slots=True)
class Faults:
    """Those that go on or were over lately, by when they were told; empty until they are read."""

    found: Sequence[Fault] = ()

    def read(self, session: "Session", now: datetime) -> None:
        """What the books say now."""
        from sqlalchemy import (
            or_,
            select,
        )  # here: the configuration knows the detectors, help needs no books

        from store.books.delivery import DeliveryFault

        lately = or_(DeliveryFault.until.is_(None), DeliveryFault.until > now - LATELY)
        asked = select(DeliveryFault).where(lately)
        rows = session.scalars(asked.order_by(DeliveryFault.told_at, DeliveryFault.id))
        self.found = [
            Fault(
                Kind(each.kind), each.since, each.until, each.told_at, each.at_most,
                each.client_id, each.broker, each.about, each.feed,
            )
            for each in rows
        ]  # fmt: skip
