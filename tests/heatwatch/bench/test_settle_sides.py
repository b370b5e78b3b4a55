"""Each side of the settlement bench pays for its own start only."""

import subprocess
import sys

OURS = ("sqlalchemy", "numba", "pyarrow", "analytics")


def test_a_side_does_not_import_what_the_other_needs() -> None:
    code = (
        f"import sys, heatwatch.bench.settle_sides; print([m for m in {OURS} if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
