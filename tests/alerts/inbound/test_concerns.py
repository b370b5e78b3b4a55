"""Whose an alert is, by its place and kind."""

from collections.abc import Callable

import pytest
from sqlalchemy.orm import Session

from alerts.config import Recipient
from alerts.inbound.concerns import concerns
from store.books.watch import Episode
from tests.alerts.inbound.test_handle import alert
from tests.alerts.world import World

Build = Callable[..., World]


@pytest.mark.parametrize(
    ("places", "kinds", "theirs"),
    [
        ((), (), True),
        (("S1",), (), True),
        (("S1-H1",), (), True),  # what is above their place explains what is at it
        (("S2",), (), False),
        (("nowhere",), (), False),
        (("S1",), ("make_up_leak",), True),
        (("S1",), ("station_outage",), False),
    ],
)
def test_an_alert_concerns_whose_places_and_kinds_cover_it(
    city: Build, places: tuple[str, ...], kinds: tuple[str, ...], theirs: bool
) -> None:
    world = city()
    alert(world)
    who = Recipient(name="li", places=places, kinds=kinds)
    with Session(world.engine) as session:
        assert concerns(session, session.get_one(Episode, 1), who) is theirs
