"""Uplinks of LoRaWAN devices by day, in the books; and the devices of which too many are lost.

The journal has what a device's uplinks came to in all, with the messages that show it; the books take
over the difference to what they had, so that nothing counts twice or is left out, whatever dies in between.
A journal of before, as after a restore, gives no difference.
"""

import logging
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from domain.actor import Actor
from domain.delivery_faults import WORDS, Kind, named
from domain.time import from_us, to_us
from ingest.codecs.uplinks import Uplinks
from store.books.delivery import DeliveryFault, UplinkDay, UplinkTotal
from store.books.uplinks import LEAST, uplinks_of

log = logging.getLogger("heatwatch.ingest")

#: How often counts are written.
EVERY = timedelta(seconds=30)
#: So many devices are written in one transaction.
AT_ONCE = 500
#: How often devices are looked at that lose many.
LOOK = timedelta(minutes=10)
DAY = timedelta(days=1)
#: Days that are kept.
KEPT = timedelta(days=400)
#: A device that was first heard longer ago than this was counted in other books.
NEW = timedelta(days=2)

Key = tuple[str, str]  # feed, device


@dataclass(slots=True)
class Counts:
    """Uplinks of a feed since the start: those that came, and those that were sent."""

    received: Counter[str] = field(default_factory=Counter)  # by feed
    sent: Counter[str] = field(default_factory=Counter)  # at most


class Pending:
    """Devices whose counts have changed since they were written, each as it is by now."""

    def __init__(self) -> None:
        self._devices: dict[Key, Uplinks] = {}
        self._written_at: datetime | None = None

    def take(self, feed: str, uplinks: Uplinks) -> None:
        """Adds."""
        self._devices[feed, uplinks.device] = uplinks

    def due(self, now: datetime | None) -> list[dict[Key, Uplinks]]:
        """What is to be written at `now`, a transaction each; None: all of it."""
        if self._written_at is None:
            self._written_at = now
        if now is not None and self._written_at is not None and now - self._written_at < EVERY:
            return []
        self._written_at, devices, self._devices = now, iter(self._devices.items()), {}
        return list(map(dict, iter(lambda: list(islice(devices, AT_ONCE)), [])))


def write_uplinks(
    session: Session, devices: dict[Key, Uplinks], counts: Counts, by: Actor, zone: ZoneInfo
) -> None:
    """What has come and been missed since the books were told last, on the day it was heard."""
    totals = _totals(session, devices)
    added = Counts()
    for key, told in devices.items():
        heard = from_us(told.heard_us)
        total = totals.get(key)
        received, missed = _since(total, told)
        if total is None:
            total = UplinkTotal(feed=key[0], device=key[1])
            session.add(total)
        total.received, total.missed = told.received, told.missed
        total.counted_at, total.counted_by = heard, by
        if received or missed:
            _add(session, key, heard.astimezone(zone).date(), received, missed, by)
            added.received[key[0]] += received
            added.sent[key[0]] += received + missed
    session.flush()  # what can't be written does not count
    counts.received.update(added.received)
    counts.sent.update(added.sent)


def _totals(session: Session, devices: Iterable[Key]) -> dict[Key, UplinkTotal]:
    names = [device for _, device in devices]
    rows = session.scalars(select(UplinkTotal).where(UplinkTotal.device.in_(names)))
    return {(each.feed, each.device): each for each in rows}


def _since(total: UplinkTotal | None, told: Uplinks) -> tuple[int, int]:
    """Uplinks that came and that were missed since the books had `total`."""
    if total is None:
        new = told.heard_us - told.since_us <= NEW // timedelta(microseconds=1)
        return (told.received, told.missed) if new else (0, 0)
    if told.received < total.received:
        return 0, 0
    return told.received - total.received, told.missed - total.missed


def _add(session: Session, key: Key, day: date, received: int, missed: int, by: Actor) -> None:
    feed, device = key
    row = session.get(UplinkDay, {"feed": feed, "device": device, "day": day})
    if row is None:
        row = UplinkDay(feed=feed, device=device, day=day, received=0, missed=0)
        session.add(row)
    row.received += received
    row.missed = max(
        0, row.missed + missed
    )  # one that came late may have been missed the day before
    row.counted_by = by


def forget_days(session: Session, today: date) -> None:
    """Days that nobody asks for any more."""
    session.execute(delete(UplinkDay).where(UplinkDay.day < today - KEPT))


def compare_uplinks(
    session: Session, key: dict[str, str], by: Actor, now: datetime, zone: ZoneInfo, usual: float
) -> None:
    """Which devices have lost more than `usual` [1] since yesterday began: told once while it is so.

    A device with few uplinks is never told: of three, one lost is a third.
    """
    today = now.astimezone(zone).date()
    since = datetime.combine(today - DAY, time(), zone)
    forget_days(session, today)
    many: dict[tuple[str | None, str], int] = {
        (each.feed, each.device): each.missed
        for each in uplinks_of(session, today - DAY, today + DAY)
        if each.received + each.missed >= LEAST and each.share > usual
    }
    kind = Kind.UPLINKS_LOST.value
    asked = select(DeliveryFault).where(DeliveryFault.kind == kind, DeliveryFault.until.is_(None))
    going_on = {(each.feed, each.about): each for each in session.scalars(asked)}
    for device, fault in going_on.items():
        if device in many:
            fault.at_most = max(fault.at_most or 0, many[device])
        else:
            fault.until = now
    new = {device: missed for device, missed in many.items() if device not in going_on}
    for (feed, about), missed in new.items():
        session.add(
            DeliveryFault(
                **key, kind=kind, about=about, feed=feed, since=since, until=None, at_most=missed,
                told_at=now, told_by=by,
            )
        )  # fmt: skip
    if new:
        told = WORDS[Kind.UPLINKS_LOST]
        most = f"up to {sum(new.values())} since {since:%Y-%m-%d %H:%M}"
        log.error(
            "%s (%s): %s; %s", told.title, named([device for _, device in new]), most, told.advice
        )


def lately(uplinks: Uplinks, now: datetime) -> bool:
    """Whether it was heard within two days of `now`: older counts are in the books."""
    return uplinks.heard_us > to_us(now - NEW)
