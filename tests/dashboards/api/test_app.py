"""The API shows one company at a time."""

import asyncio

import httpx
from fastapi import FastAPI

from dashboards.api.app import build_api
from heatwatch.services.screens import screens_of
from tests.two_companies import FIRST, SECOND, Both

PAGES = ("tree", "places/S1-01/latest", "places/P1-01/latest", "alerts", "in-tray", "health")


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
