"""Uplinks of LoRaWAN devices that did not come: a count and a share, and the devices that lose most."""

from collections.abc import Sequence
from decimal import Decimal

from reports.figures.views import UplinkFigures, UplinkLine, share
from store.books.uplinks import LEAST, DeviceUplinks

#: Devices that a report names.
NAMED = 5


def uplink_figures(devices: Sequence[DeviceUplinks]) -> UplinkFigures:
    """Of each device over the days of a report.

    >>> uplink_figures([DeviceUplinks("lora", "A1", 90, 10), DeviceUplinks("lora", "B2", 2, 1)])
    UplinkFigures(devices=2, received=92, missed=11, share=Decimal('10.68'), worst=(UplinkLine(device='A1', \
received=90, missed=10, share=Decimal('10.00')),))
    """
    received, missed = (
        sum(getattr(each, name) for each in devices) for name in ("received", "missed")
    )
    losing = [each for each in devices if each.missed and each.received + each.missed >= LEAST]
    losing.sort(key=lambda each: (-each.share, each.device))
    worst = [
        UplinkLine(each.device, each.received, each.missed, _share(each.received, each.missed))
        for each in losing[:NAMED]
    ]
    return UplinkFigures(len(devices), received, missed, _share(received, missed), tuple(worst))


def _share(received: int, missed: int) -> Decimal | None:
    return share(missed, received + missed)
