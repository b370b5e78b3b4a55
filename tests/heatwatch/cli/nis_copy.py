"""A copy of the Niš example to work in."""

import shutil
from functools import cache
from pathlib import Path

import pytest

from heatwatch.cli.app import run

EXAMPLE = Path(__file__).resolve().parents[3] / "examples" / "nis-l4"


@cache
def imported(temporary: Path) -> Path:
    """The Niš example with its registry imported, to be copied."""
    folder = temporary / "imported-nis"
    shutil.copytree(EXAMPLE, folder, ignore=shutil.ignore_patterns("var", "reports"))
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        assert run(["registry", "import", "registry", "registry-raw", "--json"]) == 0
    return folder


@pytest.fixture
def city(
    tmp_path: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> Path:
    """A copy of the Niš example, its registry imported, as the current folder."""
    folder = tmp_path / "nis"
    shutil.copytree(imported(tmp_path_factory.getbasetemp()), folder)
    monkeypatch.chdir(folder)
    return folder
