"""A screen's zone and standard are those of the company's season, as the registry has it now."""

from pathlib import Path

import sqlalchemy as sa

from heatwatch.services.companies import company_id
from heatwatch.services.screens import screens_of
from store.books.registry import Season
from tests.actors import changing
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
