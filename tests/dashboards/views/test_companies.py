"""Console and API show one company at a time, the same bytes whether another is there or not."""

import pytest
from sqlalchemy.orm import Session

from alerts.episodes.views import in_tray, open_episodes
from dashboards.views.companies import Screens
from domain.errors import WrongCall
from domain.tree import PlaceKind
from heatwatch.services.screens import screens_of
from tests.two_companies import FIRST, SECOND, Both


def test_what_the_page_asks_for_is_the_companys_own(worlds: Both) -> None:
    found = []
    for world in (worlds.alone, worlds.together):
        view = screens_of(world).of(FIRST if world is worlds.together else "").view
        with Session(view.books) as session:
            episodes = open_episodes(session, own=view.own)
            messages = in_tray(session, own=view.own)
        found.append(
            (
                [tuple(row) for row in view.tree()],
                [view.count(kind) for kind in PlaceKind],
                (view.count_alerts(), view.count_messages()),
                (view.place("icy"), view.path("icy"), view.path("cold")),
                (episodes, messages),
            )
        )
    assert found[0] == found[1]
    assert found[1][2] == (1, 1)


def test_a_place_leads_to_the_screen_of_its_company(worlds: Both) -> None:
    screens = screens_of(worlds.together)
    assert screens.holding("icy") is screens.of(SECOND)
    assert screens.holding("cold") is screens.of(FIRST)
    assert screens.holding("nowhere") is None
    assert [str(screens.of(each).local().zone) for each in (FIRST, SECOND)] == [
        "Asia/Shanghai",
        "Europe/Belgrade",
    ]


def test_screens_without_a_company_are_a_wrong_call(worlds: Both) -> None:
    with pytest.raises(WrongCall, match="company is needed; allowed: demo, other"):
        screens_of(worlds.together).of()
    with pytest.raises(ValueError, match="at least one company"):
        Screens({})
