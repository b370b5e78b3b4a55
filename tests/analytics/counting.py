"""Counts how often a household's steps are made."""

from typing import Any

import pytest

from analytics.settlement.explain import Case, Explainer


def rows_of_steps_made(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Rows of the households whose steps are made from now on, one for each time."""
    made: list[int] = []
    steps = Explainer.steps

    def counted(self: Explainer, case: Case, *, to_write: bool = False) -> list[Any]:
        made.append(case.row)
        return steps(self, case, to_write=to_write)

    monkeypatch.setattr(Explainer, "steps", counted)
    return made
