"""A season that is moved leaves contracts of one home in seasons apart."""

from tests.store.city import city_without_runs
from tests.store.registry.imports import Import, load, said

__all__ = ["load"]  # fixtures


def test_a_season_is_not_moved_into_another_one_of_a_home_with_contracts_in_both(
    load: Import,
) -> None:
    rows = city_without_runs()
    spring = [
        "2026-s",
        "demo",
        "CN-HA-2018",
        "2026-03-16T00:00:00+08:00",
        "2026-04-16T00:00:00+08:00",
        "Asia/Shanghai",
        "",
    ]
    rows["seasons"].append(spring)
    rows["contracts"].append(["H1", "2026-s", "", "100", "CNY", ""])
    assert load(rows).clean
    earlier = [*spring[:3], "2026-03-15T00:00:00+08:00", *spring[4:]]
    report = load({"seasons": [earlier]})
    assert [(row, column) for _, row, column, _ in said(report)] == [(2, "until")]
    assert "overlaps with season 2025 then, and household H1 has a contract in both" in str(
        report.refused[0].why
    )
    later = [*spring[:3], "2026-03-20T00:00:00+08:00", *spring[4:]]
    assert load({"seasons": [later]}).clean
    alone = [["2026-x", *earlier[1:]]]
    assert load({"seasons": alone}).clean, "nobody has a contract in it"
