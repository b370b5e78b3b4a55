"""Exceptions are those that policies may name, each told apart from a fault."""

from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any, get_args

import pytest

from analytics.law.policy import PolicyFile, load, shipped
from analytics.law.terms import PaysLess
from analytics.settlement.settle import settle_facts
from heatwatch.evaluate.law import evaluate, exception_of, paid_less
from heatwatch.evaluate.law_exceptions import (
    EXCEPTIONS,
    Comparison,
    blocks_moved,
    presumed_days,
    ways_out,
)
from simulators.law.changes import room_colder
from simulators.law.smallest import Scenario
from simulators.law.spans import without_subsidies
from simulators.law.twins import world_of
from tests.analytics.settlement.test_late_supplier import linyi
from tests.heatwatch.evaluate.test_law_mutants import in_mild_weather

LINYI, QINGDAO, TAIAN = "CN-SD-LINYI-2017", "CN-SD-QINGDAO-2017", "CN-SD-TAIAN-2020"
YANTAI, TIANJIN, BINZHOU = "CN-SD-YANTAI", "CN-TJ-2010", "CN-SD-BINZHOU-2016"
BY_COLD_DAYS = [each.policy.id for each in shipped() if "day_band" in each.policy.calculators]
#: What is added to six days at 11 °C -> where it does not pay less: one band; the lowest of two records
#: governs all days; one record is no mean of a day's tests; the day of recovery is paid, too.
NOT_LESS = {
    "record_for_readings": {"CN-NX-2025", LINYI, BINZHOU},
    "mean_of_readings": {"CN-NX-2025", LINYI},
    "record_inside_gap": {BINZHOU, TAIAN, "CN-SD-HEZE-2017", "CN-SD-WEIFANG-2021"},
}
#: What a household's contract has to say under the policies that can't be settled without.
CONTRACTS: dict[str, dict[str, Any]] = {
    "CN-SN-XIAN-2018": {"basic_fee": "600.00"},
    "CN-XJ-URUMQI-2013": {"bands": [["20", "1/4"], ["14", "1"]]},
    "CN-XJ-URUMQI-2002": {"agreed": "18", "bands": [["18", "1/4"], ["14", "1"]]},
}


def test_each_name_that_a_policy_may_use_has_a_way_to_take_its_effect_out() -> None:
    assert set(get_args(PaysLess.model_fields["by"].annotation)) == set(EXCEPTIONS)


def test_each_is_tried_alone_then_all_together() -> None:
    assert ways_out([], of_outages=False) == []
    assert ways_out(["late_supplier"], of_outages=False) == [("late_supplier",)]
    both = ["record_inside_gap", "late_supplier"]
    assert ways_out(both, of_outages=False) == [
        ("late_supplier",), ("record_inside_gap",), ("late_supplier", "record_inside_gap"),
    ]  # fmt: skip


def test_what_other_outages_change_only_what_a_text_says_of_outages_explains() -> None:
    named = ["late_supplier", "outage_for_cold"]
    assert ways_out(named, of_outages=True) == [("outage_for_cold",)]
    assert ways_out(named, of_outages=False) == [("late_supplier",)]


@pytest.mark.parametrize(
    ("policy", "seed", "how"),
    [
        (LINYI, 1067, "colder: late_supplier"),
        (LINYI, 1144, "request: late_supplier"),
        (TAIAN, 358, "request: record_before_request"),
        (QINGDAO, 2638, "request: record_before_request"),
        (YANTAI, 87, "more_evidence: record_for_readings"),
        (YANTAI, 408, "colder: blocks_from_start"),
        (YANTAI, 3014, "request: blocks_from_start"),
    ],
)
def test_a_season_that_is_paid_less_is_explained_by_the_exception_it_is(
    policy: str, seed: int, how: str
) -> None:
    score = evaluate(load(policy), [seed], season_of=in_mild_weather)
    assert score.wrong == []
    assert dict(score.allowed) == {how: 1}


def only(policy: str, name: str) -> PolicyFile:
    """The policy with one of its exceptions alone."""
    file = load(policy)
    named = tuple(each for each in file.policy.pays_less if each.by == name)
    return replace(file, policy=file.policy.model_copy(update={"pays_less": named}))


@pytest.mark.parametrize(("cut", "by"), [(1, "late_supplier"), (0, ""), (2, "")])
def test_a_presumption_explains_only_the_days_that_it_paid(cut: int, by: str) -> None:
    """Of three lines the middle one was presumed: a fault that loses another is told apart."""
    season = linyi(made=[["2025-01-13T12:00", "bedroom", "17.000"]])
    found = settle_facts(season, load(LINYI))
    assert [str(line.share) for line in found.lines] == ["1/5", "1", "1/5"]
    assert {each.day for each in presumed_days(found)} == {11, 12}
    left = tuple(line for i, line in enumerate(found.lines) if i != cut)
    tried = Comparison(only(LINYI, "late_supplier"), season, season)
    assert exception_of("colder", tried, found, replace(found, lines=left)) == by


@pytest.mark.parametrize(
    ("asked", "consent", "left"),
    [
        (["08", "10", "20"], False, ["07", "12", "16", "21"]),  # what the new request brings in
        (["10", "15", "20"], False, ["07", "09", "12", "21"]),
        (["10", "20"], True, ["21"]),  # a consent asks for all before the last request
        (["10", "20"], False, ["07", "09", "12", "16", "21"]),
    ],
)
def test_only_records_that_an_earlier_request_brings_in_are_left_out(
    asked: list[str], *, consent: bool, left: list[str]
) -> None:
    acts = [[f"2025-01-{day}T00:00", "bedroom", "17.0"] for day in ("07", "09", "12", "16", "21")]
    before = {"requests": [f"2025-01-{day}T00:00" for day in ("10", "20")], "acts": acts}
    after = {"requests": [f"2025-01-{day}T00:00" for day in asked], "acts": acts}
    tried = Comparison(load(TAIAN), before, after | {"standing_consent": consent})
    found = EXCEPTIONS["record_before_request"](tried)
    days = [[at[8:10] for at, *_ in each["acts"]] for each in (found.before, found.after)]
    assert days == [left, left]


def test_every_policy_says_its_exceptions_in_both_languages_with_a_clause() -> None:
    for file in shipped():
        named = file.policy.pays_less
        assert len({each.by for each in named}) == len(named)
        assert all(each.zh and each.en and each.clause for each in named)


def cold_from_third_day(policy: str, celsius: dict[int, str], *, asked: int, made: Any) -> Scenario:
    """Hours since 0:00 of the third day of the season: 30.000 before 0 and from the last hour on.

    `celsius`: temperature from an hour on; `asked`: hour of the request; `made`: hour -> record.
    """
    season = world_of(policy, 1)["season"]
    start = datetime.fromisoformat(season[0]).replace(hour=0) + timedelta(days=3)

    def at(hour: int) -> str:
        return (start + timedelta(hours=hour)).isoformat(timespec="minutes")

    rows, now = [], "30.000"
    for hour in range(-24, max(celsius) + 24):
        now = celsius.get(hour, now)
        rows.append([at(hour), now])
    return {
        "id": 1, "policy": policy, "season": season, "season_fee": "2400.00", "interval_min": 60,
        "rooms": {"bedroom": rows}, "requests": [at(asked)],
        "acts": [[at(hour), "bedroom", value] for hour, value in sorted(made.items())],
        "outages": [], "outdoor_excused_days": [], "refusals": [], "user_faults": [],
        "room_area": {"bedroom": "100.00"}, "area": "100.00",
    } | ({"contract": CONTRACTS[policy]} if policy in CONTRACTS else {})  # fmt: skip


def with_more(name: str, season: Scenario, mild: str) -> tuple[Scenario, Scenario]:
    """A season of six days at 11 °C, and with what makes the exception of that name.

    A failing record of the third day that is hardly below; or nothing is known of the third to
    the fifth day but a record, and a reading of their last ten minutes: then one before it that is
    hardly below, or one in between that is as cold.
    """
    rows = season["rooms"]["bedroom"]
    start = datetime.fromisoformat(rows[24][0])

    def at(hour: int, minute: int = 0) -> str:
        return (start + timedelta(hours=hour, minutes=minute)).isoformat(timespec="minutes")

    if name == "record_for_readings":
        return season, {**season, "acts": [*season["acts"], [at(63), "bedroom", mild]]}
    rows = [each for each in rows if not at(48) <= each[0] < at(120)] + [[at(119, 50), "11.000"]]
    acts = [*season["acts"], [at(54), "bedroom", "11.000"]]
    more = [at(119, 10), mild] if name == "mean_of_readings" else [at(71), "11.000"]
    before, after = ({"bedroom": sorted(each)} for each in (rows, [*rows, more]))
    season = {**season, "acts": acts}
    return {**season, "rooms": before}, {**season, "rooms": after}


@pytest.mark.parametrize("name", NOT_LESS)
@pytest.mark.parametrize("policy", BY_COLD_DAYS)
def test_what_may_pay_less_by_how_days_are_judged_does_so_only_where_the_policy_says_it(
    policy: str, name: str
) -> None:
    file = load(policy)
    mild = str(file.policy.standard.temp - Decimal("0.001"))
    season = cold_from_third_day(policy, {0: "11.000", 144: "30.000"}, asked=0, made={0: "11.000"})
    before, after = with_more(name, season, mild)
    found, more = settle_facts(before, file), settle_facts(after, file)
    assert found.total > 0
    less = paid_less(before, found, after, more)
    assert less == (policy not in NOT_LESS[name])
    by = exception_of("more_evidence", Comparison(file, before, after), found, more)
    assert not less or by == name


@pytest.mark.parametrize("policy", [YANTAI, "CN-XJ-URUMQI-2002", "CN-XJ-URUMQI-2013"])
def test_an_earlier_request_brings_in_a_record_that_its_first_day_is_judged_by(policy: str) -> None:
    file = load(policy)
    mild = {6: str(file.policy.standard.temp - Decimal("0.001"))}
    before, after = (
        cold_from_third_day(policy, {0: "11.000", 80: "30.000"}, asked=hour, made=mild)
        for hour in (8, 0)
    )
    found, more = settle_facts(before, file), settle_facts(after, file)
    assert paid_less(before, found, after, more)
    tried = Comparison(only(policy, "record_before_request"), before, after)
    assert exception_of("request", tried, found, more) == "record_before_request"


@pytest.mark.parametrize(("policy", "name"), [(YANTAI, "request"), (TIANJIN, "more_evidence")])
def test_blocks_that_begin_earlier_may_have_two_cold_hours_in_one(policy: str, name: str) -> None:
    """Cold hours of the third day are in two blocks from 6:00, and in one from 3:00."""
    dips = {52: "11.000", 54: "17.000", 56: "11.000", 58: "17.000"}
    cold = {0: "17.000"} | dips | {78: "30.000"}
    file, record = load(policy), policy == TIANJIN
    made = [{6: "17.000"}, {3: "17.000", 6: "17.000"}] if record else [{}, {}]
    asked = (0, 0) if record else (6, 3)
    before, after = (
        cold_from_third_day(policy, cold, asked=hour, made=each)
        for hour, each in zip(asked, made, strict=True)
    )
    found, more = settle_facts(before, file), settle_facts(after, file)
    assert paid_less(before, found, after, more)
    assert blocks_moved(found, more)
    tried = Comparison(only(policy, "blocks_from_start"), before, after)
    assert exception_of(name, tried, found, more) == "blocks_from_start"


def test_a_block_that_is_gone_as_unknown_time_is_taken_one_way_is_gone_seed_5307() -> None:
    world = without_subsidies(world_of(YANTAI, 5307))
    colder = room_colder(world, Random("5307 room_colder"))
    assert colder is not None
    tried = Comparison(load(YANTAI), world, colder)
    found, after = (settle_facts(each, load(YANTAI)) for each in (world, colder))
    assert paid_less(world, found, colder, after)
    assert exception_of("colder", tried, found, after) == "blocks_from_start"


def test_blocks_explain_nothing_where_those_that_are_left_begin_as_before() -> None:
    """A fault that loses the last blocks of a season is told apart from blocks that moved."""
    season, shorter = (
        cold_from_third_day(YANTAI, {0: "11.000", until: "30.000"}, asked=8, made={})
        for until in (120, 60)
    )
    found, faulty = (settle_facts(each, load(YANTAI)) for each in (season, shorter))
    assert faulty.total < found.total
    assert not blocks_moved(found, faulty)
    tried = Comparison(only(YANTAI, "blocks_from_start"), season, season)
    assert exception_of("colder", tried, found, faulty) == ""


@pytest.mark.parametrize(("policy", "seed"), [("CN-HL-HARBIN-pre2021", 817), ("CN-NX-2025", 1011)])
def test_a_record_of_one_room_lies_in_a_gap_of_a_dwelling_whose_other_room_is_unknown(
    policy: str, seed: int
) -> None:
    """A compliant reading of its own room does not make the dwelling known."""
    score = evaluate(load(policy), [seed])
    assert score.wrong == []
    assert [name.split(": ")[1] for name in score.allowed] == ["record_inside_gap"]


def test_a_record_in_place_of_colder_readings_explains_findings_too_seed_81() -> None:
    """Findings have no days of refund that could be lost."""
    score = evaluate(load("US-NYC-HEAT"), [81])
    assert score.wrong == []
    assert "more_evidence: record_for_readings" in score.allowed


@pytest.mark.parametrize("seed", [933, 1202])
def test_a_record_stands_in_place_of_a_colder_record_before_it_where_instants_count(
    seed: int,
) -> None:
    score = evaluate(load("RU-354"), [seed])
    assert score.wrong == []
    assert dict(score.allowed) == {"more_evidence: record_for_readings": 1}


@pytest.mark.parametrize(
    "seed",
    [
        pytest.param(566, id="566-measured-again-on-its-day"),
        pytest.param(1601, id="1601-another-room-is-below"),
    ],
)
def test_a_record_that_passes_and_serves_nothing_stands_in_place_of_its_days_readings_too(
    seed: int,
) -> None:
    """Colder readings make an episode begin before it, and it then replaces those of its day."""
    score = evaluate(load("CN-SD-WEIFANG-2021"), [seed], season_of=in_mild_weather)
    assert score.wrong == []
    assert dict(score.allowed) == {"colder: record_for_readings": 1}


def test_a_decision_holds_no_longer_where_a_longer_outage_is_one_that_the_text_pays() -> None:
    harbin = load("CN-HL-HARBIN-pre2021")
    decision = {
        "since": "2020-10-20T00:01", "until": "2020-12-21T12:01", "share": "2", "basis": "authority",
        "document": "No. 7", "clause": "art. 2",
    }  # fmt: skip
    before = world_of(harbin.policy.id, 1) | {
        "rooms": {"living": []}, "requests": [], "acts": [], "refusals": [], "user_faults": [],
        "outages": [["2020-10-20T00:01", "2020-10-30T00:01"]], "outage_decisions": [decision],
        "season": ["2020-10-20T00:00", "2021-04-21T00:00"], "room_area": {"living": "15"}, "area": "90",
    }  # fmt: skip
    for key in ("decisions", "fee_spans"):
        before.pop(key, None)
    after = before | {"outages": [["2020-10-19T23:01", "2020-10-30T00:01"]]}
    one, other = (settle_facts(each, harbin) for each in (before, after))
    assert paid_less(before, one, after, other)
    assert (
        exception_of("more_evidence", Comparison(harbin, before, after), one, other)
        == "text_for_decision"
    )


def test_a_record_that_fails_by_the_contract_alone_may_take_the_place_of_a_colder_reading() -> None:
    """Promised 20 °C: at 19 °C the record fails and sets no band, which the day's reading at 15 °C would."""
    urumqi = load("CN-XJ-URUMQI-2002")
    contract = {"agreed": "20", "bands": [["18", "1/2"], ["16", "1"]], "use": "non_residential"}
    before = world_of(urumqi.policy.id, 701_155) | {"contract": contract}
    colder = {
        "rooms": {room: [[at, str(Decimal(c) - 1)] for at, c in rows] for room, rows in before["rooms"].items()},
        "acts": [[at, room, str(Decimal(c) - 1)] for at, room, c in before["acts"]],
    }  # fmt: skip
    after = before | colder
    one, other = (settle_facts(each, urumqi) for each in (before, after))
    assert paid_less(before, one, after, other)
    assert (
        exception_of("colder", Comparison(urumqi, before, after), one, other)
        == "record_for_readings"
    )
