"""Ordos: three failing tests within 30 × 24 h pay a month."""

from fractions import Fraction

import pytest

from analytics.facts.facts_file import from_facts
from analytics.law.calculator import Basis, Claim, Piece
from analytics.law.calculators.test_count import Calculator, CountTable
from analytics.law.policy import load, parse
from analytics.settlement.settle import settle_facts
from domain.errors import WrongCall
from simulators.law.counts import ordos
from simulators.law.record_worlds import ORDOS, random_season, season
from tests.analytics.cities import answer_of
from tests.analytics.facts import Scenario, comparable
from tests.analytics.law.calculators.settled import check_twin, differing, settled

COLD = "17.000"


def with_tests(*days: str, celsius: str = COLD) -> Scenario:
    return season(ORDOS, acts=[[f"{day}T10:00", "bedroom", celsius] for day in days])


def test_every_reference_season_of_ordos_comes_out_to_the_cent() -> None:
    count, wrong = differing(ORDOS)
    assert count >= 10
    assert wrong == []


def test_three_failing_tests_pay_thirty_days_from_the_first() -> None:
    result = settled(with_tests("2025-01-05", "2025-01-12", "2025-02-04"))
    assert [(line.kind, str(line.first), str(line.last)) for line in result.lines] == [
        ("month", "2025-01-05", "2025-02-03")
    ]
    assert (str(result.total), str(result.lines[0].days)) == ("600.00", "30")
    told = [step["step"] for step in result.steps]
    assert told.count("test_failed") == 3
    assert "tests_failed" in told


def test_a_month_at_the_seasons_end_is_shown_to_its_last_day_and_paid_whole() -> None:
    result = settled(with_tests("2025-04-01", "2025-04-08", "2025-04-15"))
    assert [(str(line.first), str(line.last), str(line.days)) for line in result.lines] == [
        ("2025-04-01", "2025-04-15", "30")
    ]
    assert str(result.total) == "600.00"


def test_the_thirty_days_include_their_last_instant_and_no_more() -> None:
    late = with_tests("2025-01-05", "2025-01-12")
    late["acts"].append(["2025-02-04T10:01", "bedroom", "17.000"])
    assert (str(settled(late).total), settled(late).reason.code) == ("0.00", "too_few_failed")


def test_records_of_one_day_are_one_test_and_one_cold_room_fails_it() -> None:
    twice = with_tests("2025-01-05", "2025-01-06")
    twice["acts"].append(["2025-01-06T15:00", "living", "16.000"])
    assert str(settled(twice).total) == "0.00"
    warm = with_tests("2025-01-05", "2025-01-06", "2025-01-07", celsius="18.000")
    assert settled(warm).reason.code == "too_few_failed"
    warm["acts"] += [[f"2025-01-0{day}T18:00", "living", "17.999"] for day in (5, 6, 7)]
    assert str(settled(warm).total) == "600.00"


def test_a_test_that_passes_in_between_changes_nothing_and_none_counts_twice() -> None:
    four = with_tests("2025-01-05", "2025-01-12", "2025-01-13", "2025-01-14")
    four["acts"].append(["2025-01-08T10:00", "bedroom", "19.000"])
    assert str(settled(four).total) == "600.00"


@pytest.mark.parametrize(
    ("since", "until", "total"),
    [
        ("2025-01-12T08:00", "2025-01-12T09:00", "0.00"),  # the record of 10:00 is none, too
        ("2025-01-12T23:59", "2025-01-13T00:00", "0.00"),
        ("2025-01-11T00:00", "2025-01-12T00:00", "600.00"),  # half-open: the day before
        ("2025-01-13T00:00", "2025-01-13T09:00", "600.00"),
        ("2024-10-01T00:00", "2025-04-30T00:00", "0.00"),
    ],
)
def test_records_of_a_day_that_a_users_fault_touches_are_no_test(
    since: str, until: str, total: str
) -> None:
    scenario = with_tests("2025-01-05", "2025-01-12", "2025-02-04")
    scenario["user_faults"] = [[since, until]]
    result = settled(scenario)
    assert str(result.total) == total == ordos(scenario)["total"]
    told = [each["step"] for each in result.steps]
    assert ("test_not_counted" in told) is (total == "0.00")
    if since < "2025-01-01":
        assert result.reason.code == "tests_not_counted"


@pytest.mark.parametrize(("fee", "why"), [("3660.00", "days_paid"), ("0.00", "no_fee")])
def test_where_the_whole_fee_is_refunded_before_not_too_few_tests_are_the_reason(
    fee: str, why: str
) -> None:
    own = from_facts(with_tests("2025-01-05", "2025-01-12", "2025-02-01"), ORDOS)
    law = load(ORDOS).policy
    basis = Basis(own.snapshot, law, lambda _: own.columns)
    last = len(basis.days.days) - 1
    paid = basis.line("outage", Fraction(fee), 0, last, basis.count, Fraction(1), "art. 1")
    piece = Piece(own.snapshot, own.columns, [Fraction(fee)])
    table = law.tables["test_count"]
    assert isinstance(table, CountTable)
    (claim,) = Calculator(basis, table).claims(piece, [(Claim.decided([paid]),)])
    assert claim.reason is not None
    assert (claim.lines, claim.reason.code) == ((), why)


def test_an_ordos_policy_from_before_that_says_nothing_of_faults_is_computed_as_it_was() -> None:
    text = load(ORDOS).raw.decode()
    start = text.index('[[interpretations]]\nname = "fault-day-records')
    older = text[:start] + text[text.index("[[interpretations]]", start + 1) :]
    with pytest.raises(
        WrongCall, match="needs the interpretation 'fault-day-records-do-not-count'"
    ):
        parse(older.encode(), "older.toml")
    scenario = with_tests("2025-01-05", "2025-01-12", "2025-02-04")
    scenario["user_faults"] = [["2025-01-12T08:00", "2025-01-12T09:00"]]
    kept = parse(older.encode(), "older.toml", kept=True)
    assert str(settle_facts(scenario, kept).total) == "600.00"


def test_neither_request_nor_telemetry_is_needed() -> None:
    assert settled(season(ORDOS)).reason.code == "not_tested"


def test_months_and_outages_together_pay_at_most_the_season() -> None:
    days = [f"{month}-{day:02}" for month in ("2024-11", "2024-12", "2025-01", "2025-02", "2025-03")
            for day in range(1, 19)]  # fmt: skip
    scenario = with_tests(*days)
    scenario["outages"] = [["2024-10-15T00:00", "2024-12-01T00:00"]]
    assert str(settled(scenario).total) == "3660.00"
    assert comparable(answer_of(settled(scenario))) == comparable(ordos(scenario))


@pytest.mark.parametrize("seeds", [range(i, i + 100) for i in (0, 100, 200)], ids=str)
def test_it_agrees_with_its_naive_twin(seeds: range) -> None:
    answers = check_twin([random_season(seed, ORDOS) for seed in seeds])
    paid = [any(line["kind"] == "month" for line in each["lines"]) for each in answers]
    assert sum(paid) > 20
