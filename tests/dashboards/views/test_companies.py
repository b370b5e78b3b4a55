"""Console and API show one company at a time, the same bytes whether another is there or not."""

import asyncio

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy.orm import Session

from alerts.episodes.views import in_tray, open_episodes
from dashboards.api.app import build_api
from dashboards.views.companies import Screens
from domain.errors import WrongCall
from domain.tree import PlaceKind
from heatwatch.services.screens import screens_of
from tests.two_companies import FIRST, SECOND, Both, both

PAGES = ("tree", "places/S1-01/latest", "places/P1-01/latest", "alerts", "in-tray", "health")


@pytest.fixture(scope="module")
def worlds(tmp_path_factory: pytest.TempPathFactory) -> Both:
    return both(tmp_path_factory.mktemp("both"))


def get(app: FastAPI, page: str) -> httpx.Response:
    """What the API answers."""

    async def ask() -> httpx.Response:
        transport = httpx.ASGITransport(app=app)
        async with httpx.AsyncClient(transport=transport, base_url="http://console") as client:
            return await client.get(f"/api/{page}")

    return asyncio.run(ask())


def test_the_api_of_one_is_the_same_bytes_whether_the_other_is_there_or_not(worlds: Both) -> None:
    alone, together = (build_api(screens_of(w)) for w in (worlds.alone, worlds.together))
    for page in PAGES:
        one, two = get(alone, page), get(together, f"{page}?company={FIRST}")
        assert (two.status_code, two.content) == (one.status_code, one.content), page
    assert get(together, f"places/P1-01/latest?company={FIRST}").status_code == 404
    assert len(get(together, f"alerts?company={SECOND}").json()) == 2


def test_where_there_are_several_the_api_needs_a_company_and_names_them(worlds: Both) -> None:
    client = build_api(screens_of(worlds.together))
    for page in PAGES[:-1]:
        refused = get(client, page)
        assert refused.status_code == 400
        assert refused.json()["detail"] == "company is needed; allowed: demo, other"
    unknown = get(client, "tree?company=third").json()["detail"]
    assert unknown == "company = 'third' is not known; allowed: demo, other"


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
    assert [str(screens.of(each).zone) for each in (FIRST, SECOND)] == [
        "Asia/Shanghai",
        "Europe/Belgrade",
    ]


def test_screens_without_a_company_are_a_wrong_call(worlds: Both) -> None:
    with pytest.raises(WrongCall, match="company is needed; allowed: demo, other"):
        screens_of(worlds.together).of()
    with pytest.raises(ValueError, match="at least one company"):
        Screens({})
