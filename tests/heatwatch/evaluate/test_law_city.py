"""Households put together keep their facts."""

from analytics.facts.facts_file import from_facts
from analytics.law.policy import load
from analytics.settlement.settle import settle_facts
from heatwatch.evaluate.law_city import comparable, settled_together, together
from simulators.law.twins import world_of
from tests.analytics.facts import facts, rows

LINYI, WEIFANG = "CN-SD-LINYI-2017", "CN-SD-WEIFANG-2021"


def test_a_city_has_every_household_with_its_own_facts() -> None:
    homes = [from_facts(world_of(LINYI, seed), LINYI) for seed in range(6)]
    snapshot, columns = together(homes, [f"home-{i}" for i in range(6)])
    assert snapshot.code == tuple(f"home-{i}" for i in range(6))
    assert snapshot.fee == tuple(home.snapshot.fee[0] for home in homes)
    sizes = [home.columns.at_us.size for home in homes]
    assert columns.at_us.size == sum(sizes)
    assert snapshot.requests.count().tolist() == [
        home.snapshot.requests.count()[0] for home in homes
    ]
    last = columns.of(int(columns.series[-1]))[0]
    own = homes[-1].columns
    assert last.tolist() == own.of(int(own.series[-1]))[0].tolist()


def test_households_with_other_cold_days_outdoors_are_settled_by_their_own() -> None:
    """The days of one home excused the cold of all."""
    room = rows(
        ("2025-01-10T00:00", "2025-01-14T12:00", "17.000"),
        ("2025-01-14T12:00", "2025-01-16T00:00", "20.000"),
    )
    asked = facts(WEIFANG, {"bedroom": room}, requests=["2025-01-10T09:00"])
    excused: tuple[list[str], ...] = (
        ["2025-01-12"],
        [],
        ["2025-01-13", "2025-01-12"],
        ["2025-01-12", "2025-01-13"],
    )
    homes = [
        asked | {"id": i, "outdoor_excused_days": days, "season_fee": f"{2420 + 121 * i}.00"}
        for i, days in enumerate(excused)
    ]
    found = settled_together(load(WEIFANG), homes)
    assert [str(each.total) for each in found] == ["40.00", "52.50", "33.00", "34.50"]
    alone = [settle_facts(each, load(WEIFANG)) for each in homes]
    assert [each.hashed() for each in found] == [each.hashed() for each in alone]
    assert [[*each.steps] for each in found] == [[*each.steps] for each in alone]


def test_the_order_of_lines_says_nothing_in_a_comparison() -> None:
    one = {"kind": "outage", "amount": "1.00"}
    other = {"kind": "temperature", "amount": "2.00"}
    answer = {"total": "3.00", "undetermined": False, "lines": [one, other]}
    assert comparable(answer) == comparable(answer | {"lines": [other, one]})
    assert comparable(answer) != comparable(answer | {"lines": [one, one]})
