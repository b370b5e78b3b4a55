"""Facts of each kind that come or end after an approval: only whom they concern is settled anew."""

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import update

from analytics.ledger.drafts import by_number
from analytics.ledger.entries import approve
from heatwatch.services.companies import network_of
from heatwatch.services.correcting import correct
from heatwatch.services.settling import draft
from heatwatch.wiring import World
from store.books import facts
from store.books import registry as reg
from store.evidence.withdraw import Withdrawal, withdraw
from tests.actors import TESTER, at, changing
from tests.analytics.books import NOW, OLD, SEASON, ZONE, add, local
from tests.heatwatch.services.test_correcting import (
    _time_stands_still,
    late_cold,
    same_as_from_scratch,
)
from tests.heatwatch.towns import town, town_without_readings

__all__ = ["_time_stands_still"]  # a fixture of every test


@pytest.fixture
def world(tmp_path: Path) -> World:
    """A town whose first run is approved; the last readings of H1 are cold."""
    _, made = town(tmp_path)
    late_cold(made)
    approve(made.books, draft(made, SEASON, TESTER).run, at(NOW))
    return made


def a_refusal(world: World) -> None:
    """H1 let nobody in between a record that fails and one that passes: that day was warm enough."""
    add(world.books, facts.Refusal(household_id=11, at=local(12, 9), evidence="closed"))


def a_users_fault(world: World) -> None:
    finding = facts.UserFault(
        household_id=12, since=local(12), until=local(14), clause="art. 35", evidence="window"
    )
    add(world.books, finding)


def sold(world: World) -> None:
    """H1 has another owner amid its cold days."""
    span = facts.FeeSpan(household_id=11, since=local(12), state="sold", payer="Zhao")
    add(world.books, span)


def decided(world: World) -> None:
    """How warm H1 was behind its last readings, which are cold."""
    decision = facts.Decision(
        place_id=11, since=local(24), until=local(26), outcome="below", basis="agreement",
        document="letter 3", clause="art. 27",
    )  # fmt: skip
    add(world.books, decision)


def a_withdrawn_request(world: World) -> None:
    gone = Withdrawal("requests", f"H1 / {local(10, 6).isoformat()}", "was the neighbour's")
    withdraw(world.books, [gone], at(NOW), network_of(world, "co"), ZONE)


def an_outage_by_a_third_party(world: World) -> None:
    """What stopped station 2 was not the supplier's own."""
    with changing(world.books) as session:
        session.execute(update(facts.OutageRecord).values(cause="third_party"))


def a_lapsed_certificate(world: World) -> None:
    """From 12 January on neither of H1's sensors is verified, and the colder one counts, too."""
    certificate = facts.Certificate(device_id=1, since=OLD, until=local(12), document="A-1")
    add(world.books, certificate)


@pytest.mark.parametrize(
    ("change", "differs"),
    [
        (a_users_fault, ["H2"]),
        (sold, ["H1"]),
        (decided, ["H1"]),
        (a_withdrawn_request, ["H1"]),
        (an_outage_by_a_third_party, ["H3", "H4"]),
        (a_lapsed_certificate, ["H1"]),
    ],
)
def test_only_whom_the_fact_concerns_is_settled_and_the_run_is_that_from_scratch(
    world: World, change: Callable[[World], None], differs: list[str]
) -> None:
    change(world)
    corrected(world, len(differs))


def test_a_refusal_concerns_its_household_where_the_act_says_what_it_means(tmp_path: Path) -> None:
    _, world = town_without_readings(tmp_path)
    linyi = {
        "policy": "CN-SD-LINYI-2017",
        "since": datetime(2024, 11, 10, tzinfo=ZONE),
        "until": local(21, month=3),
    }
    with changing(world.books) as session:
        session.execute(update(reg.Season).values(**linyi))
        session.execute(update(facts.Contract).values(standing_consent=False))
    for day, celsius in ((10, "15.0"), (15, "18.5")):
        add(
            world.books,
            facts.MeasurementRecord(
                room_id=21, at=local(day, 12), celsius=Decimal(celsius), signed_by="Li; Wu"
            ),
        )
    approve(world.books, draft(world, SEASON, TESTER).run, at(NOW))
    a_refusal(world)
    corrected(world, 1)


def corrected(world: World, homes: int) -> None:
    """A correction settles these homes, with one more that is tried, and is a draft from scratch."""
    done = correct(world, SEASON, TESTER)
    assert (done.base, done.why_all) == (1, None)
    assert homes <= done.settled <= homes + 1
    base, made = (by_number(world.books, each) for each in (done.base, done.run))
    assert made.results_sha256 != base.results_sha256
    same_as_from_scratch(world, done)
