"""The worker opens each task once, also when it is killed in between, and closes it by the fact."""

import signal
import subprocess
import sys
from collections import Counter
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, event, select, update

from cases.tasks import tasks
from domain.actor import By
from heatwatch.services.confirming import confirm_policy
from heatwatch.services.tasks import SeasonTasks, open_and_close
from heatwatch.wiring import World
from simulators.law.record_worlds import LIAONING
from store.books import facts
from store.books.ledger import SettlementResult, SettlementRun
from store.books.registry import Device, Place, Season, Series
from store.books.watch import CaseTask
from tests.actors import TESTER, changing
from tests.analytics.books import add, local
from tests.heatwatch.towns import town
from tests.servers.programs import ROOT

NOW = local(12)
#: A process that is killed when it has opened this many kinds of tasks.
KILLED = """
import os, signal, sys
from datetime import datetime
from pathlib import Path
from cases import tasks
from domain.actor import By
from heatwatch.services.confirming import confirm_policy
from heatwatch.services.tasks import open_and_close
from heatwatch.wiring import open_world

write, left = tasks._write, int(sys.argv[3])

def dies(*given):
    global left
    done, left = write(*given), left - (1 if given[3] else 0)
    if left == 0:
        os.kill(os.getpid(), signal.SIGKILL)
    return done

tasks._write = dies
open_and_close(open_world(Path(sys.argv[1])), datetime.fromisoformat(sys.argv[2]))
"""


@pytest.fixture
def cold(tmp_path: Path) -> tuple[Path, World]:
    """H1 and H4 have asked, station S1-01 stands without an end."""
    path, world = town(tmp_path)
    add(world.books, facts.OutageRecord(place_id=3, since=local(10), until=None, cause="operator"))
    return path, world


def waiting(world: World) -> list[tuple[str, str]]:
    return sorted((each.kind, each.household) for each in tasks(world.books, NOW))


EVERY = [("measurement", "H1"), ("measurement", "H4"), ("outage_end", "S1-01")]


def test_tasks_open_by_themselves_once_and_the_fact_closes_them(cold: tuple[Path, World]) -> None:
    _, world = cold
    assert open_and_close(world, NOW)["requests"] == 2
    assert waiting(world) == EVERY
    assert open_and_close(world, NOW + timedelta(minutes=1)).total() == 0
    record = facts.MeasurementRecord(
        room_id=21, at=local(11), celsius=Decimal(15), signed_by="Li; Wu"
    )
    add(world.books, record)
    assert open_and_close(world, NOW + timedelta(minutes=2))["closed"] == 1
    assert waiting(world) == EVERY[1:]
    assert open_and_close(world, NOW + timedelta(minutes=3)).total() == 0


@pytest.mark.compiled
@pytest.mark.parametrize("kinds", [1, 2])
def test_killed_in_between_the_next_round_does_the_rest_and_nothing_twice(
    cold: tuple[Path, World], kinds: int
) -> None:
    path, world = cold
    died = subprocess.run(
        [sys.executable, "-c", KILLED, str(path), NOW.isoformat(), str(kinds)],
        cwd=ROOT, check=False, capture_output=True,
    )  # fmt: skip
    assert died.returncode == -signal.SIGKILL, died.stderr.decode()
    assert len(waiting(world)) < len(EVERY)
    open_and_close(world, NOW + timedelta(minutes=1))
    assert waiting(world) == EVERY
    assert open_and_close(world, NOW + timedelta(minutes=2)).total() == 0


def test_the_clocks_of_a_template_run_once_its_text_is_confirmed(cold: tuple[Path, World]) -> None:
    """What is open under the act before is closed by facts all the same."""
    _, world = cold
    open_and_close(world, NOW)
    with changing(world.books) as session:
        session.execute(update(Season).values(policy=LIAONING))
    add(world.books, facts.Request(household_id=12, at=local(11, 6)))
    refused = facts.Refusal(household_id=14, at=local(11, 7))
    add(world.books, refused)
    after = NOW + timedelta(minutes=1)
    assert open_and_close(world, after) == Counter(closed=1)
    assert waiting(world) == [EVERY[0], EVERY[2]]
    who = By(TESTER, after)
    confirm_policy(world, "co", LIAONING, "no. 12", date(2025, 1, 2), who)
    assert open_and_close(world, after)["requests"] == 1


def test_it_looks_when_something_was_recorded_and_every_ten_minutes(
    cold: tuple[Path, World], monkeypatch: pytest.MonkeyPatch
) -> None:
    _, world = cold
    looked = []
    monkeypatch.setattr(
        "heatwatch.services.tasks.open_and_close", lambda _, now: looked.append(now)
    )
    own = SeasonTasks(world)
    for minutes in (0, 1, 9, 10, 11):
        own.when_due(NOW + timedelta(minutes=minutes))
    assert looked == [NOW, NOW + timedelta(minutes=10)]


def test_the_worker_opens_what_a_run_left_undetermined_now_and_not_when_the_run_was_made(
    cold: tuple[Path, World],
) -> None:
    _, world = cold
    open_and_close(world, NOW)  # the ends of outages
    made = NOW - timedelta(days=1)
    with changing(world.books) as session:
        session.execute(delete(CaseTask))
        run = SettlementRun(
            season_id=1, policy="CN-HA-2018", policy_sha256="", snapshot_sha256="", flush=1,
            made_at=made, state="draft", households=1, total=Decimal(0), currency="CNY",
            undetermined=1, drafted_by=TESTER,
        )  # fmt: skip
        session.add(run)
        session.flush()
        session.add(
            SettlementResult(
                run_id=run.id, household_id=12, total=Decimal(0), undetermined=True,
                reason="undetermined", steps=[],
            )
        )  # fmt: skip
    open_and_close(world, NOW)
    with world.books.connect() as link:
        query = select(CaseTask.cause_at, CaseTask.opened_at)
        found = link.execute(query.where(CaseTask.cause == "undetermined")).all()
    assert [tuple(each) for each in found] == [(made, NOW)]


def grown(world: World, homes: int) -> None:
    """More homes with a sensor and a contract, of which none asks for anything."""
    old, company = local(1) - timedelta(days=200), 5
    with changing(world.books) as session:
        for i in range(1000, 1000 + homes):
            more = {"since": old, "until": None, "name": "", "name_en": "", "address": ""}
            kinds = (
                (i, f"X{i}", "household", company, None),
                (i + homes, f"X{i}-bed", "room", i, "bedroom"),
            )
            for number, code, kind, above, use in kinds:
                place = {
                    "id": number,
                    "code": code,
                    "kind": kind,
                    "parent_id": above,
                    "room_use": use,
                }
                session.add(Place(**place, **more))
                session.flush()
            session.add(Device(id=i, code=f"x{i}", verified=True))
            session.flush()
            role = {"role": "room_temperature", "interval_s": 900, "since": old, "until": None}
            session.add(Series(id=i, device_id=i, channel="t", place_id=i + homes, **role))
            fee = {"season_fee": Decimal(2420), "currency": "CNY", "standing_consent": False}
            session.add(facts.Contract(household_id=i, season_id=1, **fee))


def test_a_look_takes_what_was_asked_and_not_the_whole_city(cold: tuple[Path, World]) -> None:
    """A round took the facts of every home, each time that anybody had recorded anything."""
    _, world = cold
    taken = [0]

    def note(*given: Any) -> None:
        strategy = given[4].cursor_fetch_strategy
        taken[-1] += sum(len(str(row)) for row in getattr(strategy, "_rowbuffer", ()))

    open_and_close(world, NOW)
    event.listen(world.books, "after_cursor_execute", note)
    for more in (0, 400):
        grown(world, more)
        taken.append(0)
        open_and_close(world, NOW + timedelta(minutes=1))
    _, small, large = taken
    assert 0 < large < 1.05 * small
