"""A measurement is asked for, has a limit, and is done by an act or a refusal."""

from collections.abc import Collection
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, select, update

from analytics.law.policy import Policy, load
from cases.calendar.seasons import season_of
from cases.case import Limit
from cases.kinds.measurement import KIND, NAME, close_ended
from cases.tasks import close_by_evidence, open_of_run, open_of_season
from domain.actor import By
from domain.errors import WrongCall
from domain.requests import Asked, Life, lives
from domain.time import Span
from store.books.registry import Place, Season
from store.books.watch import CaseTask
from store.evidence.withdraw import Withdrawal, withdraw
from store.registry.importing import import_registry
from store.registry.kinds import KIND_OF
from store.registry.series import tree
from tests.actors import TEST, TESTER, at, changing
from tests.cases.runs import NOW, SEASON, home, measurements, settle
from tests.store.city import AUTUMN, City, city, write_city

HENAN, LINYI = load("CN-HA-2018").policy, load("CN-SD-LINYI-2017").policy
ASKED = datetime(2025, 12, 5, tzinfo=UTC)


def open_for_requests(
    books: Engine, span: Span, policy: Policy, by: By, homes: Collection[int] | None = None
) -> int:
    return open_of_season(books, span, policy, by, homes)["requests"]


def open_for_undetermined(books: Engine, run: int, policy: Policy, by: By) -> int:
    return open_of_run(books, run, policy, by)["undetermined"]


def closed(books: Engine, policy: Policy | None = None) -> int:
    return close_by_evidence(books, at(NOW), law_of=lambda *_: policy)[NAME]


def test_every_request_up_to_now_opens_one_task_once(busy: Engine) -> None:
    assert open_for_requests(busy, SEASON, HENAN, at(NOW)) == 3
    assert open_for_requests(busy, SEASON, HENAN, at(NOW)) == 0
    found = {task.household: task for task in measurements(busy, NOW)}
    assert sorted(found) == ["H1", "H2", "H3"]
    task = found["H3"]
    assert (task.cause, task.cause_at, task.due_at) == (
        "request",
        ASKED,
        ASKED + timedelta(hours=12),
    )
    assert (task.clause, task.done_at, task.overdue) == ("art. 27 ¶1", None, True)


def test_the_limit_is_the_policys(busy: Engine) -> None:
    open_for_requests(busy, SEASON, LINYI, at(NOW), homes={home(busy, "H3")})
    [task] = measurements(busy, ASKED + timedelta(hours=23))
    assert (task.household, task.overdue) == ("H3", False)
    assert measurements(busy, ASKED + timedelta(hours=24, seconds=1))[0].overdue


def test_requests_outside_the_season_or_of_others_open_nothing(busy: Engine) -> None:
    before = Span(SEASON.since - timedelta(days=90), SEASON.since)
    assert open_for_requests(busy, before, HENAN, at(NOW)) == 0
    assert open_for_requests(busy, SEASON, HENAN, at(NOW), homes=set()) == 0


def lives_of_h3(books: Engine, *later: datetime) -> dict[int, list[Life]]:
    return {home(books, "H3"): lives(Asked(SEASON, (ASKED, *later), limit=timedelta(hours=12)))}


def test_a_request_while_another_stands_starts_no_limit_and_opens_no_task(busy: Engine) -> None:
    again, later = datetime(2025, 12, 20, tzinfo=UTC), at(NOW + timedelta(days=20))
    known = lives_of_h3(busy, again)
    assert open_of_season(busy, SEASON, HENAN, later, {home(busy, "H3")}, known)["requests"] == 1
    assert [each.cause_at for each in measurements(busy, NOW)] == [ASKED]


def test_a_task_ends_when_an_earlier_request_comes_to_light(
    busy: Engine,
) -> None:
    mine = {home(busy, "H3")}
    open_of_season(busy, SEASON, HENAN, at(NOW), mine)
    assert close_ended(busy, at(NOW), mine, lives_of_h3(busy)) == 0
    earlier = lives(Asked(SEASON, (ASKED - timedelta(days=1), ASKED)))
    assert close_ended(busy, at(NOW), mine, {home(busy, "H3"): earlier}) == 1
    (done,) = measurements(busy, NOW, every=True)
    assert done.done_reason == "another request of the household stood"


def test_a_task_that_nobody_did_in_the_season_waits_for_a_person_to_say_why(busy: Engine) -> None:
    mine = {home(busy, "H3")}
    open_of_season(busy, SEASON, HENAN, at(NOW), mine)
    assert close_ended(busy, at(SEASON.until), mine, lives_of_h3(busy)) == 0
    (waits,) = measurements(busy, SEASON.until)
    assert waits.overdue


def test_a_record_of_a_room_that_no_standard_covers_answers_nothing(
    busy: Engine, tmp_path: Path
) -> None:
    brought(busy, tmp_path / "asked", "requests", "H1", ASKED.isoformat(), "")
    mine = {home(busy, "H1")}
    open_of_season(busy, SEASON, HENAN, at(NOW), mine)
    assert closed(busy, HENAN) == 1  # the one that was measured
    brought(busy, tmp_path / "bath", "measurements", "H1-bath", AFTER, "15.0", SIGNED)
    assert closed(busy, HENAN) == 0
    brought(busy, tmp_path / "bed", "measurements", "H1-bed", AFTER, "15.0", SIGNED)
    assert closed(busy, HENAN) == 1


def test_a_record_of_a_kitchen_answers_where_the_law_has_a_standard_for_kitchens(
    books: Engine, tmp_path: Path
) -> None:
    rows = city()
    for place in rows["places"]:
        if place[0] == "H1-bath":
            place[KIND_OF["places"].at["room_use"]] = "kitchen"
    rows["measurements"] = [["H1-bath", "2025-12-01T18:00:00+08:00", "9.0", SIGNED]]
    import_registry(books, [write_city(tmp_path / "city", rows)], by=TEST)
    asked = {home(books, "H1")}
    assert open_for_requests(books, SEASON, HENAN, at(NOW), asked) == 1
    assert closed(books, HENAN) == 0
    assert closed(books, load("CN-SD-QINGDAO-2017").policy) == 1


def test_an_act_or_a_refusal_since_the_request_does_the_task(busy: Engine) -> None:
    open_for_requests(busy, SEASON, HENAN, at(NOW))
    assert closed(busy) == 2
    assert closed(busy) == 0
    done = {task.household: task for task in measurements(busy, NOW, every=True)}
    assert done["H1"].done_at == datetime(2025, 12, 1, 10, tzinfo=UTC)
    assert done["H2"].done_at == datetime(2025, 12, 3, 2, tzinfo=UTC)
    assert (done["H1"].overdue, done["H2"].overdue) == (False, True)
    assert [task.household for task in measurements(busy, NOW)] == ["H3"]


@pytest.mark.parametrize(("signed_by", "done"), [("", 0), ("张三", 0), ("张三, 李四", 1)])
def test_a_record_does_the_task_only_with_the_signatures_that_the_act_asks_for(
    books: Engine, tmp_path: Path, signed_by: str, done: int
) -> None:
    rows = city()
    rows["measurements"][0][3] = signed_by
    import_registry(books, [write_city(tmp_path / "city", rows)], by=TEST)
    assert open_for_requests(books, SEASON, HENAN, at(NOW)) == 1
    assert closed(books, HENAN) == done


@pytest.mark.parametrize(
    ("local", "done"), [("09:59", 1), ("10:00", 0), ("13:59", 0), ("14:00", 1)]
)
def test_a_record_of_hours_at_which_nobody_may_measure_does_no_task(
    books: Engine, tmp_path: Path, local: str, done: int
) -> None:
    rows, law = city(), load("CN-HL-2021").policy
    rows["seasons"][0][2] = law.id
    rows["measurements"][0][1] = f"2025-12-02T{local}:00+08:00"
    import_registry(books, [write_city(tmp_path / "city", rows)], by=TEST)
    assert open_for_requests(books, SEASON, law, at(NOW)) == 1
    assert closed(books, law) == done


def test_those_hours_are_of_the_zone_of_the_homes_own_company(
    books: Engine, tmp_path: Path
) -> None:
    """Another company's newer season under the same act is two hours behind: 11:00 here is 9:00 there."""
    rows, law = city(), load("CN-HL-2021").policy
    rows["seasons"][0][2] = law.id
    rows["measurements"][0][1] = "2025-12-02T11:00:00+08:00"
    import_registry(books, [write_city(tmp_path / "city", rows)], by=TEST)
    with changing(books) as session:
        own = session.scalars(select(Season)).first()
        assert own is not None
        other = Place(code="west", kind="company", name="", since=own.since, until=None)
        session.add(other)
        session.flush()
        later = own.since + timedelta(hours=1)
        session.add(
            Season(
                code="west", company_id=other.id, policy=law.id, since=later, until=own.until,
                zone="Asia/Urumqi", design_outdoor=None,
            )
        )  # fmt: skip
    assert open_for_requests(books, SEASON, law, at(NOW)) == 1
    assert closed(books, law) == 0


def test_an_act_of_another_home_or_before_the_request_does_nothing(
    books: Engine, tmp_path: Path
) -> None:
    rows = city()
    rows["requests"] = [["H1", "2025-12-01T18:00:01+08:00", ""], ["H3", ASKED.isoformat(), ""]]
    import_registry(books, [write_city(tmp_path / "city", rows)], by=TEST)
    open_for_requests(books, SEASON, HENAN, at(NOW))
    assert closed(books) == 0


def test_an_undetermined_home_gets_a_task_unless_it_waits_for_one(busy: Engine) -> None:
    open_for_requests(busy, SEASON, HENAN, at(NOW), homes={home(busy, "H3")})
    run = settle(busy, {"H1": True, "H2": False, "H3": True})
    assert open_for_undetermined(busy, run, HENAN, at(NOW)) == 1
    assert open_for_undetermined(busy, run, HENAN, at(NOW + timedelta(hours=1))) == 0
    found = {task.household: task.cause for task in measurements(busy, NOW)}
    assert found == {"H1": "undetermined", "H3": "request"}


def test_a_run_made_after_its_season_sends_nobody_to_measure(busy: Engine) -> None:
    """A record of then says nothing of the season: only a decision settles what is undetermined."""
    run = settle(busy, {"H1": True})
    assert open_for_undetermined(busy, run, HENAN, at(SEASON.until)) == 0
    last = at(SEASON.until - timedelta(seconds=1))
    assert open_for_undetermined(busy, run, HENAN, last) == 1


def test_a_home_that_is_measured_and_still_cold_waits_for_the_season(busy: Engine) -> None:
    run = settle(busy, {"H1": True}, reason="still_cold")
    assert open_for_undetermined(busy, run, HENAN, at(NOW)) == 0


def test_a_season_says_whose_homes_it_concerns(busy: Engine) -> None:
    season = season_of(busy, "2025")
    assert (season.policy, season.span, len(season.homes)) == ("CN-HA-2018", SEASON, 3)
    with pytest.raises(WrongCall, match="'2031' is not in the registry; there are: 2025"):
        season_of(busy, "2031")


def test_a_what_if_sends_nobody_to_measure(busy: Engine) -> None:
    run = settle(busy, {"H1": True}, state="what_if")
    assert open_for_undetermined(busy, run, HENAN, at(NOW)) == 0


@pytest.mark.parametrize(
    ("policy", "hours", "clause"),
    [
        ("CN-HA-2018", 12, "art. 27 ¶1"),
        ("CN-SD-LINYI-2017", 24, "art. 30"),
        ("CN-SD-WEIFANG-2021", 24, "山东省供热条例 art. 21"),
    ],
)
def test_the_clause_is_the_one_the_limit_comes_from(policy: str, hours: int, clause: str) -> None:
    assert KIND.limit(load(policy).policy) == Limit(timedelta(hours=hours), clause)
    weifang = load("CN-SD-WEIFANG-2021").policy.sla
    assert weifang is not None
    assert weifang.measure_clause != weifang.clause


@pytest.mark.parametrize("policy", ["CN-SD-QINGDAO-2017", "CN-TJ-2010", "RU-354"])
def test_an_act_that_pays_on_a_request_and_sets_no_limit_has_it_measured_without_one(
    busy: Engine, policy: str
) -> None:
    """Its sheets say that the rest waits for a measurement: somebody has to make it, nobody is late."""
    law = load(policy).policy
    assert KIND.limit(law) == Limit(None, law.standard.clause)
    lived = {home(busy, "H3"): lives(Asked(SEASON, (ASKED, ASKED + timedelta(days=1))))}
    found = open_of_season(busy, SEASON, law, at(NOW), {home(busy, "H3")}, lived)["requests"]
    assert (found, open_for_undetermined(busy, settle(busy, {"H1": True}), law, at(NOW))) == (1, 1)
    tasks_ = measurements(busy, NOW + timedelta(days=60))
    assert [(each.household, each.due_at, each.overdue) for each in tasks_] == [
        ("H1", None, False), ("H3", None, False),
    ]  # fmt: skip
    open_for_requests(busy, SEASON, HENAN, at(NOW), homes={home(busy, "H2")})
    assert measurements(busy, NOW)[0].household == "H2", "those with a limit come first"


@pytest.mark.parametrize("policy", ["CN-NX-YINCHUAN-2010", "CN-NM-ORDOS"])
def test_a_policy_without_a_limit_lends_none_from_another_province(policy: str) -> None:
    assert KIND.limit(load(policy).policy) is None


def test_an_act_that_needs_no_request_and_sets_no_limit_opens_no_task(busy: Engine) -> None:
    ordos = load("CN-NM-ORDOS").policy
    assert open_for_requests(busy, SEASON, ordos, at(NOW)) == 0
    assert open_for_undetermined(busy, settle(busy, {"H1": True}), ordos, at(NOW)) == 0
    assert measurements(busy, NOW) == []


MANY = 21


@pytest.fixture
def waiting(books: Engine, tmp_path: Path) -> Engine:
    """A city in which 21 homes wait for their measurement."""
    rows = city()
    rows["places"] += [
        row
        for i in range(MANY)
        for row in (
            [f"N{i:02d}", "household", "B1", "", "", "", "", "", AUTUMN, ""],
            [f"N{i:02d}-bed", "room", f"N{i:02d}", "", "", "", "", "bedroom", AUTUMN, ""],
        )
    ]
    rows["requests"] = [[f"N{i:02d}", ASKED.isoformat(), ""] for i in range(MANY)]
    rows["measurements"], rows["refusals"] = [], []
    assert import_registry(books, [write_city(tmp_path / "city", rows)], by=TEST).clean
    assert open_for_requests(books, SEASON, HENAN, at(NOW)) == MANY
    return books


def brought(books: Engine, folder: Path, kind: str, *row: str) -> None:
    folder = write_city(folder, {kind: [list(row)]})
    assert import_registry(books, [folder], by=TEST).clean


AFTER = (ASKED + timedelta(hours=3)).isoformat()
SIGNED = "张三, 李四"


def test_a_signed_act_of_one_home_closes_its_own_task_and_no_other(
    waiting: Engine, tmp_path: Path
) -> None:
    brought(waiting, tmp_path / "m", "measurements", "N07-bed", AFTER, "15.0", SIGNED)
    assert closed(waiting, HENAN) == 1
    brought(waiting, tmp_path / "r", "refusals", "N09", AFTER, "")
    assert closed(waiting, HENAN) == 1
    brought(waiting, tmp_path / "o", "measurements", "H1-bed", AFTER, "15.0", SIGNED)
    assert closed(waiting, HENAN) == 0
    every = measurements(waiting, NOW, every=True)
    assert sorted(task.household for task in every if task.done_at) == ["N07", "N09"]


def test_evidence_that_was_withdrawn_closes_nothing(waiting: Engine, tmp_path: Path) -> None:
    brought(waiting, tmp_path / "m", "measurements", "N07-bed", AFTER, "15.0", SIGNED)
    brought(waiting, tmp_path / "r", "refusals", "N09", AFTER, "")
    gone = [
        Withdrawal("measurements", f"N07-bed / {AFTER}", "of the neighbour"),
        Withdrawal("refusals", f"N09 / {AFTER}", "of the neighbour"),
    ]
    withdraw(waiting, gone, TEST, tree(waiting), UTC)
    assert closed(waiting) == 0


def test_a_withdrawn_request_closes_its_own_task_and_opens_none(waiting: Engine) -> None:
    gone = [Withdrawal("requests", f"N03 / {ASKED.isoformat()}", "of the neighbour")]
    withdraw(waiting, gone, TEST, tree(waiting), UTC)
    assert close_ended(waiting, at(NOW), {home(waiting, "N04")}) == 0
    assert close_ended(waiting, at(NOW)) == 1
    assert close_ended(waiting, at(NOW)) == 0
    assert open_for_requests(waiting, SEASON, HENAN, at(NOW)) == 0
    (done,) = [each for each in measurements(waiting, NOW, every=True) if each.done_at]
    assert (done.household, done.done_reason) == ("N03", "request withdrawn")


def test_a_home_of_another_company_gets_the_limit_of_its_own_season(
    waiting: Engine, tmp_path: Path
) -> None:
    rows: City = {
        "places": [
            ["west", "company", "", "", "", "", "", "", AUTUMN, ""],
            ["W1", "household", "west", "", "", "", "", "", AUTUMN, ""],
        ],
        "seasons": [
            ["w", "west", "CN-SD-LINYI-2017", "2025-11-15T00:00:00+08:00",
             "2026-03-16T00:00:00+08:00", "Asia/Shanghai", ""],
        ],
        "requests": [["W1", ASKED.isoformat(), ""]],
    }  # fmt: skip
    assert import_registry(waiting, [write_city(tmp_path / "west", rows)], by=TEST).clean
    own, west = season_of(waiting, "2025"), season_of(waiting, "w")
    assert open_for_requests(waiting, own.span, HENAN, at(NOW), own.homes) == 0
    assert open_for_requests(waiting, west.span, LINYI, at(NOW), west.homes) == 1
    due = {
        task.household: task.due_at and task.due_at - task.cause_at
        for task in measurements(waiting, NOW)
    }
    assert due.pop("W1") == timedelta(hours=24)
    assert set(due.values()) == {timedelta(hours=12)}


def test_what_a_run_left_open_begins_with_the_run_and_is_opened_when_it_is(busy: Engine) -> None:
    """A task of a run of days ago stood as opened then, before anybody could have known of it."""
    run, later = settle(busy, {"H1": True}), at(NOW + timedelta(days=3))
    assert open_for_undetermined(busy, run, HENAN, later) == 1
    with busy.connect() as link:
        task = select(CaseTask.cause_at, CaseTask.opened_at, CaseTask.due_at)
        found = link.execute(task.where(CaseTask.kind == NAME)).one()
    assert tuple(found) == (NOW, later.at, NOW + timedelta(hours=12))
    with busy.begin() as link:
        link.execute(update(CaseTask).values(done_at=later.at, done_by=TESTER))
    assert open_for_undetermined(busy, run, HENAN, at(NOW + timedelta(days=4))) == 0
