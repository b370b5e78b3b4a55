"""Compiled loops are made anew when any file of their folder has changed, and not otherwise."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from ingest import kernels

HERE = Path(kernels.__file__).parent
RUN = """
import numpy as np
from ingest.kernels import tape
data = np.frombuffer(b"[1]", dtype=np.uint8)
rows, stack = np.empty((9, 8), dtype=np.int64), np.empty(32, dtype=np.int64)
tape.read_tape(data, 0, 3, rows, stack)
print(int(rows[1, 6]), sum(tape.read_tape.stats.cache_hits.values()))
"""


def run(folder: Path) -> list[int]:
    """(the number that was read, how often compiled code was found)."""
    done = subprocess.run(
        [sys.executable, "-c", RUN], cwd=folder, env={"PYTHONPATH": str(folder)},
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    return [int(each) for each in done.stdout.split()]


@pytest.mark.compiled
def test_a_change_in_a_file_that_others_call_is_seen(tmp_path: Path) -> None:
    copy = tmp_path / "ingest" / "kernels"
    shutil.copytree(HERE, copy, ignore=shutil.ignore_patterns("__pycache__"))
    (copy.parent / "__init__.py").touch()
    assert [run(tmp_path), run(tmp_path)] == [[1, 0], [1, 1]]
    text = copy / "text.py"
    changed = text.read_text().replace("mantissa * 10 + (", "mantissa * 10 + 1 + (")
    assert changed != text.read_text()
    text.write_text(changed)
    assert run(tmp_path) == [2, 0]
