"""Who hears of what, by kinds and places."""

import pytest

from alerts.config import Recipient
from alerts.messages.recipients import addressees
from tests.alerts.episodes.told import Build
from tests.alerts.world import Bench


@pytest.mark.parametrize(
    ("places", "heard"),
    [
        ((), {"demo", "Q1", "S1", "S2", "S1-H1", "S1-H1-bed"}),
        (("S1",), {"demo", "Q1", "S1", "S1-H1", "S1-H1-bed"}),  # above: what explains its own
        (("S1-H1-bed",), {"demo", "Q1", "S1", "S1-H1", "S1-H1-bed"}),
        (("S2", "nowhere"), {"demo", "Q1", "S2"}),
        (("nowhere",), set()),
    ],
)
def test_a_recipient_hears_of_their_places_all_below_and_all_above(
    city: Build, places: tuple[str, ...], heard: set[str]
) -> None:
    tree = Bench(city(sources={"Q1": 2})).watch.city.places
    (one,) = addressees((Recipient(name="crew", places=places),), tree)
    asked = ("demo", "Q1", "S1", "S2", "S1-H1", "S1-H1-bed")
    assert {code for code in asked if one.hears("make_up_leak", tree.by_code[code])} == heard


def test_a_recipient_of_some_kinds_hears_of_no_other(city: Build) -> None:
    tree = Bench(city()).watch.city.places
    (one,) = addressees((Recipient(name="crew", kinds=("make_up_leak",)),), tree)
    row = tree.by_code["S1"]
    assert one.hears("make_up_leak", row)
    assert not one.hears("station_outage", row)
