"""A side of a benchmark in a process of its own, so that its time and its memory are its own."""

import json
import resource
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from domain.errors import WrongCall
from domain.language import msg


def answer(found: dict[str, Any]) -> None:
    """In the process: what was found, with its CPU time and peak memory, as JSON on stdout.

    Where what was found has them they are of the program that it is about, a child of this process.
    """
    used = resource.getrusage(resource.RUSAGE_SELF)
    own = {"cpu_seconds": used.ru_utime + used.ru_stime, "peak_mb": peak_mb()}
    sys.stdout.write(json.dumps(own | found))


def peak_mb() -> float:
    """Peak resident memory of this process. [MB]

    From `/proc` where there is one: `ru_maxrss` is inherited from the parent across exec.
    """
    status = Path("/proc/self/status")
    if status.is_file():
        for line in status.read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def run(name: str, module: str, *arguments: str) -> dict[str, Any]:
    """The answer of a module run in a fresh process; its wall time includes the start of Python."""
    start = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-m", module, *arguments], capture_output=True, text=True, check=False
    )
    if done.returncode:
        why = done.stderr.strip().splitlines()[-1]
        raise WrongCall(msg("{name} failed: {why}", name=name, why=why))
    found: dict[str, Any] = json.loads(done.stdout)
    return found | {"wall_seconds": time.perf_counter() - start}
