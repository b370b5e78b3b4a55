"""Uplinks that did not come, as a report counts them."""

from decimal import Decimal

from reports.figures.uplinks import NAMED, uplink_figures
from store.books.uplinks import LEAST, DeviceUplinks


def test_shares_are_of_what_was_sent_and_the_worst_are_named_where_there_are_enough() -> None:
    devices = [DeviceUplinks("lora", f"D{n}", 100 - n, n) for n in range(10)]
    few = DeviceUplinks("lora", "few", 0, LEAST - 1)
    found = uplink_figures([*devices, few])
    assert (found.devices, found.received, found.missed) == (11, 955, 45 + LEAST - 1)
    assert found.share == Decimal("6.65")
    assert [each.device for each in found.worst] == [f"D{9 - n}" for n in range(NAMED)]
    assert found.worst[0].share == Decimal("9.00")


def test_where_no_device_counts_there_is_no_share() -> None:
    found = uplink_figures([])
    assert (found.devices, found.share, found.worst) == (0, None, ())
    assert uplink_figures([DeviceUplinks("lora", "A1", 50, 0)]).worst == ()
