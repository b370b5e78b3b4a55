"""What may have been lost between the broker and us: told at once, and kept in the books.

MQTT 3.1.1 says nothing of it aloud. A broker that has forgotten a session accepts it anew and only
leaves its flag out (section 3.2.2.2), one that grants less than it was asked for answers with the
lower level (3.9.3), and one that another client with our id connects to closes our connection
without a word (3.1.4-2). What its queue can't take it drops; some count that (`ingest.mqtt.counters`).
"""

import logging
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from functools import partial
from zoneinfo import ZoneInfo

from sqlalchemy import Engine, and_, func, select, update
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from domain.actor import Actor
from domain.delivery_faults import AGAIN, WORDS, Kind
from domain.time import Span, from_us, to_us
from ingest.codecs.gaps import Gap
from ingest.codecs.memory import Missing
from ingest.codecs.uplinks import Uplinks
from ingest.mqtt import uplink_days
from ingest.mqtt.counters import Dropped
from ingest.mqtt.missing import LATELY, OfFeed, Pending, write_gaps
from ingest.mqtt.uplink_days import LOOK, compare_uplinks, lately, write_uplinks
from store.books.delivery import BrokerSession, DeliveryFault, DroppedCount

log = logging.getLogger("heatwatch.ingest")

UTC = ZoneInfo("UTC")
#: How often a session that works is noted: what is missing is told from the last note on.
ALIVE = timedelta(seconds=10)
#: A broker that started so much later than it had is another run of it: clocks are set, and drift.
RESTARTED = timedelta(minutes=1)
#: Books that can't be written are tried again after so long. [s]
RETRY_S = 1.0
#: So many connections in a row that end at once are another client with our id.
TAKE_OVERS = 3


def sessions_of(books: Engine) -> list[tuple[BrokerSession, int | None]]:
    """Sessions with how many messages the broker says it has dropped since it started.

    None where it has not said: nobody would notice that its queue overflows.
    """
    said = func.sum(DroppedCount.dropped)
    same = [
        getattr(DroppedCount, name) == getattr(BrokerSession, name)
        for name in ("client_id", "broker")
    ]
    asked = select(BrokerSession, said).outerjoin(DroppedCount, and_(*same))
    key = BrokerSession.broker, BrokerSession.client_id
    grouped = asked.group_by(*key).order_by(*key)
    with Session(books, expire_on_commit=False) as session:
        return [
            (row[0], None if row[1] is None else int(row[1])) for row in session.execute(grouped)
        ]


def faults_of(
    books: Engine, most: int | None = None, span: Span | None = None
) -> list[DeliveryFault]:
    """What the books have, newest first; of those that touch a span."""
    asked = select(DeliveryFault).order_by(DeliveryFault.since.desc(), DeliveryFault.id.desc())
    if span is not None:
        goes_on = DeliveryFault.until.is_(None) | (DeliveryFault.until > span.since)
        asked = asked.where(DeliveryFault.since < span.until, goes_on)
    with Session(books, expire_on_commit=False) as session:
        return [*session.scalars(asked.limit(most))]


class Delivery:
    """One session's faults; close it.

    They are written in order by a thread of its own: readings don't wait for books that are locked or away.
    """

    def __init__(
        self, books: Engine, client_id: str, broker: str, by: Actor, zone: ZoneInfo = UTC,
        lost_uplinks: float = 1.0,
    ) -> None:  # fmt: skip
        """`broker` is host:port; uplinks count on days of `zone`, `lost_uplinks` [1] is what is usual."""
        self._books, self._by = books, by
        self._key = {"client_id": client_id, "broker": broker}
        self._writer = ThreadPoolExecutor(1, "delivery")
        self._closed = threading.Event()
        self._alive_at: datetime | None = None
        self._short: list[datetime] = []  # connections in a row that ended at once
        self._gaps, self._uplinks = Pending(), uplink_days.Pending()
        self._zone, self._usual = zone, lost_uplinks
        self._looked_at: datetime | None = None
        self.uplinks = uplink_days.Counts()  # of LoRaWAN devices, since the start

    def connected(self, present: bool, lowered: Sequence[str], now: datetime) -> None:
        """The broker has taken our subscriptions.

        Parameters
        ----------
        present : bool
            Whether it still had our session.
        lowered : sequence of str
            Filters that it granted below QoS 1.
        """
        self._write(partial(self._take_up, present=present, now=now))
        self._write(partial(self._compare, lowered=tuple(lowered), now=now))

    def steady(self, now: datetime) -> None:
        """The connection works, and has for a while; to be called often."""
        self._short = []
        if self._alive_at is None or now - self._alive_at >= ALIVE:
            self._alive_at = now
            self._write(partial(self._note, now=now))

    def ended_at_once(self, now: datetime) -> None:
        """A connection that the broker had accepted ended before it had worked for a while."""
        self._short.append(now)
        if len(self._short) == TAKE_OVERS:
            self._write(
                partial(self._open, kind=Kind.ID_TAKEN, about="", since=self._short[0], now=now)
            )

    def broker_away(self) -> None:
        """Nobody answers there: what ended before was no other client's doing."""
        self._short = []

    def counted(self, dropped: Dropped, now: datetime) -> None:
        """The broker says how many messages it has dropped."""
        self._write(partial(self._count, dropped=dropped, now=now))

    def told_before(self, told: Sequence[Missing], now: datetime) -> None:
        """What the journal has from before the start: the books may not have it."""
        lately_us = to_us(now - LATELY)
        gaps = [(each.feed, each.told) for each in told if isinstance(each.told, Gap)]
        self._write_gaps([each for each in gaps if each[1].until_us > lately_us], now)
        for each in told:
            if isinstance(each.told, Uplinks) and lately(each.told, now):
                self._uplinks.take(each.feed, each.told)

    def missing(self, told: Sequence[Missing], now: datetime) -> None:
        """What the numbers of senders show of messages that are missing."""
        gaps = []
        for each in told:
            if isinstance(each.told, Gap):
                gaps.append((each.feed, each.told))
            else:
                self._uplinks.take(each.feed, each.told)
        self._write_gaps(self._gaps.take(gaps), now)

    def settle(self, now: datetime) -> None:
        """Tells the gaps that no late message fills any more, and what was counted; to be called often."""
        self._write_gaps(self._gaps.settled(now), now)
        self._write_uplinks(now)
        if self._looked_at is None or now - self._looked_at >= LOOK:
            self._looked_at = now
            of_ours = partial(compare_uplinks, key=self._key, by=self._by, zone=self._zone)
            self._write(partial(of_ours, now=now, usual=self._usual))

    def close(self, now: datetime | None = None) -> None:
        """Waits until all is written, unless the books are away; gaps of just now are told as they are."""
        if rest := self._gaps.settled(None):
            self._write_gaps(rest, now or from_us(max(gap.until_us for _, gap in rest)))
        self._write_uplinks(None)
        self._closed.set()
        self._writer.shutdown()

    # -- in the books ------------------------------------------------------------------------

    def _write(self, work: Callable[[Session], None]) -> None:
        self._writer.submit(self._until_written, work)

    def _write_gaps(self, gaps: Sequence[OfFeed], now: datetime) -> None:
        if gaps:
            self._write(partial(write_gaps, gaps=gaps, key=self._key, by=self._by, now=now))

    def _write_uplinks(self, now: datetime | None) -> None:
        for devices in self._uplinks.due(now):
            self._write(
                partial(
                    write_uplinks,
                    devices=devices,
                    counts=self.uplinks,
                    by=self._by,
                    zone=self._zone,
                )
            )

    def _until_written(self, work: Callable[[Session], None]) -> None:
        while True:
            try:
                with Session(self._books) as session, session.begin():
                    work(session)
            except OperationalError as error:
                log.warning("faults of delivery can't be kept yet: %s", error.orig)
                if self._closed.wait(RETRY_S):
                    return
            except Exception:  # nobody waits for this thread: its fault is told here
                log.exception("faults of delivery can't be kept")
                return
            else:
                return

    def _take_up(self, session: Session, present: bool, now: datetime) -> None:
        had = session.get(BrokerSession, self._key)
        if had is None:
            session.add(BrokerSession(**self._key, since=now, alive_at=now, worker=self._by))
            return
        if not present:
            self._lost(session, Kind.SESSION_LOST, had.alive_at, now)
            had.since = now
        had.alive_at = now

    def _count(self, session: Session, dropped: Dropped, now: datetime) -> None:
        kept = session.get(DroppedCount, {**self._key, "topic": dropped.topic})
        if kept is None:
            kept = DroppedCount(**self._key, topic=dropped.topic, read_at=dropped.stood_at)
            session.add(kept)
        else:
            before = 0 if _restarted(kept, dropped) else kept.dropped
            if dropped.count > before:
                more = dropped.count - before
                self._lost(session, Kind.QUEUE_OVERFLOW, kept.read_at, now, more)
        kept.dropped, kept.uptime_s = dropped.count, dropped.uptime // timedelta(seconds=1)
        kept.started_at, kept.read_by = dropped.started_by, self._by
        kept.read_at = max(kept.read_at, dropped.stood_at)

    def _lost(
        self, session: Session, kind: Kind, since: datetime, now: datetime,
        at_most: int | None = None,
    ) -> None:  # fmt: skip
        """What the session loses again and again is one fault, not one for each time."""
        own = [getattr(DeliveryFault, name) == value for name, value in self._key.items()]
        own += [DeliveryFault.kind == kind.value, DeliveryFault.until >= now - AGAIN]
        own += [DeliveryFault.about == ""]
        before = session.scalars(select(DeliveryFault).where(*own)).first()
        if before is None:
            self._open(session, kind, "", since, now, until=now, at_most=at_most)
            return
        before.until = now
        if at_most is not None:
            before.at_most = (before.at_most or 0) + at_most

    def _compare(self, session: Session, lowered: Sequence[str], now: datetime) -> None:
        """Filters whose level is lower, and those whose level is well again."""
        open_ = {each.about: each for each in self._going_on(session, Kind.QOS_LOWERED)}
        for each in set(open_) - set(lowered):
            open_[each].until = now
        for each in [each for each in lowered if each not in open_]:
            self._open(session, Kind.QOS_LOWERED, each, now, now)

    def _note(self, session: Session, now: datetime) -> None:
        own = [getattr(BrokerSession, name) == value for name, value in self._key.items()]
        session.execute(update(BrokerSession).where(*own).values(alive_at=now))
        for each in self._going_on(session, Kind.ID_TAKEN):
            each.until = now

    def _going_on(self, session: Session, kind: Kind) -> Iterator[DeliveryFault]:
        own = [getattr(DeliveryFault, name) == value for name, value in self._key.items()]
        asked = select(DeliveryFault).where(*own, DeliveryFault.until.is_(None))
        yield from session.scalars(asked.where(DeliveryFault.kind == kind.value)).all()

    def _open(
        self, session: Session, kind: Kind, about: str, since: datetime, now: datetime,
        until: datetime | None = None, at_most: int | None = None,
    ) -> None:  # fmt: skip
        if until is None and any(each.about == about for each in self._going_on(session, kind)):
            return
        fault = DeliveryFault(
            **self._key, kind=kind.value, about=about, since=since, until=until, at_most=at_most,
            told_at=now, told_by=self._by,
        )  # fmt: skip
        session.add(fault)
        told = WORDS[kind]
        log.error(
            "%s (%s at %s%s): %smessages since %s may be missing; %s",
            told.title, self._key["client_id"], self._key["broker"], about and f", {about}",
            "" if at_most is None else f"up to {at_most} ", f"{since:%Y-%m-%d %H:%M:%S}Z",
            told.advice,
        )  # fmt: skip


def _restarted(kept: DroppedCount, dropped: Dropped) -> bool:
    """Whether the broker has started since, so that it counts from 0."""
    return (
        dropped.count < kept.dropped
        or dropped.uptime < timedelta(seconds=kept.uptime_s)
        or dropped.started_from > kept.started_at + RESTARTED
    )
