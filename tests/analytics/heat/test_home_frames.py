"""Comfort of homes as a frame says what `room_comfort` says, also day by day."""

from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from analytics.heat.frames import COMFORT_UNITS
from analytics.heat.home_frames import home_comfort
from analytics.heat.homes import room_comfort
from domain.time import Span
from tests.tiny import MIDNIGHT, Tiny, tiny_city

ZONE = ZoneInfo("Asia/Shanghai")
SPAN = Span(MIDNIGHT - timedelta(hours=2), MIDNIGHT + timedelta(hours=24))


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Tiny:
    return tiny_city(Path(tmp_path_factory.mktemp("tiny")))


@pytest.mark.parametrize("rooms", [True, False])
def test_the_frame_has_the_numbers_of_the_rooms(tiny: Tiny, rooms: bool) -> None:
    exact = room_comfort(tiny.books, tiny.readings, SPAN, 18_000)
    exact = exact if rooms else exact.worst()
    found = home_comfort(tiny.books, tiny.readings, SPAN, ZONE, rooms=rooms)
    assert found[["household", "room"]].values.tolist() == [[e.household, e.room] for e in exact]
    for name, values in (
        ("degree_hours", [e.degree_hours for e in exact]), ("hours_below", [e.below for e in exact]),
        ("hours_known", [e.known for e in exact]), ("hours_missing", [e.missing for e in exact]),
        ("coverage", [e.coverage for e in exact]),
    ):  # fmt: skip
        assert found[name].tolist() == pytest.approx([float(each) for each in values])
    assert found["degree_hours"].max() == pytest.approx(12.0), "2 K for six hours"
    assert found.attrs["units"] == COMFORT_UNITS


def test_days_add_up_to_the_whole(tiny: Tiny) -> None:
    whole = home_comfort(tiny.books, tiny.readings, SPAN, ZONE, 20.0)
    days = home_comfort(tiny.books, tiny.readings, SPAN, ZONE, 20.0, freq="D")
    assert [str(each) for each in sorted(set(days["since"]))] == [
        "2026-01-14 22:00:00+08:00",
        "2026-01-15 00:00:00+08:00",
    ]
    summed = days.groupby("household")["degree_hours"].sum()
    assert summed.tolist() == pytest.approx(whole["degree_hours"].tolist())


def test_a_city_without_homes_has_an_empty_frame(tiny: Tiny) -> None:
    import numpy as np

    nobody = np.zeros(0, dtype=np.int32)
    found = home_comfort(tiny.books, tiny.readings, SPAN, ZONE, households=nobody)
    assert found.empty
    assert list(found) == ["since", "household", "room", *COMFORT_UNITS]
