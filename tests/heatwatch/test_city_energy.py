"""Frames of heat: what meters counted, balance, signature, degree-days."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import heatwatch as hw
from tests.heatwatch.metered_city import SERIES, at, made

MAST = "mast,t,outdoor_temperature,S1,3600,2024-01-01T00:00:00+01:00,\n"
SPAN: Any = {"since": "2025-01-20", "until": "2025-02-10"}


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[hw.City]:
    """Every meter counts 1 kWh an hour, the station 4; each day is 1 K warmer. Home 2 is silent from February on."""
    hours = [at("2025-01-20") + timedelta(hours=h) for h in range(24 * 22)]
    each = {"mst": 4_000, "mb1": 1_000, "m1": 1_000, "m2": 1_000}
    registers: dict[str, dict[datetime, int | None]] = {
        name: {
            when: wh * i
            for i, when in enumerate(hours)
            if name != "m2" or when < at("2025-02-01T01:00")
        }
        for name, wh in each.items()
    }
    registers["mast:t"] = {when: 1_000 * (i // 24) for i, when in enumerate(hours)}
    path: Path = made(tmp_path_factory.mktemp("city"), registers, SERIES + MAST)
    found = hw.open(path)
    yield found
    found.world.books.dispose()


def test_energy_has_a_row_for_each_place_and_day_with_its_state(city: hw.City) -> None:
    frame = city.energy("household", **SPAN)
    assert frame.groupby("place").size().to_dict() == {"H1": 21, "H2": 21}
    first = frame.iloc[0]
    assert (first["amount"], first["state"], first["source"]) == (24_000.0, "measured", "meter")
    assert first["since"] == pd.Timestamp("2025-01-20", tz="Europe/Belgrade")
    silent = frame[(frame["place"] == "H2") & (frame["since"] >= "2025-02-01")]
    assert silent["amount"].isna().all()
    assert set(silent["why"]) == {"silent"}
    assert frame.attrs["units"]["amount"] == "W.h"


def test_balance_is_undetermined_where_a_meter_is_silent(city: hw.City) -> None:
    january: Any
    february: Any
    january, february = city.balance(**SPAN).to_dict("records")
    assert (january["loss"], january["loss_share"]) == (12 * 24_000.0, 0.25)
    assert january["determined"]
    assert not february["determined"]
    assert pd.isna(february["loss"])
    assert pd.isna(february["used"])
    assert january["used"] == january["used_at_least"] > february["used_at_least"] > 0


def test_constant_power_has_a_signature_without_slope(city: hw.City) -> None:
    frame = city.signature("building", **SPAN)
    assert frame.loc["B1", "slope"] == pytest.approx(0.0, abs=1e-9)
    assert frame.loc["B1", "at_zero"] == pytest.approx(1_000)
    assert frame["base"].isna().all()


def test_degree_days_by_day_name_their_source(city: hw.City) -> None:
    frame = city.degree_days("GTZ20/15", **SPAN)
    assert frame["degree_days"].head(3).tolist() == [20.0, 19.0, 18.0]
    assert frame["degree_days"].tail(3).tolist() == [0.0, 0.0, 0.0]
    assert "VDI 4710" in frame.attrs["source"]


@pytest.mark.parametrize(
    ("call", "told"),
    [
        (lambda city: city.energy("room", **SPAN), "room"),
        (lambda city: city.energy(per="week", **SPAN), "week"),
        (lambda city: city.energy(quantity="power", **SPAN), "power"),
        (lambda city: city.degree_days("HDD65", **SPAN), "HDD65"),
    ],
)
def test_what_is_not_allowed_is_named(city: hw.City, call: Any, told: str) -> None:
    with pytest.raises(ValueError, match=told):
        call(city)
