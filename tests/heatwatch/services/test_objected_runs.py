"""An objection is to a run of the household, and a later run of the season corrects it."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from domain.tree import Tree
from heatwatch.services.objected_runs import objection_fault
from heatwatch.wiring import World
from store.registry.checks import ObjectionRow
from tests.heatwatch.moved_contract import moved
from tests.heatwatch.services.test_objections import settled

__all__ = ["settled"]  # fixtures


SUMMER, LONG_AGO = (datetime(*day, tzinfo=UTC) for day in ((2025, 7, 1), (1901, 1, 1)))
ROW = ObjectionRow("H1", datetime.now(UTC), 1, None, None, None)


@pytest.mark.parametrize(
    ("row", "column", "said"),
    [
        (ROW, "", ""),
        (ROW._replace(correction=2), "", ""),
        (ROW._replace(since=LONG_AGO, until=SUMMER), "", ""),
        (ROW._replace(at=ROW.at - timedelta(days=2)), "at", "; allowed: from that day on"),
        (ROW._replace(run=99), "run", "run 99 is not in the books; allowed: 3, 2, 1"),
        (ROW._replace(household="H1-bed"), "run", "run 1 has no result of household H1-bed"),
        (ROW._replace(run=2, correction=3), "correction", "'3' is not known; allowed: none yet"),
        (ROW._replace(correction=3), "correction", "'3' is not known; allowed: 2"),
        (ROW._replace(correction=7), "correction", "'7' is not known; allowed: 2"),
        (ROW._replace(at=LONG_AGO), "at", "lies outside season 2024-25 of the run, 2024-11-1"),
        (ROW._replace(since=SUMMER), "since", "lies outside season 2024-25 of the run"),
        (ROW._replace(until=LONG_AGO), "until", "lies outside season 2024-25 of the run"),
    ],
)
def test_what_can_be_objected_to(
    settled: tuple[World, Tree], row: ObjectionRow, column: str, said: str
) -> None:
    found = objection_fault(settled[0], row) or ("", "")
    assert found[0] == column
    assert said in str(found[1])


def test_a_household_whose_contract_left_the_season_may_object_to_that(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    world, _ = moved(tmp_path, capsys)
    row = ROW._replace(household="H2", at=datetime.now(UTC))
    assert objection_fault(world, row._replace(run=2)) is None
    found = objection_fault(world, row._replace(household="H9", run=2))
    assert found is not None
    assert str(found[1]) == "run 2 has no result of household H9"
    world.books.dispose()
