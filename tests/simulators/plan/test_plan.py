"""What goes wrong in a city is what its plan says."""

from datetime import datetime
from typing import Any

import numpy as np
import pytest

from tests.simulators.files import WorldFiles
from tests.simulators.world.written import files

__all__ = ["files"]  # fixtures


def below(files: WorldFiles, home: str) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    """Times and whether below 18 °C, of a household with one room."""
    (room,) = files.rooms[home]
    at_s, value = files.of_room(room)
    return at_s, value < 18.0


def test_a_missed_gate_is_a_quarter_of_an_hour_short_of_two_days(files: WorldFiles) -> None:
    for home in files.ending("gate_missed"):
        at_s, cold = below(files, home)
        request_s = int(files.requests[home].timestamp())
        after = at_s >= request_s
        assert at_s[after][0] == request_s
        assert cold[after][0]
        recovery = at_s[after][np.argmin(cold[after])]
        assert recovery - request_s == 47 * 3600 + 45 * 60
        assert not cold[at_s >= recovery].any()
        inside = at_s[(at_s >= request_s) & (at_s <= recovery)]
        assert np.all(np.diff(inside) == 900)


def test_a_gap_leaves_three_hours_unknown_between_two_cold_samples(files: WorldFiles) -> None:
    for home in files.ending("undetermined"):
        at_s, cold = below(files, home)
        told = files.truth["households"][home]
        request_s = files.requests[home].timestamp()
        recovery_s = datetime.fromisoformat(told["recovery"]).timestamp()
        assert 48 <= (recovery_s - request_s) / 3600 <= 52
        inside = (at_s >= request_s) & (at_s < recovery_s)
        assert cold[inside].all()
        steps = np.diff(at_s[inside])
        assert sorted(set(steps.tolist())) == [900, 1800 + 3 * 3600]
        assert at_s[inside][np.argmax(steps)] - request_s < 48 * 3600


@pytest.mark.parametrize(("ending", "low", "high"), [("half_fee", 14.0, 18.0), ("free", 8.0, 14.0)])
def test_cold_homes_lie_in_their_band(
    files: WorldFiles, ending: str, low: float, high: float
) -> None:
    for home, told in files.ending(ending).items():
        request_s = files.requests[home].timestamp()
        recovery_s = datetime.fromisoformat(told["recovery"]).timestamp()
        assert recovery_s - request_s >= 48 * 3600
        for room in files.rooms[home]:
            at_s, value = files.of_room(room)
            coldest = value[(at_s >= request_s) & (at_s < recovery_s - 4 * 3600)]
            assert low <= coldest.min()
            assert coldest.min() < high
