"""Which season a place is of: by its contract where several of a company run at once."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, delete

from cases.calendar.whose import Whose
from store.books.facts import Contract
from store.books.registry import Season
from store.registry.places import tree
from tests.actors import changing
from tests.analytics.books import add, filled, local

#: 2 begins with 1, and 3 runs in January alone.
OTHERS = ((2, "2024-25-b", local(1) - timedelta(days=47)), (3, "january", local(1)))
COMPANY, STATION, OTHER_STATION, H1, H4, ROOM_OF_H4 = 1, 3, 4, 11, 14, 24


@pytest.fixture
def three(tmp_path: Path) -> Engine:
    """H1 and H2 have contracts in the first season, H4 in the second, H3 in none."""
    books = filled(tmp_path / "books.sqlite")
    with changing(books) as session:
        session.execute(delete(Contract).where(Contract.household_id > H1 + 1))
    for number, code, since in OTHERS:
        add(
            books,
            Season(
                id=number, code=code, company_id=COMPANY, policy="CN-SD-LINYI-2017", since=since,
                until=local(1, month=2), zone="Asia/Shanghai", design_outdoor=None,
            ),
        )  # fmt: skip
    add(books, Contract(household_id=H4, season_id=2, season_fee=2420, currency="CNY"))
    return books


@pytest.mark.parametrize(
    ("place", "at", "season"),
    [
        (H1, local(10), 1),
        (H4, local(10), 2),
        (ROOM_OF_H4, local(10), 2),
        (H4 - 1, local(10), 3),  # without a contract: the newest
        (STATION, local(10), 1),
        (OTHER_STATION, local(10), 2),  # of H3 and H4
        (COMPANY, local(10), 2),  # of both: the newer of theirs
        (H4, local(10, month=2), 1),  # only that one runs
        (H4, local(1, month=8), 2),  # none runs: the last one, of those that ran at once
        (H4 - 1, local(1, month=8), 3),
    ],
)
def test_a_place_is_of_the_season_of_its_contracts(
    three: Engine, place: int, at: datetime, season: int
) -> None:
    found = Whose(three, COMPANY).season(place, at)
    assert found is not None
    assert found.id == season


def test_before_the_first_season_there_is_none(three: Engine) -> None:
    assert Whose(three, COMPANY).season(H1, datetime(2020, 1, 1, tzinfo=UTC)) is None


@pytest.mark.parametrize("at", [local(10), local(10, month=2), local(1, month=8)], ids=str)
def test_the_parts_of_a_company_say_the_same_of_every_place(three: Engine, at: datetime) -> None:
    whose = Whose(three, COMPANY)
    found = {place: season.id for season, places in whose.parts(at) for place in places.tolist()}
    said = {place: whose.season(place, at) for place in tree(three).ids.tolist()}
    assert found == {place: each.id for place, each in said.items() if each is not None}
    assert whose.parts(datetime(2020, 1, 1, tzinfo=UTC)) == []
