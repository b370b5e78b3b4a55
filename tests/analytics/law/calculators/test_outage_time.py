"""An outage that is long enough pays from its first hour; one at the limit by what the act says."""

from decimal import Decimal

import pytest

from analytics.law.calculators.outage_time import OutageTimeTable
from analytics.law.outages import Outage
from domain.time import HOUR_US
from tests.analytics.facts import facts
from tests.analytics.settlement.test_golden_refunds import HENAN, settled


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
