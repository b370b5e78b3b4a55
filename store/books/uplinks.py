"""How many uplinks of LoRaWAN devices came in some days, and how many did not."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from store.books.delivery import UplinkDay

#: A share of fewer uplinks says nothing: a device that sends each hour has told of one day then.
LEAST = 24


@dataclass(frozen=True, slots=True)
class DeviceUplinks:
    """Uplinks of a device in some days."""

    feed: str
    device: str
    received: int
    missed: int  # at most

    @property
    def share(self) -> float:
        """Of its uplinks that were missed. [1]"""
        sent = self.received + self.missed
        return self.missed / sent if sent else 0.0


def uplinks_of(session: Session, since: date, until: date) -> Sequence[DeviceUplinks]:
    """Each device's from the day `since` until before the day `until`."""
    rows = session.execute(
        select(
            UplinkDay.feed,
            UplinkDay.device,
            func.sum(UplinkDay.received),
            func.sum(UplinkDay.missed),
        )
        .where(UplinkDay.day >= since, UplinkDay.day < until)
        .group_by(UplinkDay.feed, UplinkDay.device)
        .order_by(UplinkDay.feed, UplinkDay.device)
    )
    return [DeviceUplinks(feed, device, int(got), int(not_)) for feed, device, got, not_ in rows]
