"""Each company's alerts warn by its own law, as the registry has it at that instant."""

from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy import select

from analytics.config import LawConfig
from domain.tree import PlaceKind
from heatwatch.services.alert_settings import AlertSettings
from heatwatch.services.companies import company_id
from heatwatch.wiring import World
from store.books.facts import ContractTerms
from store.books.registry import Place, Season
from store.registry.places import tree
from tests.actors import changing
from tests.tiny import NOW
from tests.two_companies import FIRST, SECOND, Both, both

STRICT = "XX-TWENTY"
#: A law of 20 °C with its own lost supply.
LAW = """
id = "XX-TWENTY"
grade = "A"
sources = ["a gazette"]
currency = "CNY"
calculators = ["outage_time"]
title = { zh = "某市供热条例", en = "Heat regulations of a city" }
in_force = { since = 2024-01-01 }
standard = { temp = "20", rooms = ["bedroom"], clause = "art. 10" }
outage_time = { continuous_h = "24", op = ">", clause = "art. 12 ¶1" }
supply = { cold_c = "35", flow_share = "0.25", verified_min = "5", clause = "art. 25" }

[[interpretations]]
name = "outage-from-first-hour"
interprets = "art. 12 ¶1"
zh = "停热达到规定时长后，自第一小时起按比例退费。"
en = "Once the outage is long enough it pays from its first hour."
"""


@pytest.fixture
def worlds(tmp_path: Path) -> Both:
    """The second company's season is under a law of 20 °C with its own lost supply."""
    made, folder = both(tmp_path), tmp_path / "policies"
    folder.mkdir()
    (folder / f"{STRICT}.toml").write_text(LAW, "utf-8")
    for world in (made.alone, made.together):
        world.config = world.config.model_copy(update={"law": LawConfig(policies=folder)})
    under(made.together, SECOND, STRICT)
    return made


def under(world: World, company: str, policy: str) -> None:
    """Puts the company's seasons under a policy, as an import does."""
    with changing(world.books) as session:
        own = Season.company_id == company_id(world, company)
        for season in session.scalars(sa.select(Season).where(own)):
            season.policy = policy


def standards(world: World) -> list[Decimal]:
    settings = AlertSettings(world)(NOW)
    return [settings.own[company_id(world, each)].standard_c for each in (FIRST, SECOND)]


def test_each_company_has_the_numbers_of_its_own_law(worlds: Both) -> None:
    assert standards(worlds.together) == [18, 20]
    own = AlertSettings(worlds.together)(NOW).own
    lost = [each.detectors["outage"].supply_c for each in own.values()]
    assert lost == [28, 35]


def test_one_companys_alerts_are_the_same_whether_the_other_is_there_or_not(worlds: Both) -> None:
    first = company_id(worlds.alone, FIRST)
    alone, together = (AlertSettings(each)(NOW) for each in (worlds.alone, worlds.together))
    assert alone.own[first] == together.own[first] == alone.general


def test_feeds_of_others_are_none_of_a_companys(worlds: Both) -> None:
    first, second = (company_id(worlds.together, each) for each in (FIRST, SECOND))
    of_others = AlertSettings(worlds.together)(NOW).of_others
    assert of_others == {first: {"stations"}, second: {"rooms"}}
    assert set(AlertSettings(worlds.alone)(NOW).of_others.values()) == {frozenset()}


def test_what_an_import_changes_is_there_at_the_next_look(worlds: Both) -> None:
    look = AlertSettings(worlds.together)
    assert look(NOW).own[company_id(worlds.together, FIRST)].standard_c == 18
    under(worlds.together, FIRST, STRICT)
    assert look(NOW).own[company_id(worlds.together, FIRST)].standard_c == 20


def test_the_settings_hold_until_the_next_season_begins(worlds: Both) -> None:
    assert AlertSettings(worlds.together)(NOW).until is None
    with changing(worlds.together.books) as session:
        season = Season(code="next", company_id=company_id(worlds.together, FIRST), policy=STRICT)
        season.since, season.until = NOW + timedelta(days=300), NOW + timedelta(days=400)
        season.zone = "Asia/Shanghai"
        session.add(season)
    assert AlertSettings(worlds.together)(NOW).until == NOW + timedelta(days=300)
    assert standards(worlds.together) == [18, 20], "it has not begun"


def test_the_settings_hold_until_the_terms_of_a_contract_change(worlds: Both) -> None:
    place = company_id(worlds.together, FIRST)
    with changing(worlds.together.books) as session:
        season = session.scalars(select(Season).where(Season.company_id == place)).first()
        assert season is not None
        homes = tree(worlds.together.books).within(place).of_kind(PlaceKind.HOUSEHOLD)
        for days in (9, 3):
            terms = ContractTerms(
                household_id=int(homes[0]), season_id=season.id, agreed=Decimal(20),
                since=NOW + timedelta(days=days),
            )  # fmt: skip
            session.add(terms)
    assert AlertSettings(worlds.together)(NOW).until == NOW + timedelta(days=3)


def test_a_law_that_can_not_be_read_hurts_its_company_alone_and_is_named_once(worlds: Both) -> None:
    under(worlds.together, FIRST, "CN-NO-SUCH")
    said: list[str] = []
    look = AlertSettings(worlds.together, said.append)
    for _ in range(3):
        own = look(NOW).own
    assert [each.standard_c for each in own.values()] == [18, 20]
    assert len(said) == 1
    assert all(word in said[0] for word in (FIRST, "CN-NO-SUCH"))


def test_a_kitchen_warms_nobody_more_than_its_law_asks(worlds: Both) -> None:
    world = worlds.together
    under(world, FIRST, "CN-SD-QINGDAO-2017")
    company = company_id(world, FIRST)
    with changing(world.books) as session:
        room = session.scalars(
            sa.select(Place).where(Place.kind == "room").order_by(Place.id)
        ).first()
        assert room is not None
        room.room_use, kitchen = "kitchen", room.id
    owed = AlertSettings(world)(NOW).owed[company]
    assert (owed.general, owed.rooms.tolist(), owed.of_room.tolist()) == (
        18_000,
        [kitchen],
        [10_000],
    )
    assert owed.if_measured.tolist() == [kitchen]
