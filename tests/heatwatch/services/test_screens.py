"""A screen's zone and standard are those of the company's season, as the registry has it now."""

from pathlib import Path

import pytest
import sqlalchemy as sa

from heatwatch.services.companies import company_id
from heatwatch.services.screens import screens_of
from store.books.registry import Season
from tests.actors import changing
from tests.heatwatch.moved_contract import OF_OTHER, OF_SEASON, moved
from tests.two_companies import FIRST, SECOND, both


def test_an_import_counts_on_the_next_page_of_its_company_alone(tmp_path: Path) -> None:
    world = both(tmp_path).together
    first, second = (screens_of(world).of(each) for each in (FIRST, SECOND))
    before = first.local()
    assert str(second.local().zone) == "Europe/Belgrade"
    with changing(world.books) as session:
        own = Season.company_id == company_id(world, SECOND)
        for season in session.scalars(sa.select(Season).where(own)):
            season.zone = "Asia/Urumqi"
    assert str(second.local().zone) == "Asia/Urumqi"
    assert first.local() == before


def test_a_company_that_the_registry_lacks_has_the_citys_zone_and_the_common_standard(
    tmp_path: Path,
) -> None:
    world = both(tmp_path).alone
    city = world.config.city.model_copy(update={"company": "later"})
    world.config = world.config.model_copy(update={"city": city})
    local = screens_of(world).of().local()
    assert (str(local.zone), local.standard_c) == (world.config.city.zone, 18.0)


def test_the_letter_of_a_household_whose_contract_left_the_season_is_of_that_correction(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    world, says = moved(tmp_path, capsys)
    screen = screens_of(world).of()
    told = "该住户已无本采暖季合同"
    assert told in screen.letter("H2", "zh").decode()
    assert told not in screen.letter("H1", "zh").decode()
    says("settle", "approve", *OF_SEASON)
    says("settle", "draft", *OF_SEASON)
    assert told in screen.letter("H2", "zh").decode(), "it left by the run before"
    says("settle", "draft", *OF_OTHER)
    assert told not in screen.letter("H2", "zh").decode(), "the newest is of the other season"
    world.books.dispose()
