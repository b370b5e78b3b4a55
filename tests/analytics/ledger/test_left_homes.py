"""Which households a run no longer has that the approved run before has."""

from pathlib import Path

import pytest

from analytics.ledger.left_homes import has_left, left_homes, left_since, nothing
from tests.heatwatch.moved_contract import OF_SEASON, moved


def test_a_correction_without_a_contract_names_its_household_and_no_other_run_does(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    world, says = moved(tmp_path, capsys)
    says("settle", "draft", *OF_SEASON, "--policy", "CN-HA-LY-2018")  # a what-if
    says("settle", "approve", *OF_SEASON, "--run", "2")
    says("settle", "draft", *OF_SEASON)
    assert [left_homes(world.books, run) for run in (1, 2, 3, 4)] == [[], ["H2"], [], []]
    assert [has_left(world.books, run, "H2") for run in (1, 2, 3, 4)] == [False, True, False, False]
    assert [left_since(world.books, run, "H2") for run in (1, 2, 4)] == [2, None, None]
    assert left_since(world.books, 1, "H1") is None
    assert not has_left(world.books, 2, "H1")
    assert not has_left(world.books, 2, "H9")
    world.books.dispose()


def test_nothing_is_owed_to_it() -> None:
    own = nothing("H2")
    assert (own.household, str(own.total), own.reason, own.lines) == (
        "H2",
        "0.00",
        "no_contract",
        (),
    )
