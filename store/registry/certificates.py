"""When devices were verified, and under which series the readings of a channel may be filed."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, Engine, Select, func, select

from domain.quantity import Role
from store.books.columns import read_columns
from store.books.current import Certificate
from store.books.registry import Device, Series

Int32 = NDArray[np.int32]
Int64 = NDArray[np.int64]


@dataclass(frozen=True)
class Verified:
    """Spans of certificates, by device and then by begin (k rows)."""

    device: Int32  # (k,) device ids
    since_us: Int64  # (k,) [µs]
    until_us: Int64  # (k,) half-open [µs]

    def rounds(self, device: Int32) -> Iterator[tuple[Int64, Int64]]:
        """The first certificate of each of these devices, then the second, ...: (n,) since, until.

        A device that has no more has an empty span at the end of time.
        """
        first = np.searchsorted(self.device, device)
        count = np.searchsorted(self.device, device, side="right") - first
        never = np.iinfo(np.int64).max
        for k in range(int(count.max(initial=0))):
            there = count > k
            at = np.where(there, first + k, 0)
            yield (
                np.where(there, self.since_us[at], never),
                np.where(there, self.until_us[at], never),
            )


def certificates(connection: Connection, devices: Select[int] | None = None) -> Verified:
    """All current certificates; `devices`: a query for the devices that they are wanted of."""
    query = select(Certificate.device_id, Certificate.since, Certificate.until)
    query = query if devices is None else query.where(Certificate.device_id.in_(devices))
    query = query.order_by(Certificate.device_id, Certificate.since)
    device, since, until = read_columns(connection, query)
    return Verified(device.astype(np.int32), since, until)


def verified_by_flag(engine: Engine) -> int:
    """How many devices with a room temperature are marked verified and have no certificate."""
    measured = select(Series.device_id).where(Series.role == Role.ROOM_TEMPERATURE.code)
    query = select(func.count()).select_from(Device).where(Device.verified, Device.id.in_(measured))
    with engine.connect() as link:
        certified = select(Certificate.device_id)
        return int(link.execute(query.where(Device.id.not_in(certified))).scalar_one())


def siblings(number: Int64, device: Int64, channel: Sequence[str]) -> tuple[Int64, Int32]:
    """Rows of series beside the other series of their device's channel: (row, series id)s.

    A placement that is recorded later finds readings that were filed while the channel was
    believed to be elsewhere.
    """
    groups: dict[tuple[int, str], list[int]] = defaultdict(list)
    _, of, count = np.unique(device, return_inverse=True, return_counts=True)
    shared = np.flatnonzero(count[of] > 1)  # of devices with several series
    keys = [
        (own, channel[row])
        for own, row in zip(device[shared].tolist(), shared.tolist(), strict=True)
    ]
    if len(set(keys)) < len(keys):
        for row, key in zip(shared.tolist(), keys, strict=True):
            groups[key].append(row)
    pairs = [
        (row, int(number[other]))
        for rows in groups.values()
        if len(rows) > 1
        for row in rows
        for other in rows
        if other != row
    ]
    rows, under = zip(*pairs, strict=True) if pairs else ((), ())
    return np.array(rows, dtype=np.int64), np.array(under, dtype=np.int32)
