"""The page of a household's refund statement."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI

from dashboards.console.letter import register_letters
from dashboards.console.links import letter_address
from domain.actor import user
from heatwatch.services.screens import screens_of
from heatwatch.services.settling import draft
from heatwatch.wiring import World
from tests.analytics.books import SEASON
from tests.heatwatch.towns import town


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    _, made = town(tmp_path)
    yield made
    made.books.dispose()


def get(world: World, address: str) -> httpx.Response:
    app = FastAPI()
    register_letters(app, screens_of(world), "en")

    async def ask() -> httpx.Response:
        transport = httpx.ASGITransport(app=app)
        async with httpx.AsyncClient(transport=transport, base_url="http://console") as client:
            return await client.get(address)

    return asyncio.run(ask())


def test_a_household_has_the_letter_of_its_newest_run_in_the_visitors_language(
    world: World,
) -> None:
    draft(world, SEASON, user("Li Wei"))
    newest = draft(world, SEASON, user("Wang Fang")).run
    english, chinese = (get(world, letter_address("H1", each)) for each in ("en", "zh"))
    assert (english.status_code, chinese.status_code) == (200, 200)
    assert f"No. {newest}, draft" in english.text
    assert "Wang Fang" in english.text
    assert "供热退费结算单" in chinese.text
    assert english.headers["content-security-policy"].startswith("default-src 'none'")


def test_without_a_run_or_a_household_it_says_so_and_is_not_found(world: World) -> None:
    for code, said in (("H1", "no run has household 'H1'"), ("H9", "No such code: H9")):
        answer = get(world, letter_address(code, "en"))
        assert (answer.status_code, answer.text.strip()) == (404, said)
        assert answer.headers["content-type"].startswith("text/plain")
