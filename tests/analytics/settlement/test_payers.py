"""A day's refund is of whoever bore its fee (7.18), and of a day that was not charged there is none (7.11e)."""

import random
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from analytics.facts.recorded import Fee, Recorded
from analytics.law.policy import load
from analytics.settlement.payers import bearers
from analytics.settlement.result import Result
from analytics.settlement.settle import settle_facts
from domain.money import digits_of
from simulators.law.record_worlds import CHANGCHUN, LIAONING
from simulators.law.record_worlds import season as record_season
from simulators.law.spans import one_at_a_time, without_subsidies
from simulators.law.twins import TWINS, world_of
from simulators.law.worlds import random_world
from tests.analytics.cities import answer_of, settled_by_policy
from tests.analytics.facts import Scenario, comparable
from tests.analytics.settlement.test_settle import cold_week

LINYI, ORDOS, XIAN = "CN-SD-LINYI-2017", "CN-NM-ORDOS", "CN-SN-XIAN-2018"
Spans = list[dict[str, str]]


def span(since: str, state: str, payer: str = "", until: str = "", **more: str) -> dict[str, str]:
    found = {"since": since, "until": until, "state": state, "payer": payer} | more
    return {name: text for name, text in found.items() if text}


def one(scenario: Scenario, *spans: dict[str, str], **more: Any) -> Result:
    return settle_facts({**scenario, "fee_spans": list(spans), **more}, load(scenario["policy"]))


def kernels(scenario: Scenario, *spans: dict[str, str]) -> dict[str, Any]:
    return answer_of(one(scenario, *spans))


def twin(scenario: Scenario, *spans: dict[str, str]) -> dict[str, Any]:
    return TWINS[scenario["policy"]]({**scenario, "fee_spans": list(spans)})


def stopped(policy: str, since: str, until: str) -> Scenario:
    """A season abroad with one outage, and with KRW or EUR 1,000.00 a day."""
    zone, last, fee = ZONES[policy]
    return {
        "season": ["2024-10-01T00:00", last], "season_fee": fee, "interval_min": 30, "zone": zone,
        "rooms": {"bedroom": []}, "requests": [], "measurements": [], "outages": [[since, until]],
        "policy": policy,
    }  # fmt: skip


def owed(answer: dict[str, Any]) -> list[tuple[str, str]]:
    """(payer, amount) of the lines, in order of both."""
    return sorted((each.get("payer", ""), each["amount"]) for each in answer["lines"])


ZONES = {
    "NL-WW": ("Europe/Amsterdam", "2025-05-01T00:00", "1200.00"),
    "GB-SUPPLIER-24H": ("Europe/London", "2025-05-01T00:00", "1200.00"),
    "KR-KDHC": ("Asia/Seoul", "2025-10-01T00:00", "365000.00"),
}
NAMED = span("2024-09-01T00:00", "charged", "Wang")
BOTH = pytest.mark.parametrize("settled", [kernels, twin])


@BOTH
def test_a_household_that_moved_out_is_not_paid_for_the_days_after(settled: Any) -> None:
    """It was paid for 20 February though it had moved on 13 January."""
    moved = span("2025-01-13T00:00", "moved_out")
    (line,) = settled(cold_week(), moved)["lines"]
    assert (line["from"], line["to"], line["amount"]) == ("2025-01-10", "2025-01-12", "30.00")
    assert settled(cold_week(), span("2025-01-01T00:00", "moved_out"))["lines"] == []


@BOTH
def test_days_of_a_pause_or_of_arrears_pay_nothing_and_others_as_before(settled: Any) -> None:
    for state in ("paused", "arrears"):
        pause = span("2025-01-11T00:00", state, until="2025-01-13T00:00")
        lines = settled(cold_week(), pause)["lines"]
        assert [(each["from"], each["to"]) for each in lines] == [
            ("2025-01-10", "2025-01-10"), ("2025-01-13", "2025-01-14"),
        ]  # fmt: skip


@BOTH
def test_a_day_is_of_whoever_bore_the_fee_at_its_begin(settled: Any) -> None:
    sold = span("2025-01-12T09:30", "sold", "Wang")
    scenario = cold_week(requests=["2025-01-10T06:00", "2025-01-12T10:00"])
    lines = settled(scenario, sold)["lines"]
    found = [(each.get("payer", ""), each["from"], each["to"]) for each in lines]
    assert found == [("", "2025-01-10", "2025-01-12"), ("Wang", "2025-01-13", "2025-01-14")]


@BOTH
def test_a_request_is_of_the_household_that_lived_there(settled: Any) -> None:
    """Who moved in asks for themselves: DESIGN 4a."""
    moved = span("2025-01-12T00:00", "moved_in", "Wang")
    lines = settled(cold_week(), moved)["lines"]
    assert [each.get("payer", "") for each in lines] == [""]


@BOTH
def test_a_row_that_only_names_who_has_borne_the_fee_loses_no_request(settled: Any) -> None:
    """His request of 10 January was nobody's once a row of the 13th had named him."""
    named = span("2025-01-13T00:00", "charged", "Wang")
    assert settled(cold_week(), named)["total"] == settled(cold_week())["total"] == "50.00"
    sold = span("2025-01-13T00:00", "sold", "Wang")
    assert settled(cold_week(), sold)["total"] == "30.00"


@BOTH
def test_a_subsidy_is_refunded_its_part_as_a_line_of_its_own(settled: Any) -> None:
    own = span("2024-11-15T00:00", "charged", subsidy_percent="25", subsidy_by="City")
    lines = settled(cold_week(), own)["lines"]
    assert [(each.get("payer", ""), each["amount"]) for each in lines] == [
        ("", "37.50"), ("City", "12.50"),
    ]  # fmt: skip


@BOTH
def test_an_outage_over_a_change_of_payers_is_split_by_the_days(settled: Any) -> None:
    scenario = cold_week(requests=[], outages=[["2025-01-20T00:00", "2025-01-22T00:00"]])
    lines = settled(scenario, span("2025-01-21T00:00", "sold", "Wang"))["lines"]
    assert [(each.get("payer", ""), each["days"]) for each in lines] == [("", "1"), ("Wang", "1")]


def test_who_was_never_charged_gets_nothing_and_reads_why() -> None:
    result = one(cold_week(), span("2024-11-01T00:00", "paused"))
    assert (result.total, result.reason.code) == (Decimal("0.00"), "not_charged")
    stopped = cold_week(requests=[], outages=[["2025-01-20T00:00", "2025-01-22T00:00"]])
    assert one(stopped, span("2024-11-01T00:00", "paused")).reason.code == "not_charged"


#: A policy of each way to pay, whose seasons need no kernel.
WAYS = (ORDOS, CHANGCHUN, LIAONING, "KR-KDHC", "NL-WW", "GB-SUPPLIER-24H")


def halved(seed: int, policy: str) -> tuple[Scenario, list[dict[str, str]]]:
    """A random season with a payer all along, and the instant of a day amid its facts."""
    scenario = world_of(policy, seed)
    facts = [
        each[0]
        for each in (
            *scenario["outages"],
            *scenario.get("measurements", ()),
            *scenario.get("acts", ()),
        )
    ]
    middle = (sorted(facts) or [scenario["season"][0]])[len(facts) // 2][:10]
    return scenario, [
        span(scenario["season"][0], "charged", "Wang"),
        span(f"{middle}T00:00", "charged", "Wang"),
    ]


@pytest.mark.parametrize("policy", WAYS)
def test_a_subsidy_all_season_changes_no_total_and_one_amid_it_half_a_cent_a_stretch_seeds_0_to_19(
    policy: str,
) -> None:
    paying = 0
    for seed in range(20):
        scenario, (own, later) = halved(seed, policy)
        subsidy = {"subsidy_percent": "33.3333", "subsidy_by": "City"}
        whole, named = one(scenario), one(scenario, own)
        assert (named.total, named.upper, named.lower) == (whole.total, whole.upper, whole.lower)
        assert one(scenario, own | subsidy).total == whole.total, seed
        split = one(scenario, own, later | subsidy)
        stretches = {(each.kind, each.first, each.last) for each in split.lines}
        half = Decimal(1).scaleb(-digits_of(whole.currency)) / 2  # of a cent, of a won
        assert abs(split.total - whole.total) <= half * len(stretches), seed
        paying += whole.total > 0
    assert paying > 5


@pytest.mark.parametrize("policy", WAYS)
def test_a_later_name_and_a_subsidy_of_nothing_change_no_byte_of_the_sum(policy: str) -> None:
    for seed in range(20):
        scenario, (own, later) = halved(seed, policy)
        whole = one(scenario, own)
        renamed = one(scenario, own, later | {"payer": "Wang Er"})
        nothing = one(scenario, own, later | {"subsidy_percent": "0", "subsidy_by": "City"})
        assert nothing.lines == whole.lines
        assert renamed.lines == tuple(replace(each, payer="Wang Er") for each in whole.lines)


@pytest.mark.compiled
def test_parts_sum_to_the_refund_of_the_dwelling_to_the_cent() -> None:
    """They were a cent apart, each rounded by itself."""
    for seed in range(40):
        scenario = random_world(seed, policy="CN-HA-2018")
        city = span("2024-11-01T00:00", "charged", subsidy_percent="33.3333", subsidy_by="City")
        assert one(scenario, city).total == one(scenario).total, seed


@BOTH
def test_a_flat_sum_is_paid_once_to_whoever_bore_its_first_charged_day(settled: Any) -> None:
    """It was paid to the payer and to the subsidy: EUR 110.00 for 55.00."""
    facts = stopped("NL-WW", "2025-01-10T06:00", "2025-01-10T19:00")
    city = span("2024-09-01T00:00", "charged", "Wang", subsidy_percent="30", subsidy_by="City")
    assert owed(settled(facts, city)) == [("Wang", "55.00")]
    facts = stopped("NL-WW", "2025-01-10T06:00", "2025-01-11T06:00")
    sold = span("2025-01-11T00:00", "sold", "Li")
    assert owed(settled(facts, NAMED, sold)) == [("Wang", "115.00")], "35 + 4 × 20"


@BOTH
def test_of_a_flat_sum_only_hours_of_charged_days_count(settled: Any) -> None:
    facts = stopped("NL-WW", "2025-01-10T06:00", "2025-01-11T06:00")
    paused = span("2025-01-11T00:00", "paused")
    assert owed(settled(facts, NAMED, paused)) == [("Wang", "75.00")], "18 h: 35 + 2 × 20"
    early = span("2025-01-01T00:00", "paused", until="2025-01-11T00:00")
    (line,) = settled(facts, NAMED, early)["lines"]
    assert (line["from"], line["to"], line["amount"]) == ("2025-01-11", "2025-01-11", "35.00")
    never = span("2025-01-01T00:00", "paused", until="2025-02-01T00:00")
    assert settled(facts, NAMED, never)["lines"] == []
    day = stopped("GB-SUPPLIER-24H", "2025-01-10T06:00", "2025-01-11T06:00")
    assert owed(settled(day, NAMED)) == [("Wang", "45.00")]
    assert owed(settled(day, NAMED, paused)) == [], "18 h are no 24"


@BOTH
def test_blocks_of_hours_are_of_whoever_bore_the_fee_of_the_hours(settled: Any) -> None:
    """Both were paid for the whole outage: KRW 24,000.00 for 12,000.00, and 153,000.00 for an hour."""
    facts = stopped("KR-KDHC", "2025-01-10T20:00", "2025-01-11T08:00")
    sold = span("2025-01-11T00:00", "sold", "Li")
    assert owed(settled(facts, NAMED, sold)) == [("Li", "8000.00"), ("Wang", "4000.00")]
    long = stopped("KR-KDHC", "2025-01-10T23:00", "2025-01-20T08:00")
    paused = span("2025-01-11T00:00", "paused")
    assert owed(settled(long, NAMED, paused)) == [("Wang", "1000.00")]


@BOTH
def test_blocks_of_hours_under_a_subsidy_of_the_second_day_are_split_by_their_hours(
    settled: Any,
) -> None:
    """4 of the 12 h are the payer's alone: 4,000.00; of 8,000.00 a quarter is the city's."""
    facts = stopped("KR-KDHC", "2025-01-10T20:00", "2025-01-11T08:00")
    city = span("2025-01-11T00:00", "charged", "Wang", subsidy_percent="25", subsidy_by="City")
    parts = [("City", "2000.00"), ("Wang", "4000.00"), ("Wang", "6000.00")]
    assert owed(settled(facts, NAMED, city)) == parts


@BOTH
def test_tests_count_on_across_a_change_of_subsidy(settled: Any) -> None:
    """Nothing was paid: the three tests were one payer's and two others'. 2,420.00 ÷ 183 × 30 = 396.72."""
    tests = [[f"2025-01-{day:02}T10:00", "bedroom", "16.000"] for day in (5, 12, 18)]
    scenario = record_season(ORDOS, acts=tests) | {"season_fee": "2420.00"}
    city = span("2025-01-15T00:00", "charged", "Wang", subsidy_percent="20", subsidy_by="City")
    parts = [("City", "52.90"), ("Wang", "132.24"), ("Wang", "211.58")]
    assert owed(settled(scenario, NAMED, city)) == parts


@BOTH
def test_the_mean_of_a_month_is_that_of_all_its_tests_whatever_the_subsidy(settled: Any) -> None:
    scenario = next(
        world
        for seed in range(40)
        if kernels(world := world_of(CHANGCHUN, seed))["lines"] and not world["outages"]
    )
    whole = kernels(scenario)
    (first, *_) = whole["lines"]
    amid = span(
        f"{first['from'][:8]}15T00:00", "charged", "Wang", subsidy_percent="100", subsidy_by="City"
    )
    halves = [
        each
        for each in settled(scenario, NAMED, amid)["lines"]
        if each["from"][:7] == first["from"][:7]
    ]
    assert [each.get("payer") for each in halves] == ["Wang", "City"]
    assert abs(
        sum(Decimal(each["amount"]) for each in halves) - Decimal(first["amount"])
    ) <= Decimal("0.01")


@BOTH
def test_the_basic_fee_is_taken_off_once_whoever_bears_the_fee(settled: Any) -> None:
    """It was taken off each part. (2,420.00 − 420.00) ÷ 121 × 5 × 20% = 16.53, half of it 8.26."""
    scenario = cold_week(acts=[["2025-01-10T06:00", "bedroom", "17.000"]]) | {"policy": XIAN}
    scenario |= {"contract": {"basic_fee": "420.00"}, "season_fee": "2420.00"}
    whole = settled(scenario)
    city = span("2024-11-01T00:00", "charged", "Wang", subsidy_percent="50", subsidy_by="City")
    parts = settled(scenario, city)
    assert whole["total"] == parts["total"] == "16.53"
    assert owed(parts) == [("City", "8.27"), ("Wang", "8.26")]


@BOTH
def test_a_charged_row_with_another_name_is_a_new_name_of_the_same_household(settled: Any) -> None:
    """Whoever takes over the fee is written moved_in or sold: their requests are their own."""
    renamed = span("2025-01-13T00:00", "charged", "Wang Er")
    assert owed(settled(cold_week(), NAMED, renamed)) == [("Wang Er", "50.00")]
    back = [span("2025-01-12T00:00", "moved_out"), span("2025-01-13T00:00", "charged", "Li")]
    found = settled(cold_week(), NAMED, *back)["lines"]
    assert [(each["payer"], each["to"]) for each in found] == [("Wang", "2025-01-11")]


def test_tests_of_days_that_were_not_charged_do_not_count_and_their_days_are_not_paid() -> None:
    tests = [[f"2025-01-{day:02}T10:00", "bedroom", "16.000"] for day in (10, 12, 14)]
    scenario = record_season(ORDOS, acts=tests)
    whole = one(scenario)
    assert [str(each.days) for each in whole.lines] == ["30"]
    gone = one(scenario, span("2025-01-20T00:00", "moved_out"))
    assert [str(each.days) for each in gone.lines] == ["10"], "10 to 19 January"
    early = one(scenario, span("2025-01-12T00:00", "paused", until="2025-01-13T00:00"))
    assert early.lines == ()


def random_spans(scenario: Scenario, seed: int) -> Spans:
    rng = random.Random(f"{seed} payers")
    times = sorted(row[0] for found in scenario["rooms"].values() for row in found)
    at = datetime.fromisoformat(times[0] if times else scenario["season"][0])
    found: Spans = []
    for _ in range(rng.choice((1, 1, 2, 3))):
        at += timedelta(minutes=rng.randrange(1, 3 * 24 * 60))
        state = rng.choice(("charged", "moved_in", "sold", "moved_out", "paused", "arrears"))
        payer = rng.choice(("Wang", "Zhao")) if state in {"charged", "moved_in", "sold"} else ""
        subsidy = (
            {"subsidy_percent": "30", "subsidy_by": "City"} if payer and rng.random() < 0.3 else {}
        )
        until = ""
        if rng.random() < 0.4:
            end = at + timedelta(minutes=rng.choice((60, 1440, 3000, 6000)))
            until = end.isoformat(timespec="minutes")
        found.append(span(at.isoformat(timespec="minutes"), state, payer, until, **subsidy))
    return one_at_a_time(found)


@pytest.mark.compiled
def test_kernels_and_twin_agree_on_random_payers() -> None:
    scenarios = [
        (scenario := random_world(seed)) | {"fee_spans": random_spans(scenario, seed)}
        for seed in range(120)
    ]
    wrong = [
        scenario["id"]
        for scenario, result in zip(scenarios, settled_by_policy(scenarios), strict=True)
        if comparable(answer_of(result)) != comparable(TWINS[scenario["policy"]](scenario))
    ]
    assert wrong == []


def test_whoever_bears_a_day_does_so_at_its_first_instant() -> None:
    """Found for stretches in which no row begins or ends."""
    rng = random.Random(0)
    starts, states = [d * 24 for d in range(30)], ("charged", "moved_in", "paused", "moved_out")
    for _ in range(200):
        fees = [
            Fee(at := rng.randrange(-50, 800), at + rng.choice((1, 24, 100, 2**62)), state, name)
            for state in rng.choices(states, k=rng.randrange(1, 5))
            for name in [rng.choice(("A", "B")) if state in states[:2] else ""]
        ]
        own = Recorded(tuple(sorted(fees)))
        for at, bearer in zip(starts, bearers(starts, own), strict=True):
            fee = own.fee_at(at)
            charged = fee is None or fee.charged
            assert (bearer is not None) == charged
            assert bearer is None or bearer.payer == own.lived_at(at)


@pytest.mark.parametrize("seed", [57, *range(20)])
def test_what_is_owed_at_least_goes_by_the_cents_that_are_paid(seed: int) -> None:
    """Lines were cut where a subsidy begins, each rounded by itself: 147.69 was at least owed and 147.70 paid."""
    world = world_of("CN-HA-LY-2018", seed)
    found = settle_facts(world, load("CN-HA-LY-2018"))
    whole = settle_facts(without_subsidies(world), load("CN-HA-LY-2018"))
    assert found.total <= found.lower <= found.upper
    assert found.lower - found.total == whole.lower - whole.total
