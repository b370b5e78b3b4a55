"""Which series a device's channel feeds at a time, with what its quantity can be."""

from collections.abc import Mapping
from decimal import Decimal
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from domain.language import Text, msg
from domain.plausible import limits
from domain.quantity import Quantity, Role
from domain.time import from_us
from domain.unit import Unit
from ingest.kernels import resolve
from store.registry.series import REGISTER, SeriesIndex

#: Answers of `SeriesTable.find` when there is no series.
NO_CHANNEL, NOT_THEN = -1, -2

QUANTITIES: tuple[Quantity, ...] = tuple(Quantity)
#: Steps are kept well inside 64 bits.
MOST_TICKS = 2**62


def exponent(quantity: Quantity) -> int:
    """Steps per unit as a power of ten: 3 for 0.001, -2 for 100."""
    return -quantity.value.resolution.adjusted()


class SeriesTable:
    """The registry's index, with the limits and scale of each of its rows.

    `least`, `most` (n,) int64 [ticks] and `exponent` (n,) int64 go by the rows of
    `index.series`; `slots` is the hash table of `ingest.kernels.resolve` over the index's keys.
    """

    def __init__(self, index: SeriesIndex) -> None:
        self.index = index
        bounds = np.array([limits(role) for role in Role], dtype=np.int64)
        scale = np.array([exponent(q) for q in QUANTITIES], dtype=np.int64)
        self.least: NDArray[np.int64] = bounds[index.role, 0]
        self.most: NDArray[np.int64] = bounds[index.role, 1]
        self.exponent: NDArray[np.int64] = scale[index.quantity]
        size = 1 << max(4, (2 * index.key_hash.size).bit_length())
        self.slots: NDArray[np.int64] = np.empty(size, dtype=np.int64)
        resolve.build_slots(index.key_hash, self.slots)

    @cached_property
    def channels_of(self) -> Mapping[str, frozenset[str]]:
        """Device -> its channels, at any time; made once for all that is refused."""
        found: dict[str, set[str]] = {}
        for device, channel in zip(self.index.devices, self.index.channels, strict=True):
            found.setdefault(device, set()).add(channel)
        return {device: frozenset(channels) for device, channels in found.items()}

    def find(self, device: str, channel: str, at_us: int) -> int:
        """The row in force at that time, or NO_CHANNEL, NOT_THEN."""
        index = self.index
        slot = index.slot(device, channel)
        if slot < 0:
            return NO_CHANNEL
        for row in index.span_row[index.span_offsets[slot] : index.span_offsets[slot + 1]]:
            if index.since_us[row] <= at_us < index.ends_us[row]:
                return int(row)
        return NOT_THEN

    def quantity(self, row: int) -> Quantity:
        """What a row's series measures."""
        quantity: Quantity = QUANTITIES[self.index.quantity[row]]
        return quantity

    def why_not(self, answer: int, device: str, channel: str, at_us: int) -> Text:
        """What `find`'s negative answer at that time means, for a person."""
        if answer == NOT_THEN:
            return msg(
                "device {device!r} channel {channel!r} has no place in the registry at that time: {why}",
                device=device, channel=channel, why=self._beside(device, channel, at_us),
            )  # fmt: skip
        if known := sorted(self.channels_of.get(device, ())):
            return msg(
                "device {device!r} has no channel {channel!r} in the registry, it has {known}",
                device=device,
                channel=channel,
                known=", ".join(known[:8]),
            )
        return msg("device {device!r} is not in the registry", device=device)

    def _beside(self, device: str, channel: str, at_us: int) -> Text:
        """Which rows of the channel end before that time and begin behind it, and what helps."""
        index, slot = self.index, self.index.slot(device, channel)
        rows = index.span_row[index.span_offsets[slot] : index.span_offsets[slot + 1]]
        rows = rows[index.since_us[rows] < index.until_us[rows]]
        before, behind = rows[index.until_us[rows] <= at_us], rows[index.since_us[rows] > at_us]
        if not before.size and not behind.size:
            return msg("its rows were withdrawn")
        if not before.size:
            return msg("its row begins at {since}", since=_in_utc(index.since_us[behind[0]]))
        until = _in_utc(index.until_us[before[-1]])
        if behind.size:
            since = _in_utc(index.since_us[behind[0]])
            return msg(
                "its row ended at {until}, which is not in it, and the next begins at {since}",
                until=until, since=since,
            )  # fmt: skip
        if REGISTER[index.quantity[before[-1]]]:
            return msg(
                "its row ended at {until}, where a register's closing reading may stand, and none behind it; "
                "let the row end later",
                until=until,
            )
        return msg(
            "its row ended at {until}, which is not in it; let it end later, or register a row from then on",
            until=until,
        )


def _in_utc(at_us: np.int64) -> str:
    """As `Formats.with_local` finds it."""
    return from_us(int(at_us)).isoformat().replace("+00:00", "Z")


def to_ticks(value: Decimal, unit: str | None, quantity: Quantity) -> int:
    """`value` as ticks that fit 64 bits; ValueError says what is wrong.

    Guards against numbers such as 1e999999999, whose integer no memory holds.
    """
    if not value.is_finite():
        raise ValueError(f"{value} is not a number")
    if value and not -40 <= value.adjusted() <= 25:
        raise ValueError(f"{value:.6e} is no value of a {quantity.code}")
    if len(value.as_tuple().digits) > 60:
        raise ValueError("a number of more than 60 digits")
    ticks = Unit.of(unit or quantity.unit).to_ticks(value, quantity)
    if not -MOST_TICKS < ticks < MOST_TICKS:
        raise ValueError(f"{value} {unit or quantity.unit} is no value of a {quantity.code}")
    return ticks
