"""A measurement is asked for, has a limit, and is done by an act or a refusal."""

import threading
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import Engine, insert

from analytics.law.policy import load
from cases.calendar.seasons import season_of
from cases.kinds.measurement import (
    Limit,
    close_by_evidence,
    finish,
    open_for_requests,
    open_for_undetermined,
    tasks,
)
from domain.actor import By
from domain.errors import WrongCall
from domain.time import Span
from store.books.ledger import SettlementResult, SettlementRun
from store.registry.importing import import_registry
from store.registry.series import tree
from tests.actors import TEST, TESTER, at
from tests.store.city import City, city, write_city

HENAN = Limit(timedelta(hours=12), "art. 27 ¶1")
LINYI = Limit(timedelta(hours=24), "art. 30")
SEASON = Span(datetime(2025, 11, 14, 16, tzinfo=UTC), datetime(2026, 3, 15, 16, tzinfo=UTC))
NOW = datetime(2025, 12, 10, tzinfo=UTC)
ASKED = datetime(2025, 12, 5, tzinfo=UTC)


@pytest.fixture
def rows() -> City:
    """H1 asked and was measured the same day; H2 asked and refused later; H3 asked and waits."""
    found = city()
    found["requests"] += [
        ["H2", "2025-12-02T08:00:00+08:00", ""],
        ["H3", ASKED.isoformat(), ""],
        ["H3", "2025-12-20T08:00:00+08:00", ""],
    ]
    return found


@pytest.fixture
def asked(books: Engine, tmp_path: Path, rows: City) -> Engine:
    assert import_registry(books, [write_city(tmp_path / "city", rows)], by=TEST).refused == ()
    return books


def home(books: Engine, code: str) -> int:
    places = tree(books)
    return int(places.ids[places.codes.index(code)])


def test_every_request_up_to_now_opens_one_task_once(asked: Engine) -> None:
    assert open_for_requests(asked, SEASON, HENAN, at(NOW)) == 3
    assert open_for_requests(asked, SEASON, HENAN, at(NOW)) == 0
    found = {task.household: task for task in tasks(asked, NOW)}
    assert sorted(found) == ["H1", "H2", "H3"]
    task = found["H3"]
    assert (task.cause, task.cause_at, task.due_at) == ("request", ASKED, ASKED + HENAN.within)
    assert (task.clause, task.done_at, task.overdue) == ("art. 27 ¶1", None, True)


def test_a_later_request_opens_another_task(asked: Engine) -> None:
    open_for_requests(asked, SEASON, HENAN, at(NOW))
    assert open_for_requests(asked, SEASON, HENAN, at(NOW + timedelta(days=20))) == 1


def test_the_limit_is_the_policys(asked: Engine) -> None:
    open_for_requests(asked, SEASON, LINYI, at(NOW), homes={home(asked, "H3")})
    [task] = tasks(asked, ASKED + timedelta(hours=23))
    assert (task.household, task.overdue) == ("H3", False)
    assert tasks(asked, ASKED + timedelta(hours=24, seconds=1))[0].overdue


def test_requests_outside_the_season_or_of_others_open_nothing(asked: Engine) -> None:
    before = Span(SEASON.since - timedelta(days=90), SEASON.since)
    assert open_for_requests(asked, before, HENAN, at(NOW)) == 0
    assert open_for_requests(asked, SEASON, HENAN, at(NOW), homes=set()) == 0


def test_an_act_or_a_refusal_since_the_request_does_the_task(asked: Engine) -> None:
    open_for_requests(asked, SEASON, HENAN, at(NOW))
    assert close_by_evidence(asked, at(NOW)) == 2
    assert close_by_evidence(asked, at(NOW)) == 0
    done = {task.household: task for task in tasks(asked, NOW, every=True)}
    assert done["H1"].done_at == datetime(2025, 12, 1, 10, tzinfo=UTC)
    assert done["H2"].done_at == datetime(2025, 12, 3, 2, tzinfo=UTC)
    assert (done["H1"].overdue, done["H2"].overdue) == (False, True)
    assert [task.household for task in tasks(asked, NOW)] == ["H3"]


@pytest.mark.parametrize(("signed_by", "done"), [("", 0), ("张三", 0), ("张三, 李四", 1)])
def test_a_record_does_the_task_only_with_the_signatures_that_the_act_asks_for(
    books: Engine, tmp_path: Path, signed_by: str, done: int
) -> None:
    rows = city()
    rows["measurements"][0][3] = signed_by
    import_registry(books, [write_city(tmp_path / "city", rows)], by=TEST)
    assert open_for_requests(books, SEASON, HENAN, at(NOW)) == 1
    assert close_by_evidence(books, at(NOW), signed=2) == done


def test_an_act_of_another_home_or_before_the_request_does_nothing(
    books: Engine, tmp_path: Path
) -> None:
    rows = city()
    rows["requests"] = [["H1", "2025-12-01T18:00:01+08:00", ""], ["H3", ASKED.isoformat(), ""]]
    import_registry(books, [write_city(tmp_path / "city", rows)], by=TEST)
    open_for_requests(books, SEASON, HENAN, at(NOW))
    assert close_by_evidence(books, at(NOW)) == 0


def test_a_task_is_finished_once(asked: Engine) -> None:
    open_for_requests(asked, SEASON, HENAN, at(NOW))
    task = tasks(asked, NOW)[0].id
    assert finish(asked, task, at(NOW))
    assert not finish(asked, task, at(NOW))
    assert not finish(asked, 999, at(NOW))


def settle(
    books: Engine, homes: dict[str, bool], state: str = "draft", reason: str = "undetermined"
) -> int:
    """A settlement run with an undetermined part or not, by household."""
    with books.begin() as connection:
        run = connection.execute(
            insert(SettlementRun)
            .values(
                season_id=1, policy="CN-HA-2018", policy_sha256="", snapshot_sha256="", flush=1,
                made_at=NOW, state=state, households=len(homes), total=Decimal(0),
                currency="CNY", undetermined=sum(homes.values()), drafted_by=TESTER,
            )
            .returning(SettlementRun.id)
        ).scalar_one()  # fmt: skip
    for code, undetermined in homes.items():
        with books.begin() as connection:
            connection.execute(
                insert(SettlementResult).values(
                    run_id=run, household_id=home(books, code), total=Decimal(0),
                    undetermined=undetermined, reason=reason, steps=[],
                )
            )  # fmt: skip
    return int(run)


def test_an_undetermined_home_gets_a_task_unless_it_waits_for_one(asked: Engine) -> None:
    open_for_requests(asked, SEASON, HENAN, at(NOW), homes={home(asked, "H3")})
    run = settle(asked, {"H1": True, "H2": False, "H3": True})
    assert open_for_undetermined(asked, run, HENAN, at(NOW)) == 1
    assert open_for_undetermined(asked, run, HENAN, at(NOW + timedelta(hours=1))) == 0
    found = {task.household: task.cause for task in tasks(asked, NOW)}
    assert found == {"H1": "undetermined", "H3": "request"}


def test_a_home_that_is_measured_and_still_cold_waits_for_the_season(asked: Engine) -> None:
    run = settle(asked, {"H1": True}, reason="still_cold")
    assert open_for_undetermined(asked, run, HENAN, at(NOW)) == 0


def test_two_processes_that_open_at_once_open_each_task_once(asked: Engine) -> None:
    threads = [
        threading.Thread(target=open_for_requests, args=(asked, SEASON, HENAN, at(NOW)))
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(tasks(asked, NOW)) == 3


def test_a_season_says_whose_homes_it_concerns(asked: Engine) -> None:
    season = season_of(asked, "2025")
    assert (season.policy, season.span, len(season.homes)) == ("CN-HA-2018", SEASON, 3)
    with pytest.raises(WrongCall, match="'2031' is not in the registry; there are: 2025"):
        season_of(asked, "2031")


def test_a_what_if_sends_nobody_to_measure(asked: Engine) -> None:
    run = settle(asked, {"H1": True}, state="what_if")
    assert open_for_undetermined(asked, run, HENAN, at(NOW)) == 0


@pytest.mark.parametrize(
    ("policy", "hours", "clause"),
    [
        ("CN-HA-2018", 12, "art. 27 ¶1; arts 24, 30"),
        ("CN-SD-LINYI-2017", 24, "art. 30"),
        ("CN-SD-WEIFANG-2021", 24, "山东省供热条例 art. 21"),
    ],
)
def test_the_clause_is_the_one_the_limit_comes_from(policy: str, hours: int, clause: str) -> None:
    assert Limit.of(load(policy).policy) == Limit(timedelta(hours=hours), clause)
    weifang = load("CN-SD-WEIFANG-2021").policy.sla
    assert weifang is not None
    assert weifang.measure_clause != weifang.clause


@pytest.mark.parametrize("policy", ["CN-NX-YINCHUAN-2010", "CN-NM-ORDOS"])
def test_a_policy_without_a_limit_lends_none_from_another_province(policy: str) -> None:
    assert Limit.of(load(policy).policy) is None


def test_without_a_limit_nobody_is_late_and_no_task_is_opened(asked: Engine) -> None:
    assert open_for_requests(asked, SEASON, None, at(NOW)) == 0
    assert open_for_undetermined(asked, settle(asked, {"H1": True}), None, at(NOW)) == 0
    assert tasks(asked, NOW) == []


def test_a_task_without_evidence_is_finished_with_a_reason_only(asked: Engine) -> None:
    open_for_requests(asked, SEASON, HENAN, at(NOW))
    ids = {each.household: each.id for each in tasks(asked, NOW)}
    with pytest.raises(
        WrongCall, match="no signed measurement record and no refusal since its cause"
    ):
        finish(asked, ids["H3"], at(NOW))
    assert finish(asked, ids["H1"], at(NOW)), "H1 was measured"
    assert finish(asked, ids["H3"], By(TESTER, NOW, "moved out"))
    [done] = [each for each in tasks(asked, NOW, every=True) if each.household == "H3"]
    assert done.done_reason == "moved out"
