"""A proposal is what the meters show: in its season, as it was then, or from its own begin; nothing else is."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from heatwatch.services.proposed import never_shown
from heatwatch.wiring import World, open_world
from tests.heatwatch.cli.test_outages import close, made

__all__ = ["made"]  # fixtures

SHOWN = "S1-01@20250124T160000Z+64800"
ON_RECORD = "S1-02@20250119T160000Z+64800"
WORDS = "meters, data version {}: flow under 10 % of usual"


@pytest.fixture(scope="module")
def world(made: Path) -> Iterator[World]:
    found = open_world(made / "heatwatch.toml")
    yield found
    close(found)


@pytest.mark.parametrize(
    ("proposal", "evidence", "shown"),
    [
        (SHOWN, WORDS.format(1), True),
        (SHOWN, "", True),
        (ON_RECORD, "", True),
        ("S1-01@20250126T160000Z+64800", WORDS.format(1), False),  # heat was on
        ("S1-01@20250124T160000Z+3600", WORDS.format(99), False),  # it was longer
        ("S1@20250124T160000Z+64800", "", False),  # a station's meters say nothing of its source
        ("S9@20250124T160000Z+64800", "", False),
        ("S1-01@20250124T180000Z+57600", "", True),  # asked from two hours later, it had begun
        ("S1-01@20150124T160000Z+64800", "", False),  # before there were readings
        ("no id", "", False),
    ],
)
def test_a_proposal_is_what_the_meters_show(
    world: World, proposal: str, evidence: str, shown: bool
) -> None:
    assert never_shown(world, [(proposal, evidence)]) == (set() if shown else {proposal})


def test_several_are_looked_for_together(world: World) -> None:
    wrong = "S1-02@20250124T160000Z+64800"
    assert never_shown(world, [(SHOWN, ""), (wrong, ""), (ON_RECORD, "")]) == {wrong}
