"""Recipients of places that are there."""

from alerts.config import Recipient
from tests.alerts.episodes.told import Build
from tests.alerts.world import Bench


def test_a_recipient_of_an_unknown_place_is_said(city: Build) -> None:
    from alerts.messages.recipients import unknown_places

    world = city()
    bench = Bench(world)
    recipients = (Recipient(name="crew", places=("S1", "S9")),)
    lines = unknown_places(recipients, bench.watch.city.places)
    assert lines == ["recipient 'crew': place 'S9' is not in the registry"]
