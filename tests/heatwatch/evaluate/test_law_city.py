"""Households put together keep their facts."""

from analytics.facts.facts_file import from_facts
from heatwatch.evaluate.law_city import comparable, together
from simulators.law.twins import world_of

LINYI = "CN-SD-LINYI-2017"


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


def test_the_order_of_lines_says_nothing_in_a_comparison() -> None:
    one = {"kind": "outage", "amount": "1.00"}
    other = {"kind": "temperature", "amount": "2.00"}
    answer = {"total": "3.00", "undetermined": False, "lines": [one, other]}
    assert comparable(answer) == comparable(answer | {"lines": [other, one]})
    assert comparable(answer) != comparable(answer | {"lines": [one, one]})
