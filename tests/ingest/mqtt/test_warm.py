"""What set-up compiles is all that a worker needs between the broker and its journal."""

import json
import subprocess
import sys

import pytest

RUN = """
import json
from pathlib import Path
from ingest import kernels
from ingest.mqtt import warm
warm.main()
found = {}
for path in sorted(Path(kernels.__file__).parent.glob("*.py")):
    module = __import__(f"ingest.kernels.{path.stem}", fromlist=["x"])
    for name, each in vars(module).items():
        if hasattr(each, "stats") and each.__module__ == module.__name__:
            found[f"{path.stem}.{name}"] = [len(each.signatures), sum(each.stats.cache_misses.values())]
print(json.dumps(found))
"""


def run() -> dict[str, list[int]]:
    """Loop -> (signatures of it in this process, how many of them were not found compiled)."""
    done = subprocess.run([sys.executable, "-c", RUN], capture_output=True, text=True, check=True)
    found: dict[str, list[int]] = json.loads(done.stdout)
    return found


@pytest.mark.compiled
def test_a_second_start_compiles_nothing() -> None:
    run()
    again = run()
    assert again["messages.read_messages"] == [1, 0]
    assert [name for name, (_, missed) in again.items() if missed] == []
