"""The law of a home is that of its own season, where a company has several at once."""

import json
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from alerts.columns.watched import load
from alerts.follower.inputs import provided
from analytics.config import LawConfig
from analytics.heat.supply import SupplyRule
from analytics.law.policy import load as load_policy
from heatwatch.services.alert_settings import AlertSettings
from heatwatch.services.evidence import supply_rules
from heatwatch.services.home_laws import HomeLaws
from heatwatch.services.screens import screens_of
from heatwatch.services.tasks import open_and_close
from heatwatch.wiring import World
from store.books import facts
from store.books.registry import Season
from store.books.watch import CaseTask
from tests.actors import changing
from tests.analytics.books import add, local
from tests.heatwatch.towns import answer, town

NOW, H1, H4 = local(12), 11, 14
STATION, OTHER_STATION = 3, 4  # H4 is of the other
WARMER = "CN-NX-2025"  # 20 °C
SUPPLY = """
[supply]
cold_c = "35"
flow_share = "0.25"
verified_min = "5"
clause = "art. 25"
"""
FIRST, SECOND = "CN-HA-2018", "CN-SD-LINYI-2017"


@pytest.fixture
def two(tmp_path: Path) -> Iterator[World]:
    """H4 has its contract in a second season of the same days, under another act."""
    _, world = town(tmp_path)
    with changing(world.books) as session:
        first = session.get_one(Season, 1)
        session.add(
            Season(
                id=2, code="b", company_id=1, policy=SECOND, since=first.since, until=first.until,
                zone=first.zone, design_outdoor=None,
            )
        )  # fmt: skip
        session.flush()
        contract = facts.Contract
        session.execute(update(contract).where(contract.household_id == H4).values(season_id=2))
    yield world
    world.books.dispose()


def tasks_of(world: World, *columns: str) -> dict[int, tuple[object, ...]]:
    query = select(CaseTask.household_id, *(getattr(CaseTask, name) for name in columns))
    with world.books.connect() as link:
        return {row[0]: tuple(row[1:]) for row in link.execute(query)}


def test_each_home_is_measured_by_the_limit_of_its_own_law(two: World) -> None:
    open_and_close(two, NOW)
    asked = local(10, 6)
    assert tasks_of(two, "due_at") == {
        H1: (asked + timedelta(hours=12),), H4: (asked + timedelta(hours=24),),
    }  # fmt: skip
    open_and_close(two, NOW)
    assert len(tasks_of(two)) == 2


def test_each_task_is_closed_as_its_own_law_asks(two: World) -> None:
    """A record that one signed answers in Tianjin, and not in Henan."""
    open_and_close(two, NOW)
    with changing(two.books) as session:
        session.execute(update(Season).where(Season.id == 2).values(policy="CN-TJ-2010"))
    for room in (21, 24):
        add(
            two.books,
            facts.MeasurementRecord(
                room_id=room, at=local(11), celsius=Decimal(15), signed_by="Li"
            ),
        )
    open_and_close(two, NOW)
    done = tasks_of(two, "done_at")
    assert done[H1] == (None,)
    assert done[H4] == (local(11),)


def test_a_policy_whose_file_is_gone_asks_for_nothing_more(two: World) -> None:
    with changing(two.books) as session:
        session.execute(update(Season).where(Season.id == 2).values(policy="gone"))
    laws = HomeLaws(two, 1)
    assert laws(H4, NOW) is None
    first = laws(H1, NOW)
    assert first is not None
    assert first.id == FIRST
    assert laws(H1, local(1).replace(year=2000)) is None


@pytest.fixture
def warmer(two: World) -> World:
    """The second season is under an act that owes 20 °C."""
    with changing(two.books) as session:
        session.execute(update(Season).where(Season.id == 2).values(policy=WARMER))
        session.execute(update(facts.Contract).values(season_id=1))
        own = update(facts.Contract).where(facts.Contract.household_id > 12).values(season_id=2)
        session.execute(own)  # H3 and H4, all of the second station
    return two


def test_alerts_hold_each_home_against_its_own_law(warmer: World) -> None:
    settings = AlertSettings(warmer)(NOW)
    with Session(warmer.books) as session:
        watched = load(session)
        found = provided(session, watched, settings).standard
    by_code = dict(zip(watched.places.codes, found.tolist(), strict=True))
    rooms = [by_code[f"H{home}-bed"] for home in range(1, 5)]
    assert rooms == [18_000, 18_000, 20_000, 20_000]
    assert [by_code["S1-01"], by_code["S1-02"]] == [18_000, 20_000]
    assert settings.until == local(16, month=3), "then a season ends"


def test_comfort_holds_each_home_against_its_own_law(
    warmer: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """H4 is at 20.000 while it is cold, H3 at 17.5."""
    config, span = tmp_path / "heatwatch.toml", ("--since", "2025-01-10", "--until", "2025-01-15")
    both = answer(config, capsys, "comfort", *span)
    assert (both["base"], both["policy"]) == ("18, 20", "CN-HA-2018, CN-NX-2025")
    below = {each["household"]: each["degree_hours"] for each in both["homes"]}
    one: dict[str, str] = {}
    for base, place in (("18", "S1-01"), ("20", "S1-02")):
        found = answer(config, capsys, "comfort", *span, "--base", base, "--place", place)
        one |= {each["household"]: each["degree_hours"] for each in found["homes"]}
        own = answer(config, capsys, "comfort", *span, "--place", place)
        assert own["base"] == base
    assert below == one


def test_a_report_of_a_season_counts_the_homes_of_its_own_law(
    warmer: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "filed"
    command = ("report", "daily", "--date", "2025-01-12", "--format", "json", "--out", str(out))
    answer(tmp_path / "heatwatch.toml", capsys, *command)
    found = {}
    for path in out.rglob("*.json"):
        filed = json.loads(path.read_text("utf-8"))
        found[filed["policy"]] = [each["code"] for each in filed["stations"]]
        assert filed["total"]["households"] == 2
    assert found == {FIRST: ["S1-01"], WARMER: ["S1-02"]}


def test_a_screen_has_the_standard_of_the_place_that_it_shows(warmer: World) -> None:
    screen = next(iter(screens_of(warmer).by_company.values()))
    codes = ("H1", "H4", "S1-01", "B2", "nowhere")
    assert [screen.local(code).standard_c for code in codes] == [18, 20, 18, 20, 20]


def test_stations_lose_supply_by_the_rule_of_their_own_law(warmer: World, tmp_path: Path) -> None:
    stations = np.array([STATION, OTHER_STATION], dtype=np.int32)
    [(rule, own)] = supply_rules(warmer, NOW, 1, stations)
    assert (rule, own.tolist()) == (SupplyRule(), stations.tolist()), "no act has a rule of its own"
    law = load_policy(WARMER).raw.decode().replace(WARMER, "XX-OWN")
    (tmp_path / "laws").mkdir()
    (tmp_path / "laws" / "XX-OWN.toml").write_text(law + SUPPLY, "utf-8")
    warmer.config = warmer.config.model_copy(update={"law": LawConfig(policies=tmp_path / "laws")})
    with changing(warmer.books) as session:
        session.execute(update(Season).where(Season.id == 2).values(policy="XX-OWN"))
    found = {
        rule.supply_floor: own.tolist() for rule, own in supply_rules(warmer, NOW, 1, stations)
    }
    assert found == {SupplyRule().supply_floor: [STATION], 35_000: [OTHER_STATION]}
