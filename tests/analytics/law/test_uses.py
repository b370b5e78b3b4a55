"""Users who are not residential: never judged by the standard of dwellings, under any policy."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from analytics.law.calculators import calculator
from analytics.law.policy import load, shipped
from analytics.settlement.result import Result
from analytics.settlement.settle import settle_facts
from simulators.law.findings import NEW_YORK
from tests.analytics.facts import SEASONS

POLICIES = tuple(each.policy.id for each in shipped())
OF_THE_COLD = ("temperature", "month", "month_mean", "tests")
WHOLE = {"agreed": "20", "bands": [["20", "1/2"]], "document": "No. 7"}
YEAR = {"CN-HL-HARBIN-pre2021": 2021, "CN-NX-2025": 2026}


def cold(policy: str, contract: dict[str, Any]) -> dict[str, Any]:
    """Two weeks at 12 °C with a request, and a record every five days."""
    year = YEAR.get(policy, 2025)
    begin = datetime.fromisoformat(f"{year}-01-08T00:00")
    rows = [
        [f"{begin + timedelta(hours=hour):%Y-%m-%dT%H:%M}", "12.000" if hour < 336 else "22.000"]
        for hour in range(340)
    ]
    days = (8, 13, 18)
    season = [f"{year - 1}-11-15T00:00", f"{year}-03-16T00:00"]
    return {
        "season": SEASONS.get(policy, season), "season_fee": "2420.00", "interval_min": 60,
        "rooms": {"shop": rows}, "requests": [f"{year}-01-08T01:00"], "outages": [],
        "acts": [[f"{year}-01-{day:02}T10:00", "shop", "12.000"] for day in days],
        "area": "50.00", "room_area": {"shop": "20.00"}, "contract": contract,
        "zone": "Asia/Shanghai",
    }  # fmt: skip


def settled(policy: str, contract: dict[str, Any]) -> Result:
    return settle_facts(cold(policy, contract), load(policy))


@pytest.mark.parametrize("policy", POLICIES)
def test_it_is_never_paid_as_a_dwelling(policy: str) -> None:
    home = settled(policy, {"basic_fee": "0.00"})
    shop = settled(policy, {"use": "non_residential", "basic_fee": "0.00"})
    assert not [each for each in shop.lines if each.kind in OF_THE_COLD]
    judged = bool(home.lines) or home.undetermined or policy == NEW_YORK
    assert shop.undetermined == judged
    if judged:
        assert shop.reason.code == "terms_missing"
        assert [each["step"] for each in shop.steps].count("use") == 1


@pytest.mark.parametrize("policy", POLICIES)
def test_its_contract_decides_only_where_the_policy_says_so(policy: str) -> None:
    law = load(policy).policy
    # a part that is not for heat says in Henan that heat is metered, whose price is then not on record
    net = {"basic_fee": "0.00"} if law.standard.non_residential is None else {}
    shop = settled(policy, {"use": "non_residential", **net, **WHOLE})
    if law.standard.non_residential is not None:
        assert (shop.reason.code, str(shop.lines[0].share)) == ("paid", "1/2")
    else:
        assert not [each for each in shop.lines if each.kind in OF_THE_COLD]
        assert shop.reason.code == "not_of_dwellings" or not shop.undetermined


def test_what_is_open_is_at_most_the_fee_that_outages_have_left() -> None:
    home = cold("CN-HA-2018", {"use": "non_residential"})
    home["outages"] = [["2025-02-01T00:00", "2025-02-02T12:00"]]
    shop = settle_facts(home, load("CN-HA-2018"))
    assert tuple(map(str, (shop.total, shop.lower, shop.upper))) == ("30.00", "30.00", "2420.00")
    asked_nothing = settle_facts(home | {"requests": []}, load("CN-HA-2018"))
    assert (str(asked_nothing.total), asked_nothing.undetermined) == ("30.00", False)


def test_a_table_that_compares_with_the_standard_says_so() -> None:
    said = {name for name in law_tables() if calculator(name).Table.of_dwellings}
    kinds = {name for name in law_tables() if set(calculator(name).kinds) & {*OF_THE_COLD}}
    assert said == kinds - {"day_band"} | {"non_compliance"}


def law_tables() -> set[str]:
    return {name for each in shipped() for name in each.policy.tables}
