"""A plain series of a register as a frame: units, gaps, falls, roll-over and what is refused."""

import numpy as np
import pandas as pd
import pytest

from analytics.heat.register_frame import consumption

ZONE = "Europe/Belgrade"


def hourly(
    hours: int, first: float = 0.0, each: float = 1.0, day: str = "2025-03-29"
) -> "pd.Series[float]":
    times = pd.date_range(day, periods=hours + 1, freq="h", tz=ZONE)
    return pd.Series(first + each * np.arange(hours + 1), times)


def test_days_have_their_hours_and_the_unit_is_the_quantitys_own() -> None:
    frame = consumption(hourly(24 + 23 + 24, each=0.0036), freq="D", unit="GJ")
    assert frame["amount"].tolist() == [24_000.0, 23_000.0, 24_000.0]
    assert frame.attrs["units"]["amount"] == "W.h"
    assert consumption(hourly(10), unit="m3")["amount"].tolist() == [10_000.0]


def test_a_gap_over_midnight_is_estimated_and_its_whole_is_measured() -> None:
    shown = hourly(48, day="2025-02-01")
    shown = shown[(np.arange(49) <= 12) | (np.arange(49) >= 36)]
    days = consumption(shown, "1h", freq="D", unit="kW.h")
    assert days["state"].tolist() == ["estimated", "estimated"]
    assert days["estimated"].tolist() == [12_000, 12_000]
    assert consumption(shown, "1h", unit="kW.h")["state"].tolist() == ["measured"]


def test_a_fall_is_unknown_unless_the_register_rolls_over_there() -> None:
    shown = pd.Series((95.0 + np.arange(11)) % 100, hourly(10).index)
    told = consumption(shown, unit="kW.h")
    assert np.isnan(told["amount"].iloc[0])
    assert (told["at_least"].iloc[0], told["why"].iloc[0]) == (9_000, "fell")
    rolled = consumption(shown, unit="kW.h", rolls_over_at=100)
    assert (rolled["amount"].iloc[0], rolled["why"].iloc[0]) == (10_000.0, "rolled_over")


def test_more_than_the_most_of_an_hour_is_a_leap() -> None:
    assert consumption(hourly(5), unit="kW.h", most=0.5)["why"].tolist() == ["leapt"]
    assert consumption(hourly(5), unit="kW.h", most=1.0)["state"].tolist() == ["measured"]


@pytest.mark.parametrize(
    ("keys", "told"),
    [
        ({"unit": "Cel"}, "measures temperature"),
        ({"unit": "parsec"}, "not known"),
        ({"freq": "W"}, "freq"),
        ({"rolls_over_at": -5}, "above 0"),
        ({"since": "2020-01-01"}, "366"),
    ],
)
def test_what_can_not_be_is_refused_by_name(keys: dict[str, str], told: str) -> None:
    with pytest.raises(ValueError, match=told):
        consumption(hourly(5), **keys)  # type: ignore[arg-type]


def test_a_series_without_readings_is_refused() -> None:
    with pytest.raises(ValueError, match="without readings"):
        consumption(hourly(5)[:0], "1h")
    with pytest.raises(ValueError, match="between two readings"):
        consumption(hourly(5)[:1], "1h")
