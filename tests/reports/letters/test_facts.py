"""Facts of a letter: those of the household and of what is above it, as they were known then."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import Engine, update
from sqlalchemy.orm import Session

from reports.letters.facts import facts_of
from reports.letters.letter import Facts, Measured, Room
from reports.report import Name
from store.books import facts, registry
from store.books.changes import record
from store.evidence.since import Since
from store.registry.series import tree
from tests.actors import TEST, WHEN, at, changing
from tests.analytics.books import NOW, add, fill, local, season
from tests.books import new_books

LATER = WHEN + timedelta(days=30)


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Engine]:
    engine = new_books(tmp_path / "books.sqlite")
    fill(engine)
    yield engine
    engine.dispose()


def of(engine: Engine, household: int, known_at: datetime | None = None) -> Facts:
    own = tree(engine), season(engine), household, {1, 2, 3, 4, 9}
    return facts_of(engine, *own, until=NOW, known=None if known_at is None else Since(known_at))


def named(engine: Engine, place: int, **columns: str) -> None:
    with changing(engine) as session:
        session.execute(update(registry.Place).where(registry.Place.id == place).values(**columns))


def test_requests_rooms_and_sensors_are_the_households_own(town: Engine) -> None:
    own = of(town, 11)
    assert [each.at for each in own.requests] == [local(10, 6)]
    assert own.rooms == (
        Room("H1-bath", Name("", ""), "bathroom"), Room("H1-bed", Name("", ""), "bedroom"),
    )  # fmt: skip
    assert [(each.room, each.device, each.verified) for each in own.sensors] == [
        ("H1-bed", "d1", True), ("H1-bed", "d9", False),
    ]  # fmt: skip
    assert of(town, 13).requests == ()


def test_an_outage_of_a_station_reaches_the_homes_below_it_and_no_others(town: Engine) -> None:
    assert [(each.place, each.since) for each in of(town, 13).outages] == [("S1-02", local(20))]
    assert of(town, 11).outages == ()


def test_signers_evidence_clauses_and_certificates_are_given(town: Engine) -> None:
    add(
        town,
        facts.MeasurementRecord(
            room_id=21, at=local(12, 10), celsius=Decimal("15.5"), signed_by="张三; 李四"
        ),
        facts.UserFault(
            household_id=11, since=local(13), until=None, clause="art. 35", evidence="photo 3"
        ),
        facts.Refusal(household_id=11, at=local(14, 9), evidence="two calls"),
        facts.Certificate(device_id=1, since=local(1), until=None, document="JL-331"),
    )
    own = of(town, 11)
    assert own.measured == (Measured("H1-bed", local(12, 10), Decimal("15.5"), "张三; 李四", 2),)
    assert [(each.clause, each.evidence, each.until) for each in own.faults] == [
        ("art. 35", "photo 3", None)
    ]
    assert [each.evidence for each in own.refused] == ["two calls"]
    assert [c.document for c in own.sensors[0].certificates] == ["JL-331"]


def test_what_lies_outside_the_season_is_not_of_it(town: Engine) -> None:
    add(
        town,
        facts.Request(household_id=13, at=local(1) - timedelta(days=60)),
        facts.Request(household_id=13, at=local(16, month=3)),
        facts.UserFault(
            household_id=13, since=local(1) - timedelta(days=90), until=local(1) - timedelta(days=80),
            clause="art. 35", evidence="",
        ),
    )  # fmt: skip
    with Session(town) as session:
        assert session.query(facts.Request).count() == 4
    assert (of(town, 13).requests, of(town, 13).faults) == ((), ())


def test_facts_are_those_that_were_known_at_the_run(town: Engine) -> None:
    with Session(town) as session, session.begin():
        record(session.connection(), at(LATER), "test")
        session.add(facts.Request(household_id=11, at=local(11, 6)))
    with Session(town) as session, session.begin():
        number = record(session.connection(), at(LATER), "test")
        ended = update(facts.Request).where(facts.Request.at == local(10, 6))
        session.execute(ended.values(ended_id=number))
    assert [each.at for each in of(town, 11).requests] == [local(11, 6)]
    assert [each.at for each in of(town, 11, known_at=TEST.at).requests] == [local(10, 6)]


def test_an_address_is_that_of_the_nearest_place_that_has_one_but_never_the_companys(
    town: Engine,
) -> None:
    named(town, 1, address="the company's")
    assert (of(town, 11).address, of(town, 11).company_address) == ("", "the company's")
    named(town, 5, address="the building's")
    assert of(town, 11).address == "the building's"
    named(town, 11, address="its own")
    assert of(town, 11).address == "its own"


def test_a_name_that_is_its_code_is_none(town: Engine) -> None:
    named(town, 21, name="主卧", name_en="main bedroom")
    assert of(town, 11).rooms[1].name == Name("主卧", "main bedroom")
    assert of(town, 13).outages[0].name == Name("", "")
