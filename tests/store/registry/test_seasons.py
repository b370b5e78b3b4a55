"""A season is found by its code; a code that is none names those there are."""

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from domain.errors import WrongCall
from domain.language import sentence_of
from store.registry.seasons import season_of
from tests.store.city import city
from tests.store.registry.imports import Import, load

__all__ = ["load"]  # fixtures


def test_a_season_is_found_by_its_code(books: Engine, load: Import) -> None:
    load(city())
    with Session(books) as session:
        assert season_of(session, "2025").code == "2025"
        with pytest.raises(WrongCall, match="season '2030' is not known; allowed: 2025"):
            season_of(session, "2030")


def test_a_registry_without_seasons_says_so_in_the_readers_language(books: Engine) -> None:
    with Session(books) as session, pytest.raises(WrongCall) as wrong:
        season_of(session, "2030")
    assert sentence_of(wrong.value).to("zh") == "采暖季 '2030' 未知；可用：尚无"
