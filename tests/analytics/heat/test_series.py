"""Strange inputs of the library: each gives the right numbers, or an error that says what is allowed."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd
import pytest

from analytics.heat.frames import coverage, degree_hours, outages
from analytics.heat.series import LEAST_FLOW, declared_flow

#: Four quarters of an hour below 18 °C: an hour, and 1 K.h.
TIMES = pd.date_range("2026-01-10", periods=4, freq="15min", tz="Asia/Shanghai")
GIVEN: dict[str, Any] = {
    "interval": "15min",
    "since": TIMES[0],
    "until": TIMES[0] + timedelta(hours=1),
}


def series(values: Any = 17.0, times: Any = TIMES) -> "pd.Series[Any]":
    return pd.Series(values, times)


#: Input -> hours known of the hour asked for, or what the error says.
TABLE: dict[str, tuple[Any, float | str]] = {
    "as it should be": (series(), 1.0),
    "a list": ([17.0, 17.0], "expected a pandas Series, got list"),
    "an array": (np.array([17.0]), "expected a pandas Series, got ndarray"),
    "a frame": (series().to_frame(), "expected a pandas Series, got DataFrame"),
    "nothing": (None, "got NoneType|got neither"),
    "empty": (series().iloc[:0], 0.0),
    "unsorted": (series().iloc[::-1], 1.0),
    "each twice, equal": (pd.concat([series(), series()]), 1.0),
    "each twice, different": (pd.concat([series(), series(17.5)]), 0.0),
    "numbers as index": (pd.Series([17.0]), "times with a zone as the index, got int64"),
    "texts as index": (pd.Series([17.0], ["2026-01-10"]), "times with a zone as the index, got object"),
    "without zone": (series(times=TIMES.tz_localize(None)), r"tz_localize\("),
    "another zone": (series(times=TIMES.tz_convert("America/New_York")), 1.0),
    "a fixed offset": (series(times=TIMES.tz_convert("+08:00")), 1.0),
    "seconds as unit of time": (series(times=TIMES.as_unit("s")), 1.0),
    "a missing time": (series(times=TIMES[:3].append(pd.DatetimeIndex([pd.NaT], tz=TIMES.tz))), "1 of 4 times are missing"),
    "texts": (series(["17.0"] * 4), "value '17.0' at 2026-01-10 00:00:00.* is no number.*to_numeric"),
    "one text": (series([17.0, "warm", 17.0, 17.0]), "value 'warm' at 2026-01-10 00:15:00"),
    "truths": (series([True] * 4), "value True at"),
    "complex": (series([17 + 1j] * 4), "value .17.1j. at"),
    "decimals": (series([Decimal("17.0")] * 4), 1.0),
    "integers": (series([17] * 4), 1.0),
    "nullable": (series(pd.array([17.0, None, 17.0, 17.0], dtype="Float64")), 0.75),
    "objects with None": (series([17.0, None, 17.0, 17.0]).astype(object), 0.75),
    "a NaN": (series([17.0, np.nan, 17.0, 17.0]), 0.75),
    "an infinity": (series([17.0, np.inf, -np.inf, 17.0]), 0.5),
    "all NaN": (series(np.nan), 0.0),
}  # fmt: skip

CALLS: dict[str, Callable[..., pd.DataFrame]] = {
    "degree_hours": lambda given: degree_hours(given, 18, **GIVEN),
    "coverage": lambda given: coverage(given, **GIVEN),
    "outages": lambda given: outages(supply=given, **GIVEN),
}


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize("name", TABLE)
def test_a_strange_series_gives_the_right_hours_or_a_clear_error(name: str, call: str) -> None:
    given, expected = TABLE[name]
    if isinstance(expected, str):
        with pytest.raises(ValueError, match=expected):
            CALLS[call](given)
    elif call == "outages":  # 17 °C is no supply
        assert CALLS[call](given)["hours"].sum() == (1.0 if expected else 0.0)
    else:
        found = CALLS[call](given)
        assert found["hours_known"].iloc[0] == expected
        assert found["hours_known"].iloc[0] + found["hours_missing"].iloc[0] == 1.0
        assert str(found.index.tz) == str(given.index.tz)  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "wrong",
    [
        {"interval": 15}, {"interval": "often"}, {"interval": pd.NaT}, {"interval": "-15min"},
        {"interval": "0s"}, {"interval": "1ms"}, {"interval": True}, {"since": "soon"},
        {"since": 5}, {"since": pd.NaT}, {"until": ""}, {"until": np.nan}, {"until": [1]},
        {"since": "10000000-01-01"},
    ],
    ids=str,
)  # fmt: skip
@pytest.mark.parametrize("call", [degree_hours, coverage, lambda s, **k: outages(supply=s, **k)])
def test_a_wrong_parameter_is_named_with_its_value(wrong: dict[str, Any], call: Any) -> None:
    [(name, _)] = wrong.items()
    with pytest.raises(ValueError, match=f"^{name} = .*; e.g. "):
        call(series(), **wrong)


def test_a_time_that_the_clocks_skip_is_named() -> None:
    spring = pd.date_range("2025-03-30", periods=4, freq="h", tz="Europe/Belgrade")
    with pytest.raises(ValueError, match="since = '2025-03-30T02:30' is no time"):
        degree_hours(series(times=spring), since="2025-03-30T02:30")


def test_a_day_is_a_time_too() -> None:
    found = degree_hours(series(), since=date(2026, 1, 10), until=TIMES[0] + timedelta(hours=1))
    assert found["hours_known"].iloc[0] == 1.0


@pytest.mark.parametrize(
    ("unit", "value"), [("Cel", 17.0), ("K", 290.15), ("[degF]", 62.6), ("°C", 17)]
)
def test_a_temperature_in_another_unit_is_converted(unit: str, value: float) -> None:
    assert degree_hours(series(value), 18, unit=unit)["degree_hours"].iloc[0] == 1.0


def test_values_that_are_possible_in_no_place_are_refused_with_the_units() -> None:
    with pytest.raises(
        ValueError, match=r"temperature in Cel: they are 290 to 290; .*units: Cel, K"
    ):
        degree_hours(series(290.0))
    with pytest.raises(ValueError, match="measures pressure, not temperature; allowed: Cel, K"):
        degree_hours(series(), unit="bar")


def a_stop(usual: float) -> "pd.Series[Any]":
    times = pd.date_range("2026-01-10", periods=96, freq="15min", tz="UTC")
    return pd.Series([0.0 if 40 <= i < 60 else usual for i in range(96)], times)


def test_flow_in_cubic_metres_is_not_taken_for_litres() -> None:
    with pytest.raises(ValueError, match=r'little .*flow_unit="m3/h"'):
        outages(a_stop(9.0))
    found = outages(a_stop(9.0), flow_unit="m3/h")
    pd.testing.assert_frame_equal(found, outages(a_stop(9000.0)))
    assert found["hours"].tolist() == [5.0]
    assert outages(a_stop(9.0), flow_unit="L/h")["hours"].tolist() == [5.0]


@pytest.mark.parametrize("most", [0.0, LEAST_FLOW, np.nan])
def test_a_flow_that_may_be_in_litres_needs_no_unit(most: float) -> None:
    assert declared_flow(series(most), None) == "L/h"


@pytest.mark.parametrize(
    ("unit", "why"), [("kg", "unit 'kg' is a mass"), ("cubits/h", "unit 'cubits/h' is not known")]
)
def test_a_unit_of_the_flow_that_is_none_is_refused(unit: str, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        outages(a_stop(9.0), flow_unit=unit)
