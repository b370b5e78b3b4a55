"""Records of hours at which the act lets nobody measure are as if they had not been made."""

from typing import Any

import pytest

from analytics.facts.facts_file import from_facts
from analytics.law.policy import PolicyFile, load, parse
from analytics.law.record_hours import at_open_hours
from analytics.law.steps import shown
from analytics.settlement.request_lives import lives_of
from analytics.settlement.settle import settle_facts
from domain.errors import WrongCall
from domain.requests import State
from heatwatch.evaluate.law_city import comparable
from simulators.law.twins import TWINS, world_of
from tests.analytics.cities import answer_of, settled_by_policy
from tests.analytics.settlement.test_settle import cold_week

HEILONGJIANG, HENAN, LINYI = "CN-HL-2021", "CN-HA-2018", "CN-SD-LINYI-2017"
CLOSED = """[records.closed]
since = "10:00"
until = "14:00"
clause = "test"

[[interpretations]]
name = "records-of-closed-hours-do-not-count"
interprets = "test"
zh = "不计"
en = "not counted"
"""
DATED = """
[[dated]]
since = {since}
key = "records.closed.until"
value = "15:00"
document = "notice 7"
clause = "art. 1"
"""


def closed(policy: str, more: str = "") -> PolicyFile:
    """An act with such hours."""
    raw = load(policy).raw.decode() + more
    return parse(
        raw.replace("[[interpretations]]", CLOSED + "\n[[interpretations]]", 1).encode(), "own.toml"
    )


def cold(*acts: list[str], policy: str = HEILONGJIANG) -> dict[str, Any]:
    of = HENAN if policy == HEILONGJIANG else policy  # whose season it is
    return cold_week(policy=of, acts=[list(each) for each in acts]) | {"policy": policy}


@pytest.mark.parametrize("celsius", ["13.000", "24.000"])
@pytest.mark.parametrize("at", ["10:00", "12:00", "13:59"])
def test_a_record_more_of_these_hours_changes_nothing_that_is_owed(at: str, celsius: str) -> None:
    """Neither one that fails nor one that passes: more evidence never pays less."""
    first = ["2025-01-10T08:00", "bedroom", "17.000"]
    more = [f"2025-01-12T{at}", "bedroom", celsius]
    before, after = (
        settle_facts(cold(*acts), load(HEILONGJIANG)) for acts in ([first], [first, more])
    )
    assert answer_of(before) == answer_of(after)
    assert after.total > 0


def test_the_sheet_names_the_record_with_its_clause_also_where_nothing_is_judged() -> None:
    act = ["2025-01-12T11:30", "bedroom", "13.000"]
    asked, unasked = cold(act), {**cold(act), "requests": []}
    for facts in (asked, unasked):
        result = settle_facts(facts, load(HEILONGJIANG))
        (told,) = [each for each in result.steps if each["step"] == "record_not_counted"]
        assert shown(told, "en", {"bedroom": "Bed"}) == (
            "Bed, 2025-01-12 11:30: 13.000 °C on site, not counted: nobody may measure from 10:00 to 14:00"
        )
        assert told["clause"] == "黑龙江省城市供热条例"
    bare = settle_facts({**unasked, "acts": []}, load(HEILONGJIANG))
    assert not [each for each in bare.steps if each["step"] == "record_not_counted"]


def test_a_passing_record_of_these_hours_serves_no_request() -> None:
    act = ["2025-02-01T11:00", "bedroom", "21.000"]
    own = from_facts(cold(act, policy=HENAN), HENAN)
    for policy, serves in ((load(HENAN), True), (closed(HENAN), False)):
        (life,) = next(iter(lives_of(own.snapshot, lambda _: own.columns, policy.policy).values()))
        assert (State.SERVED in {each.state for each in life.stages}) == serves


def test_a_supplier_who_measures_at_these_hours_has_not_come_in_time() -> None:
    """Linyi: 24 hours after the request; 2,420.00 ÷ 121 = 20.00 a day, as in the lowest band."""
    act = ["2025-01-10T11:00", "bedroom", "17.000"]
    facts = cold(act, policy=LINYI)
    within, late = (settle_facts(facts, each) for each in (load(LINYI), closed(LINYI)))
    assert late.total > within.total
    assert (
        answer_of(late)["lines"]
        == answer_of(settle_facts({**facts, "acts": []}, load(LINYI)))["lines"]
    )


def test_hours_may_change_between_two_seasons_and_not_inside_one() -> None:
    facts = cold(["2025-01-10T14:30", "bedroom", "17.000"])
    before = settle_facts(facts, load(HEILONGJIANG))
    raw = load(HEILONGJIANG).raw.decode()
    amended = parse((raw + DATED.format(since="2023-07-01")).encode(), "own.toml")
    assert before.undetermined is False
    assert settle_facts(facts, amended).undetermined
    later = parse((raw + DATED.format(since="2025-07-01")).encode(), "own.toml")
    assert answer_of(settle_facts(facts, later)) == answer_of(before)
    with pytest.raises(WrongCall, match=r"changes records\.closed\.until"):
        settle_facts(facts, parse((raw + DATED.format(since="2025-01-20")).encode(), "own.toml"))


def test_hours_are_local_also_where_clocks_change() -> None:
    """Berlin's 30 March 2025 begins in UTC+1 and ends in UTC+2: 9:00 and 8:00 UTC are 10:00 and 11:00."""
    acts = [["2025-03-29T10:00", "bedroom", "17.000"], ["2025-03-30T09:59", "bedroom", "17.000"]]
    berlin = {
        **cold(*acts),
        "zone": "Europe/Berlin",
        "season": ["2024-10-20T00:00", "2025-04-06T00:00"],
    }
    kept, left = at_open_hours(from_facts(berlin, HEILONGJIANG).snapshot, load(HEILONGJIANG).policy)
    assert left is not None
    assert [each[2] for each in left.of(0)] == ["bedroom"]
    assert kept.measurements.count().sum() == 1


def test_an_act_without_such_hours_keeps_the_very_snapshot() -> None:
    snapshot = from_facts(cold(["2025-01-12T11:30", "bedroom", "13.000"]), HENAN).snapshot
    assert at_open_hours(snapshot, load(HENAN).policy) == (snapshot, None)


@pytest.mark.compiled
def test_kernels_and_twin_agree_at_these_hours_seeds_0_to_39() -> None:
    left, worlds = 0, [world_of(HEILONGJIANG, seed) for seed in range(40)]
    for world, result in zip(worlds, settled_by_policy(worlds), strict=True):
        left += any(each["step"] == "record_not_counted" for each in result.steps)
        assert comparable(answer_of(result)) == comparable(TWINS[HEILONGJIANG](world)), world["id"]
    assert left > 5
