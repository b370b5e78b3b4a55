"""An uplink of a LoRaWAN device, as its network hands it over, and the samples of its payload."""

from collections.abc import Set
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from domain.quality import TimeKind
from ingest.codecs.foreign import Time, Wrong
from ingest.codecs.message import Reason, Sample
from ingest.mapping.times import YEAR_2000_US


@dataclass(frozen=True, slots=True)
class Uplink:
    """One uplink of a device."""

    device: str
    formerly: str  # another code that the registry may know the device by
    port: int
    data: bytes  # what the device sent
    decoded: Any  # what the network's own codec made of it; None: nothing
    time: Time
    time_kind: TimeKind
    key: str  # of the message
    profiles: tuple[str, ...]  # what the network calls the kind of device
    received_us: int = 0
    zone: ZoneInfo | None = None  # of the devices' clocks
    session: Any = None  # a text that changes when the device joins anew
    counter: Any = None  # frame counter; None: 0, which the network leaves out

    def is_on(self, ports: Set[int], others: Set[int] = frozenset()) -> bool:
        """Whether it came on a port of readings; Wrong where it is neither one nor one of `others`."""
        if self.port not in ports | others:
            allowed = ", ".join(str(each) for each in sorted(ports))
            raise Wrong(Reason.UNDECODABLE, f"port {self.port} is not read; allowed: {allowed}")
        return self.port in ports

    def sample(
        self, channel: str, value: Decimal | None, unit: str | None, *, failed: bool = False,
        faults: tuple[str, ...] = (), own_s: int | None = None,
    ) -> Sample:  # fmt: skip
        """A sample at the uplink's time, or at the device's own [s since 1970].

        A clock of a device that was never set stands before 2000: then it is the uplink's time.
        """
        at_us, corrected, untimed = self.time
        kind = self.time_kind
        if own_s is not None and own_s * 1_000_000 >= YEAR_2000_US:
            at_us, corrected, untimed, kind = own_s * 1_000_000, False, False, TimeKind.METER
        return Sample(
            self.device, channel, at_us, value, unit, corrected=corrected,
            formerly=(self.formerly,) if self.formerly else (), untimed=untimed, failed=failed, time_kind=kind, message_key=self.key, faults=faults,
            optional=True,
        )  # fmt: skip


def tenths(number: int) -> Decimal:
    """A number of tenths.

    >>> tenths(-15)
    Decimal('-1.5')
    """
    return Decimal(number).scaleb(-1)


def hundredths(number: int) -> Decimal:
    """A number of hundredths."""
    return Decimal(number).scaleb(-2)


def cut_off(at: int) -> Wrong:
    """The payload ends within a value."""
    return Wrong(Reason.UNDECODABLE, f"the payload ends inside the value at byte {at}")
