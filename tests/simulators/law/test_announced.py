"""An outage that was announced in time is as if there had been none."""

from datetime import timedelta

from simulators.law.announced import without_announced

DAY = timedelta(days=1)


def test_only_what_was_announced_long_enough_before_is_left_out() -> None:
    outages = [["2025-01-10T06:00", "2025-01-10T18:00"], ["2025-02-10T06:00", "2025-02-10T18:00"]]
    notes = [{"since": "2025-01-10T06:00", "announced_at": "2025-01-07T06:00"}]
    world = {"outages": outages, "outage_notes": notes}
    assert without_announced(world, 3 * DAY) == {"outages": outages[1:]}
    assert without_announced(world, 3 * DAY + timedelta(minutes=1)) == {"outages": outages}
    assert without_announced({"outages": outages}, DAY) == {"outages": outages}
