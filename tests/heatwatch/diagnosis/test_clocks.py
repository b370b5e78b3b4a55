"""A clock that nobody sets, and one of a server that goes wrong."""

import shutil
import subprocess
from datetime import timedelta
from pathlib import Path

import pytest

from heatwatch.diagnosis import clocks
from tests.heatwatch.diagnosis.towns import lines, states, world_in


def test_the_kernel_answers_as_its_own_tool_does() -> None:
    assert clocks.kernel_state() in range(6)
    if tool := shutil.which("adjtimex"):
        said = subprocess.run([tool, "--print"], capture_output=True, text=True, check=True).stdout
        assert f"return value = {clocks.kernel_state()}" in said


@pytest.mark.parametrize(("state", "told"), [(0, "well"), (clocks.TIME_ERROR, "warning")])
def test_a_clock_that_no_service_sets_is_a_warning(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, state: int, told: str
) -> None:
    monkeypatch.setattr(clocks, "kernel_state", lambda: state)
    assert states(clocks.check, world_in(tmp_path)) == {"clock of this machine": told}


def test_the_clock_of_postgresql_is_held_against_ours(
    tmp_path: Path, postgres: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = world_in(tmp_path, {'books = "books.sqlite"': f'books = "{postgres}"'})
    assert states(clocks.check, world)["clock of PostgreSQL"] == "well"
    monkeypatch.setattr(clocks, "APART", timedelta(seconds=-1))
    assert any("clock of PostgreSQL: warning: " in line for line in lines(clocks.check(world)))
