"""An objection is to a run of the household, and a later run of the season corrects it."""

import pytest

from domain.tree import Tree
from heatwatch.services.objected_runs import objection_fault
from heatwatch.wiring import World
from tests.heatwatch.services.test_objections import settled

__all__ = ["settled"]  # fixtures


@pytest.mark.parametrize(
    ("household", "run", "correction", "said"),
    [
        ("H1", 1, None, ""),
        ("H1", 1, 2, ""),
        ("H1", 99, None, "run 99 is not in the books; allowed: 2, 1"),
        ("H1-bed", 1, None, "run 1 has no result of household H1-bed"),
        ("H1", 2, 3, "correction of the run '3' is not known; allowed: none yet"),
        ("H1", 1, 7, "correction of the run '7' is not known; allowed: 2"),
    ],
)
def test_what_can_be_objected_to(
    settled: tuple[World, Tree], household: str, run: int, correction: int | None, said: str
) -> None:
    why = objection_fault(settled[0], household, run, correction)
    assert ("" if why is None else str(why)) == said
