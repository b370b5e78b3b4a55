"""The rule of lost supply: when heat is off by schedule."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from analytics.heat.supply import HELD_US, SupplyRule, Window
from domain.time import HOUR_US, MINUTE_US, Span

BELGRADE = ZoneInfo("Europe/Belgrade")


def test_the_rule_of_the_house_is_the_one_that_is_written_down() -> None:
    assert SupplyRule() == SupplyRule(28_000, 0.1, 10 * MINUTE_US, ())
    assert HELD_US == HOUR_US


@pytest.mark.parametrize("text", ["22:00", "22:00-22:00", "25:00-06:00", "10-", "a-b-c"])
def test_a_window_that_is_none_is_refused_with_its_text(text: str) -> None:
    with pytest.raises(ValueError, match="window '"):
        Window.of(text)


def test_windows_keep_local_time_through_the_change_of_clocks() -> None:
    span = Span(datetime(2025, 3, 29, 12, tzinfo=UTC), datetime(2025, 3, 30, 12, tzinfo=UTC))
    [night] = Window.of("22:00-06:00").spans(span, BELGRADE)
    assert night.until - night.since == timedelta(hours=7)
