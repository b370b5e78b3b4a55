"""The law of a home is that of its own season, where a company has several at once."""

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import select, update

from heatwatch.services.home_laws import HomeLaws
from heatwatch.services.tasks import open_and_close
from heatwatch.wiring import World
from store.books import facts
from store.books.registry import Season
from store.books.watch import CaseTask
from tests.actors import changing
from tests.analytics.books import add, local
from tests.heatwatch.towns import town

NOW, H1, H4 = local(12), 11, 14
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
