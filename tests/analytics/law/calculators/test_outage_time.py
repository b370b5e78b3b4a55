"""An outage that is long enough pays from its first hour; one at the limit by what the act says."""

from decimal import Decimal

import pytest

from analytics.law.applied import applied
from analytics.law.calculators.outage_time import OutageTimeTable
from analytics.law.outages import Outage
from analytics.law.policy import load
from domain.time import HOUR_US
from tests.analytics.facts import facts
from tests.analytics.settlement.test_golden_refunds import HENAN, settled

BINZHOU, TAIAN = "CN-SD-BINZHOU-2016", "CN-SD-TAIAN-2020"


def table(op: str) -> OutageTimeTable:
    return OutageTimeTable.model_validate({"clause": "9", "continuous_h": "12.5", "op": op})


@pytest.mark.parametrize(
    ("op", "more_us", "pays"),
    [(">=", -1, False), (">=", 0, True), (">", 0, False), (">", 1, True)],
)
def test_at_the_limit_the_act_decides_to_the_microsecond(
    op: str, more_us: int, *, pays: bool
) -> None:
    limit = int(Decimal("12.5") * HOUR_US)
    assert table(op).pays(Outage(0, limit + more_us, ())) == pays


def test_at_the_seasons_ends_it_has_no_length() -> None:
    assert OutageTimeTable(clause="9", at="season_ends").wanted().to("en") == (
        "at the season's begin or end"
    )
    with pytest.raises(ValueError, match="goes without 'continuous_h'"):
        OutageTimeTable.model_validate(
            {"clause": "9", "continuous_h": "12", "op": ">", "at": "season_ends"}
        )


def test_the_limit_is_shown_as_the_act_says_it() -> None:
    shown = [
        (value.to("en"), clause) for op in (">=", ">") for _, value, clause in table(op).rows()
    ]
    assert shown == [("at least 12.5 h", "9"), ("more than 12.5 h", "9")]


@pytest.mark.parametrize(
    ("until", "total", "reason"),
    [
        pytest.param("2025-01-10T17:59", "0.00", "outage_too_short", id="11h59"),
        pytest.param("2025-01-10T18:00", "10.00", "paid", id="12h00"),
        pytest.param("2025-01-11T12:00", "25.00", "paid", id="30h"),
    ],
)
def test_h5_an_outage_pays_from_its_first_hour_without_a_request(
    until: str, total: str, reason: str
) -> None:
    result = settled(facts(HENAN, {"bedroom": []}, outages=[["2025-01-10T06:00", until]]))
    assert (str(result.total), result.reason.code) == (total, reason)


@pytest.mark.parametrize(
    ("since", "until", "total", "clause"),
    [
        ("2024-11-15T00:00", "2024-11-15T10:00", "8.33", "art. 42 no. 4"),
        ("2024-11-15T00:01", "2024-11-15T10:00", "0.00", ""),
        ("2024-11-15T00:00", "2024-11-16T12:00", "30.00", "art. 42 no. 4"),
        ("2024-11-15T00:01", "2024-11-16T12:01", "30.00", "art. 16"),
        ("2025-03-15T14:00", "2025-03-16T00:00", "8.33", "art. 42 no. 4"),
        ("2025-03-15T14:00", "2025-03-15T23:59", "0.00", ""),
    ],
)
def test_where_the_act_has_a_clause_of_its_own_for_them_season_ends_pay_from_any_length(
    since: str, until: str, total: str, clause: str
) -> None:
    """Ten hours from the season's first instant on paid nothing in Binzhou."""
    result = settled(facts(BINZHOU, {"bedroom": []}, outages=[[since, until]]))
    assert str(result.total) == total
    assert [line.clause for line in result.lines] == [clause] * bool(clause)
    if not clause:
        assert result.reason.code == "outage_too_short"


def test_a_clause_of_season_ends_stands_beside_a_length_and_is_shown_with_it() -> None:
    both = {"clause": "9", "continuous_h": "24", "op": ">=", "ends_clause": "12"}
    shown = [
        (what.to("en"), value.to("en"), clause)
        for what, value, clause in OutageTimeTable.model_validate(both).rows()
    ]
    assert shown == [
        ("outage", "at least 24 h", "9"),
        ("outage at the season's begin or end", "of any length", "12"),
    ]
    with pytest.raises(ValueError, match="'ends_clause' goes with 'continuous_h'"):
        OutageTimeTable(clause="9", ends_clause="12")


@pytest.mark.parametrize(
    ("policy", "since", "until", "named"),
    [
        (HENAN, "2024-11-15T00:00", "2024-11-15T12:00", "late-start-counts-once"),
        (HENAN, "2025-01-10T00:00", "2025-01-10T12:00", None),
        (BINZHOU, "2024-11-15T00:00", "2024-11-15T12:00", "late-start-is-an-outage"),
        (BINZHOU, "2025-01-10T00:00", "2025-01-12T00:00", None),
        (TAIAN, "2024-11-15T00:00", "2024-11-15T12:00", "late-start-is-an-outage"),
        (TAIAN, "2025-01-10T00:00", "2025-01-12T00:00", None),
    ],
)
def test_sheets_name_what_a_late_start_rests_on_where_there_was_one(
    policy: str, since: str, until: str, named: str | None
) -> None:
    result = settled(facts(policy, {"bedroom": []}, outages=[[since, until]]))
    names = {each.name for each in applied([*result.steps], load(policy).policy.interpretations)}
    late = {"late-start-counts-once", "late-start-is-an-outage"}
    assert names & late == ({named} if named else set())
    assert "outage-ends-when-held" in names
