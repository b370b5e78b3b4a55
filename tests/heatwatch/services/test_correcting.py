"""Late readings and corrected facts after an approval: a run that settles only what they concern."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from analytics.ledger.drafts import Drafted, by_number
from analytics.ledger.entries import approve
from analytics.ledger.kept_results import kept_sha256
from analytics.ledger.verify import verify
from domain.columns import Columns
from domain.errors import WrongCall
from domain.time import to_us
from heatwatch.services.correcting import Correction, correct
from heatwatch.services.settling import draft
from heatwatch.services.settling import verify as recompute
from heatwatch.wiring import World
from store.books import facts
from store.books import registry as reg
from store.books.ledger import FrozenInput, SettlementLine, SettlementResult, SettlementRun
from store.books.run_rows import rows_of
from tests.actors import TESTER, at, changing
from tests.analytics.books import (
    NOW,
    OLD,
    SEASON,
    add,
    colder_record,
    local,
    readings,
    without_contract,
)
from tests.heatwatch.towns import bring, town

Change = Callable[[World], None]


@pytest.fixture(autouse=True)
def _time_stands_still(monkeypatch: pytest.MonkeyPatch) -> None:
    """A snapshot says as of when it is."""
    monkeypatch.setattr(World, "now", lambda _: NOW)


def no_task_can_be_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if the process were killed there."""

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("cases.tasks._open", killed)


def runs_of(world: World) -> list[int]:
    with Session(world.books) as session:
        return list(session.scalars(select(SettlementRun.id)))


@pytest.mark.parametrize("part", [False, True], ids=["whole", "part"])
def test_a_correction_without_its_tasks_is_not_kept(
    world: World, monkeypatch: pytest.MonkeyPatch, part: bool
) -> None:
    before = runs_of(world)
    if not part:
        with changing(world.books) as session:
            session.execute(update(reg.Season).values(until=local(12)))
    no_task_can_be_opened(monkeypatch)
    with pytest.raises(KeyboardInterrupt):
        correct(world, SEASON, TESTER)
    assert runs_of(world) == before


def test_a_draft_without_its_tasks_is_not_kept(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = runs_of(world)
    no_task_can_be_opened(monkeypatch)
    with pytest.raises(KeyboardInterrupt):
        draft(world, SEASON, TESTER)
    assert runs_of(world) == before


@pytest.fixture
def world(tmp_path: Path) -> World:
    """A town whose first run is approved."""
    _, made = town(tmp_path)
    approve(made.books, draft(made, SEASON, TESTER).run, at(NOW))
    return made


def same_as_from_scratch(world: World, done: Correction) -> None:
    """What the books keep of a correction is, to the byte, what they keep of a draft from scratch."""
    scratch = draft(world, SEASON, TESTER).run
    one, other = (by_number(world.books, each) for each in (done.run, scratch))
    assert as_draft(one) == as_draft(other)
    with Session(world.books) as session:
        assert kept_sha256(session, done.run) == kept_sha256(session, scratch)


def as_draft(run: Drafted) -> Drafted:
    """A run without its number and approval."""
    return replace(run, run=0, state="draft", approved_by=None, approved_at=None)


def late_cold(world: World) -> None:
    """Readings of H1 for a day after those that are there."""
    since = np.arange(to_us(local(20)), to_us(local(24)), 900 * 1_000_000, dtype=np.int64)
    offsets = np.array([0, since.size], dtype=np.int64)
    value = np.full(since.size, 13_000, dtype=np.int64)
    mark = np.zeros(since.size, dtype=np.uint8)
    bring(world, Columns(np.array([1], dtype=np.int32), offsets, since, value, mark))


def corrected_readings(world: World) -> None:
    own = readings()
    start, size = own.slices(np.array([2]))
    rows = slice(int(start[0]), int(start[0] + size[0]))
    offsets = np.array([0, size[0]], dtype=np.int64)
    colder = Columns(
        np.array([2], dtype=np.int32), offsets, own.at_us[rows], own.value[rows] + 2_000,
        own.mark[rows],
    )  # fmt: skip
    bring(world, colder, revision=1)


def a_record(world: World) -> None:
    add(world.books, colder_record())


def a_request_for_h3(world: World) -> None:
    add(world.books, facts.Request(household_id=13, at=local(10, 6) + timedelta(minutes=1)))


def a_contract_less(world: World) -> None:
    without_contract(world.books, 13)


def another_fee(world: World) -> None:
    with changing(world.books) as session:
        mine = update(facts.Contract).where(facts.Contract.household_id == 14)
        session.execute(mine.values(season_fee=Decimal("4840.00")))


def an_outage_of_station_2(world: World) -> None:
    add(
        world.books,
        facts.OutageRecord(place_id=4, since=local(22), until=local(23), cause="operator"),
    )


def a_sensor_moved(world: World) -> None:
    """What H2's sensor measured from 12 January on was H1's."""
    with changing(world.books) as session:
        session.execute(update(reg.Series).where(reg.Series.id == 2).values(until=local(12)))
        session.add(
            reg.Series(
                id=12, device_id=2, channel="t", role="room_temperature", place_id=21,
                interval_s=900, since=local(12), until=None,
            )
        )  # fmt: skip


def nothing(_world: World) -> None:
    pass


@pytest.mark.parametrize(
    ("change", "differs"),
    [
        (nothing, []),
        (late_cold, ["H1"]),
        (corrected_readings, ["H2"]),
        (a_record, ["H1"]),
        (a_request_for_h3, ["H3"]),
        (a_contract_less, []),
        (another_fee, ["H4"]),
        (an_outage_of_station_2, ["H3", "H4"]),
        (a_sensor_moved, ["H1", "H2"]),
    ],
)
def test_only_what_changed_is_settled_and_the_run_is_that_from_scratch(
    world: World, change: Change, differs: list[str]
) -> None:
    change(world)
    done = correct(world, SEASON, TESTER)
    assert (done.base, done.why_all) == (1, None)
    assert len(differs) <= done.settled <= len(differs) + 1  # one more is tried
    same_as_from_scratch(world, done)


def test_facts_are_taken_anew_only_where_some_may_have_changed(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Readings that come late change none; the same correction from scratch takes them all."""
    late_cold(world)
    monkeypatch.setattr(World, "now", lambda _: NOW + timedelta(days=30))
    scratch = draft(world, SEASON, TESTER).run
    with monkeypatch.context() as without:
        without.setattr("heatwatch.services.settling.take", None)
        done = correct(world, SEASON, TESTER)
    one, other = (by_number(world.books, each) for each in (done.run, scratch))
    assert (done.why_all, as_draft(one)) == (None, as_draft(other))
    a_record(world)
    same_as_from_scratch(world, correct(world, SEASON, TESTER))


def test_what_corrections_took_is_kept_as_differences_and_holds(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each goes on from the one before; all can be recomputed, and taken from scratch."""
    for days, change in enumerate((late_cold, a_record, corrected_readings), 1):
        change(world)
        monkeypatch.setattr(World, "now", lambda _, days=days: NOW + timedelta(days=days))
        approve(world.books, correct(world, SEASON, TESTER).run, at(NOW))
    with Session(world.books) as session:
        kept = select(FrozenInput.kind).where(FrozenInput.base_sha256.is_not(None))
        assert sorted(session.scalars(kept)) == ["results"] * 3 + ["snapshot"] * 3
    assert [recompute(world, run).holds for run in (1, 2, 3, 4)] == [True] * 4
    assert verify(world.books) is None
    same_as_from_scratch(world, correct(world, SEASON, TESTER))


def test_several_corrections_one_after_the_other_post_only_what_differs(world: World) -> None:
    for number, change in enumerate((late_cold, a_record, a_contract_less, nothing), 2):
        change(world)
        done = correct(world, SEASON, TESTER)
        assert (done.run, done.base, done.why_all) == (number, number - 1, None)
        why = "taken out by hand" if change is a_contract_less else ""
        wrote = approve(world.books, done.run, at(NOW, reason=why))
        assert (wrote.refunds, wrote.corrections) == (0, change is not nothing)
    assert verify(world.books) is None
    same_as_from_scratch(world, done)


def test_a_household_that_did_not_change_and_comes_to_something_else_settles_all(
    world: World,
) -> None:
    with world.books.begin() as link:  # as another version of heatwatch would have written it
        link.execute(update(SettlementResult).values(steps=[]))
    done = correct(world, SEASON, TESTER)
    assert (done.settled, done.households) == (4, 4)
    assert "comes to something else than in run 1, though nothing of it" in str(done.why_all)
    same_as_from_scratch(world, done)


def test_a_base_drafted_under_other_rules_settles_all(world: World) -> None:
    """Results of two versions of the rules once stood in one run."""
    with world.books.begin() as link:
        link.execute(update(SettlementRun).values(rules=None))
    done = correct(world, SEASON, TESTER)
    assert done.settled == 4
    assert str(done.why_all) == "the rules by which heatwatch computes are others than they were"


def test_another_policy_settles_all(world: World) -> None:
    with changing(world.books) as session:
        session.execute(update(reg.Season).values(policy="CN-HA-LY-2018"))
    done = correct(world, SEASON, TESTER)
    assert (done.settled, str(done.why_all)) == (4, "the policy is another than it was")


def around_the_end(world: World, series: int, values: list[int], rows: range) -> None:
    """Rows of values every 15 minutes from 46 h before the season's end, 16 March 00:00, on."""
    since = to_us(local(16, month=3)) - 46 * 3_600_000_000
    values = [values[i] for i in rows]
    at_us = since + np.array(rows, dtype=np.int64) * 900_000_000
    columns = Columns(
        np.array([series], dtype=np.int32), np.array([0, at_us.size], dtype=np.int64), at_us,
        np.array(values, dtype=np.int64), np.zeros(at_us.size, dtype=np.uint8),
    )  # fmt: skip
    bring(world, columns)


BEFORE, AFTER = 46 * 4, 60 * 4  # readings before the season's end and behind it
STILL = [13_001] * (BEFORE + AFTER)
MOVING = [20_000 + i % 7 for i in range(BEFORE + AFTER)]


@pytest.fixture
def going_on(tmp_path: Path) -> World:
    """A town whose base was drafted days after the end; all sensors then go on, that of H2 stands still."""
    _, world = town(tmp_path)
    behaviours = {1: MOVING, 2: STILL, 3: MOVING, 4: MOVING}
    for series, values in behaviours.items():
        around_the_end(world, series, values, range(BEFORE))
    approve(world.books, draft(world, SEASON, TESTER).run, at(NOW))
    for series, values in behaviours.items():
        around_the_end(world, series, values, range(BEFORE, len(values)))
    return world


def test_readings_after_the_seasons_end_concern_those_of_which_they_say_something_else(
    going_on: World,
) -> None:
    done = correct(going_on, SEASON, TESTER)
    assert (done.why_all, done.settled <= 2) == (None, True), "H2 and one that is tried"
    same_as_from_scratch(going_on, done)
    with Session(going_on.books) as session:
        rows = session.query(SettlementResult).where(SettlementResult.household_id == 12)
        kept = {row.run_id: row for row in rows}
    assert kept[1].steps != kept[done.run].steps, "its last days are unknown by now"


def test_without_an_approved_run_there_is_nothing_to_correct(tmp_path: Path) -> None:
    _, world = town(tmp_path)
    draft(world, SEASON, TESTER)
    with pytest.raises(WrongCall, match="has no approved run to correct"):
        correct(world, SEASON, TESTER)


HOMES = 600


def street(world: World) -> None:
    """More homes in building B2, each with a room and a sensor that reads like H3's or warm."""
    with changing(world.books) as session:
        for i in range(100, 100 + HOMES):
            rows = ((i, f"S{i}", "household", 6, None), (i + 1000, f"S{i}-b", "room", i, "bedroom"))
            for number, code, kind, parent, use in rows:
                session.add(
                    reg.Place(
                        id=number, code=code, kind=kind, parent_id=parent, name=code, name_en="",
                        address="", room_use=use, since=OLD, until=None, area_m2=None,
                    )
                )  # fmt: skip
            session.add(reg.Device(id=i, code=f"d{i}", verified=True))
            session.flush()
            session.add(
                reg.Series(
                    id=i, device_id=i, channel="t", role="room_temperature", place_id=i + 1000,
                    interval_s=900, since=OLD, until=None,
                )
            )  # fmt: skip
            session.add(
                facts.Contract(
                    household_id=i, season_id=1, season_fee=Decimal("2420.00"), currency="CNY"
                )
            )
            session.add(facts.Request(household_id=i, at=local(10, 6)))


def test_one_percent_of_the_homes_costs_at_most_three_of_the_work(tmp_path: Path) -> None:
    _, world = town(tmp_path)
    street(world)
    own = readings()
    start, size = own.slices(np.array([3]))
    rows = slice(int(start[0]), int(start[0] + size[0]))
    ids = np.arange(100, 100 + HOMES, dtype=np.int32)
    offsets = np.arange(HOMES + 1, dtype=np.int64) * int(size[0])
    warmer = np.repeat((ids % 3) * 200, int(size[0]))
    every = Columns(
        ids, offsets, np.tile(own.at_us[rows], HOMES), np.tile(own.value[rows], HOMES) + warmer,
        np.tile(own.mark[rows], HOMES),
    )  # fmt: skip
    bring(world, every)
    approve(world.books, draft(world, SEASON, TESTER).run, at(NOW))
    # all sensors go on after the season's end, as they do in a city
    since = to_us(local(16, month=3))
    at_us = since + np.arange(96, dtype=np.int64) * 900_000_000
    offsets = np.arange(HOMES + 1, dtype=np.int64) * at_us.size
    value = 20_000 + np.arange(HOMES * at_us.size, dtype=np.int64) % 7
    bring(world, Columns(ids, offsets, np.tile(at_us, HOMES), value, value.astype(np.uint8) * 0))
    changes = 6
    for i in ids[:: HOMES // changes].tolist():
        record = facts.MeasurementRecord(
            room_id=i + 1000, at=local(11, 9), celsius=Decimal("12.5"), signed_by="Li; Wu"
        )
        add(world.books, record)
    done = correct(world, SEASON, TESTER)
    assert done.why_all is None
    assert done.settled <= 0.03 * done.households
    same_as_from_scratch(world, done)
    wrote = approve(world.books, done.run, at(NOW))
    assert (wrote.refunds, wrote.corrections) == (0, changes)


def test_lines_of_a_correction_are_of_its_own_results(world: World) -> None:
    a_record(world)
    done = correct(world, SEASON, TESTER)
    with Session(world.books) as session:
        of_run = select(SettlementResult.id).where(rows_of(session, done.run))
        first = select(SettlementResult.id).where(rows_of(session, done.base))
        lines = session.query(SettlementLine)
        count = lines.where(SettlementLine.result_id.in_(of_run)).count()
        assert (
            count == lines.where(SettlementLine.result_id.in_(first)).count() + 2
        )  # one becomes three
