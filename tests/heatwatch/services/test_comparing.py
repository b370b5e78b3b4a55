"""A season under two policies side by side."""

from decimal import Decimal
from pathlib import Path

import pytest

from analytics.law.policy import load
from domain.errors import WrongCall
from heatwatch.services.comparing import HouseholdSum, compare, differing
from heatwatch.services.settling import draft
from tests.actors import TESTER
from tests.analytics.books import SEASON
from tests.analytics.law.test_policy import at_20_degrees
from tests.heatwatch.towns import town


def at_22(folder: Path) -> str:
    """The town's law with 22 °C for its 18: most of its rooms are below."""
    file = folder / "at-22.toml"
    file.write_text(at_20_degrees().replace('"20"', '"22"'), encoding="utf-8")
    return str(file)


def test_each_side_is_to_the_cent_what_a_run_under_its_policy_comes_to(tmp_path: Path) -> None:
    _, world = town(tmp_path)
    other = at_22(tmp_path)
    found = compare(world, SEASON, "CN-HA-2018", other)
    for side, policy in ((found.a, "CN-HA-2018"), (found.b, other)):
        settled = draft(world, SEASON, TESTER, policy).settlement
        assert side.total == settled.total()
        assert side.undetermined == settled.undetermined()
        assert side.file.sha256 == load(policy).sha256
    runs = [draft(world, SEASON, TESTER, each).settlement for each in ("CN-HA-2018", other)]
    sums = [{each.code: each.total for each in run.results} for run in runs]
    differ = {code for code in sums[0] if sums[0][code] != sums[1][code]}
    assert differ
    assert differ <= {each.household for each in found.differing}
    for each in found.differing:
        assert (each.sum_a, each.sum_b) == tuple(one[each.household] for one in sums)
    assert sum(each.difference for each in found.differing) == found.b.total - found.a.total
    world.books.dispose()


def test_progress_runs_once_over_the_households_of_both(tmp_path: Path) -> None:
    _, world = town(tmp_path)
    seen: list[tuple[int, int]] = []
    found = compare(
        world, SEASON, "CN-HA-2018", "CN-HA-2018", lambda done, total: seen.append((done, total))
    )
    assert found.differing == ()
    assert seen == sorted(seen)
    assert seen[-1] == (2 * found.households, 2 * found.households)
    world.books.dispose()


def test_a_policy_that_can_not_settle_the_season_is_a_wrong_call(tmp_path: Path) -> None:
    _, world = town(tmp_path)
    with pytest.raises(WrongCall, match="is not known"):
        compare(world, SEASON, "CN-HA-2018", "NO-SUCH")
    with pytest.raises(WrongCall, match="one currency"):
        compare(world, SEASON, "CN-HA-2018", "RU-354")
    world.books.dispose()


def test_the_largest_difference_is_first_and_a_flag_alone_is_a_difference() -> None:
    def sums(*rows: tuple[str, str, bool]) -> list[HouseholdSum]:
        return [HouseholdSum(code, Decimal(total), open_) for code, total, open_ in rows]

    a = sums(
        ("H1", "5.00", False), ("H2", "9.00", False), ("H3", "1.00", True), ("H4", "2.00", False)
    )
    b = sums(
        ("H1", "6.00", False), ("H2", "0.00", False), ("H3", "1.00", False), ("H4", "2.00", False)
    )
    found = differing(a, b)
    assert [(each.household, each.difference) for each in found] == [
        ("H2", Decimal("-9.00")), ("H1", Decimal("1.00")), ("H3", Decimal("0.00")),
    ]  # fmt: skip
