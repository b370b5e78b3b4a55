"""The notebooks of the gallery run from top to bottom, unchanged, and what they assert holds."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.servers.programs import ROOT

NOTEBOOKS = sorted((ROOT / "examples" / "gallery").glob("*.ipynb"))


def code(notebook: Path) -> str:
    """Its code cells, one after the other."""
    cells = json.loads(notebook.read_text("utf-8"))["cells"]
    return "\n\n".join("".join(c["source"]) for c in cells if c["cell_type"] == "code")


def test_the_gallery_has_five_notebooks_without_output() -> None:
    assert len(NOTEBOOKS) == 5
    for notebook in NOTEBOOKS:
        found = json.loads(notebook.read_text("utf-8"))
        assert found["nbformat"] == 4
        assert all(not cell.get("outputs") for cell in found["cells"]), notebook.name


@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=[n.stem for n in NOTEBOOKS])
def test_a_notebook_runs(notebook: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code(notebook)],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
