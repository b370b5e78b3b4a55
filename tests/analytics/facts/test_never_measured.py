"""Rooms that never had a sensor or a record are listed by home, with the time in which requests stood."""

from decimal import Decimal

import pytest
from sqlalchemy import Engine, delete, update

from analytics.facts.never_measured import rooms_never_measured
from analytics.facts.outstanding import Outstanding, What, outstanding
from domain.requests import LAPSED, Life, Stage, State
from domain.time import Span
from domain.tree import COVERED_ROOMS, RoomUse
from store.books import facts
from store.books import registry as reg
from store.registry.places import tree
from tests.actors import changing
from tests.analytics.books import add, local, season, without_contract


def listed(books: Engine, uses: frozenset[RoomUse] = COVERED_ROOMS) -> list[Outstanding]:
    """On 20 January, when the request of H1 of the 10th stands."""
    own = season(books)
    life = Life(local(10), (Stage(State.ASKED, local(10), LAPSED),), own.until, None, None, None)
    found = outstanding(books, own, local(20), {11: [life]}, uses)
    return [each for each in found if each.what is What.FIRST_SENSOR]


def without_sensor(books: Engine, room: int) -> None:
    with changing(books) as session:
        session.execute(delete(reg.Series).where(reg.Series.place_id == room))


@pytest.mark.parametrize(
    ("room", "stake"), [(21, Decimal("200.00")), (22, Decimal("1320.00")), (23, Decimal(0))],
    ids=["a request stands", "a standing consent", "nobody asked"],
)  # fmt: skip
def test_a_room_without_sensor_or_record_is_listed_with_its_home(
    books: Engine, room: int, stake: Decimal
) -> None:
    assert listed(books) == []
    without_sensor(books, room)
    (one,) = listed(books)
    home = f"H{room - 20}"
    assert (one.about, one.rooms, one.at_stake) == (home, (f"{home}-bed",), stake)
    assert one.currency == ("CNY" if stake else "")
    add(books, facts.MeasurementRecord(room_id=room, at=local(11), celsius=Decimal(17)))
    assert listed(books) == []


def test_a_home_of_which_no_covered_room_is_in_the_registry_is_listed(books: Engine) -> None:
    with changing(books) as session:
        session.execute(update(reg.Place).where(reg.Place.id == 23).values(room_use="kitchen"))
    (one,) = listed(books)
    assert (one.about, one.rooms) == ("H3", ())


def test_rooms_that_the_law_does_not_look_at_and_homes_without_contract_are_not(
    books: Engine,
) -> None:
    without_sensor(books, 23)
    uses = frozenset({RoomUse.BEDROOM, RoomUse.BATHROOM})
    assert [(each.about, each.rooms) for each in listed(books, uses)] == [
        ("H1", ("H1-bath",)),
        ("H3", ("H3-bed",)),
    ]
    without_contract(books, 13)
    assert listed(books) == []


def test_they_are_told_by_home_for_coverage(books: Engine) -> None:
    own, network = season(books), tree(books)
    whole = Span(own.since, own.until)
    assert rooms_never_measured(books, own, network, whole) == {}
    without_sensor(books, 23)
    assert rooms_never_measured(books, own, network, whole) == {"H3": ["H3-bed"]}
    assert rooms_never_measured(books, own, network.within(3), whole) == {}
