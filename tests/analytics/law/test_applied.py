"""Only what a result rests on is printed."""

from typing import Any

import pytest

from analytics.law.applied import KNOWN, applied
from analytics.law.interpretations import TITLES
from analytics.law.policy import load
from analytics.law.steps import Step
from analytics.law.terms import Interpretation, Words
from analytics.settlement.result import Result
from analytics.settlement.settle import settle_facts
from tests.analytics.facts import facts, rows

HENAN, LINYI, QINGDAO = "CN-HA-2018", "CN-SD-LINYI-2017", "CN-SD-QINGDAO-2017"
LUOYANG = "CN-HA-LY-2018"
BED = rows(
    ("2025-01-09T00:00", "2025-01-10T00:00", "20.000"),
    ("2025-01-10T00:00", "2025-01-13T12:00", "17.000"),
    ("2025-01-13T12:00", "2025-01-15T00:00", "20.000"),
)
WARM = rows(("2025-01-09T00:00", "2025-01-15T00:00", "20.000"))


def result(policy: str, bed: list[list[str]], **other: Any) -> Result:
    return settle_facts(facts(policy, {"bed": bed}, **other), load(policy))


def names(policy: str, found: Result, *, telemetry: bool = True) -> list[str]:
    own = load(policy).policy.interpretations
    return [each.name for each in applied(found.steps, own, telemetry=telemetry)]


def test_a_cold_spell_rests_on_its_clock_gate_and_bands_and_not_on_what_did_not_happen() -> None:
    assert names(HENAN, result(HENAN, BED, requests=["2025-01-10T06:00"])) == [
        "clock-from-request", "request-stands-until-measured", "recovery-day-not-paid",
        "compliance-held-60-minutes", "exact-thousandths", "record-else-lowest-hour",
        "gate-is-condition", "days-from-published-instants", "one-rounding-per-line",
        "lines-join-equal-days",
    ]  # fmt: skip


def test_an_outage_alone_rests_on_what_is_about_outages() -> None:
    found = result(HENAN, WARM, outages=[["2025-01-11T00:00", "2025-01-11T12:00"]])
    assert names(HENAN, found) == [
        "outage-from-first-hour", "outage-ends-when-held", "days-from-published-instants",
        "one-rounding-per-line",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("day", "both"), [("2025-01-11", True), ("2025-01-20", False)], ids=["same day", "another"]
)
def test_outage_before_cold_was_applied_where_both_fall_on_a_day(day: str, both: bool) -> None:
    stop = [f"{day}T00:00", f"{day}T12:00"]
    found = result(HENAN, BED, requests=["2025-01-10T06:00"], outages=[stop])
    assert ("outage-before-cold" in names(HENAN, found)) is both


def test_a_users_fault_and_a_late_supplier_are_named_where_they_counted() -> None:
    fault = [["2025-01-12T00:00", "2025-01-13T00:00"]]
    found = result(LINYI, BED, requests=["2025-01-10T06:00"], user_faults=fault)
    own = names(LINYI, found)
    assert {"fault-days-cut-the-episode", "late-unless-measured-or-refused"} <= set(own)
    assert "refusal-day-is-compliant" not in own


def test_what_is_about_households_without_telemetry_is_said_to_them_only() -> None:
    act = [["2025-01-12T10:00", "bed", "15.000"]]
    found = result(LINYI, [], requests=["2025-01-10T06:00"], acts=act)
    alone = "records-alone-until-one-passes"
    assert alone in names(LINYI, found, telemetry=False)
    assert alone not in names(LINYI, found)


def test_where_nobody_says_whether_there_was_telemetry_the_days_tell() -> None:
    own = load(LINYI).policy.interpretations
    act = [["2025-01-12T10:00", "bed", "15.000"]]
    for bed, alone in (([], True), (BED, False)):
        found = result(LINYI, bed, requests=["2025-01-10T06:00"], acts=act)
        given = [each.name for each in applied(found.steps, own)]
        assert ("records-alone-until-one-passes" in given) is alone


def test_what_is_about_metered_households_is_said_to_them_only() -> None:
    """The letter of a home billed by its area had a page on heat meters."""
    outage = [["2025-01-12T00:00", "2025-01-12T20:00"]]
    cold = {"requests": ["2025-01-10T06:00"], "outages": outage}
    by_area = names(LUOYANG, result(LUOYANG, BED, **cold))
    assert {"outage-from-first-hour", "gate-is-condition"} <= {*by_area}
    assert not [each for each in by_area if each.startswith("metered")]
    own = load(LUOYANG).policy.interpretations
    for code, name in {
        "heat_counted": "metered-pays-its-heat",
        "heat_open": "metered-pays-its-heat",
        "metered_basic_fee": "metered-pays-the-basic-fee",
        "reason.basic_fee_missing": "metered-pays-the-basic-fee",
    }.items():
        step: Step = {"step": code, "clause": "art. 29", "numbers": {}}
        assert [each.name for each in applied([step], own, telemetry=True)] == [name]


def test_rooms_that_are_settled_alone_say_so() -> None:
    areas = {"room_area": {"bed": "15.50"}, "area": "99.90"}
    found = result(QINGDAO, BED, requests=["2025-01-10T06:00"], **areas)
    assert "each-room-alone" in names(QINGDAO, found)


def test_a_refund_cut_to_the_seasons_fee_says_so() -> None:
    formula = {"message": "season fee {fee} − {before} refunded before = {amount}"}
    line: Step = {
        "step": "line.month", "clause": "sec. 5", "text": {"message": "", "values": {"formula": formula}},
        "numbers": {"first": "2025-01-10", "last": "2025-01-12"},
    }  # fmt: skip
    [own] = applied([line], [of("season-fee-is-the-most")], telemetry=True)
    assert own.name == "season-fee-is-the-most"


def test_nothing_after_the_request_rests_on_when_the_clock_starts() -> None:
    found = result(HENAN, BED, requests=["2025-01-14T06:00"])
    assert found.reason.code == "not_below_after_request"
    assert names(HENAN, found) == [
        "clock-from-request", "request-stands-until-measured", "exact-thousandths",
        "days-from-published-instants",
    ]  # fmt: skip


def of(name: str, clause: str = "art. 1") -> Interpretation:
    words = None if name in TITLES else Words(zh="标题", en="a title")
    return Interpretation(name=name, title=words, interprets=clause, zh="含义", en="meaning")


def test_a_policys_own_is_given_where_a_step_cites_its_clause() -> None:
    step: Step = {"step": "day", "clause": "art. 2; art. 9", "numbers": {"made_by": "hour_mean"}}
    mine = [of("of-our-city", "art. 9"), of("another", "art. 3")]
    assert [each.name for each in applied([step], mine, telemetry=True)] == ["of-our-city"]


def test_a_name_of_before_stands_for_the_one_of_now() -> None:
    step: Step = {"step": "day", "clause": "art. 2", "numbers": {"made_by": "user_fault"}}
    old = [of("fault-day-is-the-users")]
    assert applied([step], old, telemetry=True) == tuple(old)


def test_the_names_that_steps_rest_on_are_those_of_the_document() -> None:
    assert set(TITLES) >= KNOWN
