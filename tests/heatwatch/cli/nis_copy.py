"""A copy of the Niš example to work in."""

import shutil
from pathlib import Path

import pytest

from heatwatch.cli.app import run

EXAMPLE = Path(__file__).resolve().parents[3] / "examples" / "nis-l4"


@pytest.fixture
def city(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the Niš example, its registry imported, as the current folder."""
    folder = tmp_path / "nis"
    shutil.copytree(EXAMPLE, folder, ignore=shutil.ignore_patterns("var", "reports"))
    monkeypatch.chdir(folder)
    assert run(["registry", "import", "registry", "registry-raw", "--json"]) == 0
    return folder
