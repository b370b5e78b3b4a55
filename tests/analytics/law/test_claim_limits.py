"""Refunds that a household must claim within a limit."""

from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import pytest

from analytics.facts.facts_file import from_facts
from analytics.facts.snapshot import Snapshot
from analytics.law.claim_limits import Made, claimed, limit_of
from analytics.law.policy import load
from analytics.law.steps import shown
from analytics.settlement.restate import changed
from analytics.settlement.result import Result
from analytics.settlement.settle import settle_facts
from simulators.law.record_worlds import LIAONING, season

LAW = load(LIAONING)
TWO_MONTHS = [["2024-12-05T10:00", "bedroom", "17.000"], ["2025-02-05T10:00", "bedroom", "15.000"]]


def facts(*requests: str, **other: Any) -> dict[str, Any]:
    return season(LIAONING, acts=TWO_MONTHS, requests=[*requests], **other)


def settled(*requests: str, **other: Any) -> Result:
    return settle_facts(facts(*requests, **other), LAW)


def snapshot(*requests: str) -> Snapshot:
    return from_facts(facts(*requests), LIAONING, "CNY").snapshot


def test_a_limit_ends_on_a_working_day() -> None:
    own = snapshot().season
    limit = limit_of(own, LAW.policy)
    assert limit is not None
    assert (limit.day, limit.clause) == (date(2025, 4, 30), "辽住建发〔2016〕121号")
    later = replace(own, until_us=own.until_us + 86_400_000_000)
    moved = limit_of(later, LAW.policy)  # 1 April: a month later is a day off
    assert moved is not None
    assert moved.day == date(2025, 5, 6)
    assert limit_of(own, load("CN-HA-2018").policy) is None


@pytest.mark.parametrize(
    ("requests", "made"),
    [
        (["2024-12-05T10:00"], Made.IN_TIME),
        (["2024-12-05T09:59"], Made.NOTHING),
        (["2025-04-30T23:59", "2025-06-01T10:00"], Made.IN_TIME),
        (["2025-05-01T00:00"], Made.LATE),
        (["2025-11-01T00:00"], Made.NOTHING),  # of the next winter
        ([], Made.NOTHING),
    ],
    ids=str,
)
def test_a_claim_is_a_request_behind_the_first_failing_record(
    requests: list[str], made: Made
) -> None:
    own = snapshot(*requests)
    limit = limit_of(own.season, LAW.policy)
    assert limit is not None
    assert claimed(own, 0, LAW.policy, limit)[0] is made


def test_what_is_not_claimed_is_open_up_to_all_of_it() -> None:
    paid, silent, late = settled("2025-04-10T09:00"), settled(), settled("2025-05-02T09:00")
    assert str(paid.total) == "56.00"  # 2 days at 40 %, 2 at 100 %
    assert [str(each) for each in (silent.total, silent.lower, silent.upper)] == [
        "0.00",
        "0.00",
        "56.00",
    ]
    assert (silent.undetermined, silent.reason.code) == (True, "not_claimed")
    assert (str(late.total), late.undetermined, late.reason.code) == ("0.00", False, "claimed_late")
    (told,) = [each for each in late.steps if each["step"] == "claimed_late"]
    assert shown(told, "en") == "first claimed 2025-05-02 09:00, later than 2025-04-30: not paid"
    assert told["clause"] == "辽住建发〔2016〕121号"


def test_a_decision_settles_the_sums_whose_first_day_it_is_about() -> None:
    decision = {
        "since": "2025-02-05T00:00", "until": "2025-02-06T00:00", "outcome": "below",
        "basis": "authority", "document": "No. 12", "clause": "sec. 5",
    }  # fmt: skip
    one = settled(decisions=[decision])
    assert (str(one.total), str(one.upper), one.undetermined) == ("40.00", "56.00", True)
    late = settled("2025-05-02T09:00", decisions=[decision])
    assert (str(late.total), late.undetermined) == ("40.00", False)
    refused = settled(decisions=[decision | {"since": "2024-12-01T00:00", "outcome": "compliant"}])
    assert (str(refused.total), refused.undetermined) == ("0.00", False)


def test_a_claim_that_comes_after_the_season_touches_its_household() -> None:
    none = np.empty(0, dtype=np.int32)
    found = changed(snapshot(), snapshot("2025-04-10T09:00"), none)
    assert (found.why_all, found.rows.tolist()) == (None, [True])
