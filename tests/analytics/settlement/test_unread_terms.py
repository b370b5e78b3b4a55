"""Terms that come inside a season and that the act does not read change nothing."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from analytics.law.policy import load
from analytics.settlement.settle import settle_facts
from tests.analytics.facts import Scenario, facts, rows
from tests.analytics.settlement.test_new_terms import (
    BOTH,
    SAME_PRICE,
    metered,
    paid,
)
from tests.analytics.settlement.test_settle import cold_week

UNREAD = pytest.mark.parametrize(
    "unread", [{"agreed": "18"}, {"agreed": "20"}, {"bands": [["18", "1/2"], ["14", "1"]]}], ids=str
)


def read_daily() -> Scenario:
    """48 kWh a day, read at eight in the morning."""
    first = datetime.fromisoformat("2025-01-08T08:00")
    days = [first + timedelta(days=n) for n in range(10)]
    reads = [[at.isoformat(timespec="minutes"), str(100 + 48 * n)] for n, at in enumerate(days)]
    return metered() | {"meter": reads}


@BOTH
@UNREAD
@pytest.mark.parametrize("scenario", [metered(), read_daily()], ids=["hourly", "daily"])
def test_a_term_that_the_act_does_not_read_takes_no_heat_from_a_metered_household(
    settled: str, scenario: Scenario, unread: dict[str, Any]
) -> None:
    whole = paid(settled, scenario)
    assert whole["total"] in {"23.80", "19.20"}
    assert paid(settled, scenario, SAME_PRICE | unread) == whole


@BOTH
@UNREAD
@pytest.mark.parametrize("policy", ["CN-HA-2018", "CN-SD-LINYI-2017", "CN-SD-WEIFANG-2021"])
def test_a_term_that_the_act_does_not_read_changes_no_line(
    settled: str, policy: str, unread: dict[str, Any]
) -> None:
    scenario = cold_week() | {"policy": policy, "season_fee": "1999.99"}
    row = {"since": "2025-01-12T00:00", **unread}
    assert paid(settled, scenario, row) == paid(settled, scenario)


def test_terms_that_an_act_reads_of_dwellings() -> None:
    read = {
        policy: {
            name
            for table in load(policy).policy.tables.values()
            for name in table.reads_terms(load(policy).policy.standard)
        }
        for policy in ("CN-HA-LY-2018", "CN-TJ-2010", "CN-SD-TAIAN-2020", "CN-XJ-URUMQI-2002")
    }
    assert not {"agreed", "bands"} & read["CN-HA-LY-2018"]
    assert {"agreed", "bands"} & read["CN-TJ-2010"] == {"agreed"}
    assert {"agreed", "bands"} & read["CN-SD-TAIAN-2020"] == {"bands"}
    assert {"agreed", "bands"} <= read["CN-XJ-URUMQI-2002"]


@BOTH
@pytest.mark.parametrize("policy", ["CN-HA-LY-2018", "CN-SD-WEIFANG-2021", "CN-HA-2018"])
def test_an_outage_is_cut_by_no_price_where_a_basic_fee_says_that_heat_is_metered(
    settled: str, policy: str
) -> None:
    stopped = cold_week(requests=[], outages=[["2025-01-08T18:07", "2025-01-12T09:11"]]) | {
        "policy": policy, "season_fee": "1999.99", "contract": {"basic_fee": "1000.00"},
    }  # fmt: skip
    whole = paid(settled, stopped)
    assert len(whole["lines"]) == 1
    row = {"since": "2025-01-10T00:00", "basic_fee": "1000.00", "heat_price": "0.2"}
    assert paid(settled, stopped, row) == whole


@pytest.mark.parametrize("cents", range(199900, 203000, 410))
def test_at_least_is_never_below_what_lines_that_go_on_over_a_change_pay(cents: int) -> None:
    """Of two lines that are one each rounded half-up, 64.18 was at least owed and 64.19 paid."""
    room = rows(
        ("2025-01-09T00:00", "2025-01-10T00:00", "20.000"),
        ("2025-01-10T00:00", "2025-01-15T12:00", "17.000"),
        ("2025-01-18T00:00", "2025-01-20T00:00", "20.000"),
    )
    own = [["18", "1/5"], ["16", "1/2"], ["14", "1"]]
    base = facts(
        "CN-SD-TAIAN-2020", {"bedroom": room}, requests=["2025-01-10T06:00"],
        season_fee=f"{cents / 100:.2f}", contract={"bands": own},
    )  # fmt: skip
    colder = [*own, ["12", "1"]]
    row = {"since": "2025-01-12T00:00", "bands": colder}
    law = load(base["policy"])
    whole, changed = (settle_facts(base | {"contract_changes": each}, law) for each in ([], [row]))
    assert changed.undetermined
    assert len(changed.lines) == 1
    assert changed.total <= changed.lower <= changed.upper
    assert (changed.total, changed.lower) == (whole.total, whole.lower)
