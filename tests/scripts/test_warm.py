"""Programs that a process with warm libraries runs are what a fresh interpreter's are."""

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from scripts.warm import Warm

#: Said by what runs: what it sees of its start.
SEEN = (
    "import os, sys; print(__name__, sys.argv, sys.path[:2], os.getcwd(), os.environ['WORD'],"
    " sys.stdin.read(), sys.stdout.encoding, sys.stderr.line_buffering)"
)


@pytest.fixture(scope="module")
def warm() -> Iterator[Warm]:
    warm = Warm(("pytest",), ("numba", "hypothesis", "pytest"), os.environ)
    yield warm
    warm.close()


def shell(command: str, folder: Path, *before: Path, word: str = "a") -> tuple[int, str]:
    """How a command ends and all that it says; `before` stands first on the PATH."""
    path = [*map(str, before), str(Path(sys.executable).parent), os.environ["PATH"]]
    done = subprocess.run(
        ["bash", "-c", command],
        cwd=folder,
        env={
            **os.environ,
            "PATH": os.pathsep.join(path),
            "PYTHONPATH": str(folder),
            "WORD": word,
        },
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout


@pytest.mark.parametrize(
    "command",
    [
        f'echo in | python -c "{SEEN}" one "two three"',
        "echo in | python seen.py -x",
        "python -m seen more",
        "mkdir -p below && cd below && python ../seen.py && python -c 'import seen'",
        "python -c 'print(1); raise SystemExit(7)'",
        "python -c 'import sys; sys.exit(\"why\")'",
        "python -c 'import os; print(1, flush=True); os.kill(os.getpid(), 9)' 2>&1; echo $?",
        "python -c 'print(2)' > to && echo x > to && python -c 'print(3)' >> to && cat to",
        'python -c \'import atexit; atexit.register(print, "end"); print("begin")\'',
        "python -c 'import threading as t; t.Timer(0.2, print, [\"late\"]).start(); print(1)'",
        "python -c 'import time; time.sleep(60)' & sleep 1; kill $!; wait $!; echo $?",
        "python --version",
        "pytest -q --co none.py 2> /dev/null; pytest -q test_it.py | head -1",
        "python -c 'import numpy, sys; sys.stderr.write(str(numpy.arange(3).sum()))'",
    ],
)
def test_it_says_and_ends_as_in_a_fresh_interpreter(
    command: str, warm: Warm, tmp_path: Path
) -> None:
    (tmp_path / "seen.py").write_text(SEEN)
    (tmp_path / "test_it.py").write_text("def test_it() -> None:\n    assert __file__\n")
    fresh = shell(command, tmp_path)
    assert _plain(shell(command, tmp_path, warm.programs)) == _plain(fresh)


def _plain(said: tuple[int, str]) -> tuple[int, str]:
    """Without what bash says of a killed one, and how long pytest took."""
    return said[0], re.sub(r".*Killed.*|in \d.*s", "", said[1])


def test_it_runs_in_the_process_that_has_the_libraries(warm: Warm, tmp_path: Path) -> None:
    loaded = "python -c 'import sys; print(\"numba\" in sys.modules)'"
    assert shell(loaded, tmp_path) == (0, "False\n")
    assert shell(loaded, tmp_path, warm.programs) == (0, "True\n")


def test_nothing_is_left_from_call_to_call(warm: Warm, tmp_path: Path) -> None:
    first = 'python -c \'import sys, os; sys.kept = 1; os.environ["KEPT"] = "1"; import own\''
    (tmp_path / "own.py").write_text("")
    assert shell(first, tmp_path, warm.programs)[0] == 0
    after = (
        "import sys, os; print(hasattr(sys, 'kept'), 'KEPT' in os.environ, 'own' in sys.modules)"
    )
    assert shell(f'python -c "{after}"', tmp_path, warm.programs)[1] == "False False False\n"


def test_calls_run_beside_each_other_and_end_with_their_caller(warm: Warm, tmp_path: Path) -> None:
    both = "for i in 1 2; do python -c 'import time; time.sleep(1)' & done; time wait"
    began = time.monotonic()
    assert shell(both, tmp_path, warm.programs)[0] == 0
    assert time.monotonic() - began < 30
    late = "import pathlib, time; time.sleep(2); pathlib.Path('late').touch()"
    killed = f'python -c "{late}" & sleep 0.5; kill -9 $!; wait $!; sleep 3; ls'
    assert "late" not in shell(killed, tmp_path, warm.programs)[1].split("\n")


def test_no_process_is_left_when_it_is_closed(tmp_path: Path) -> None:
    warm = Warm((), (), os.environ)
    asked = shell("python -c 'import os; print(os.getppid())'", tmp_path, warm.programs)[1]
    warm.close()
    assert not Path("/proc", asked.strip()).exists()
    assert not warm.programs.exists()
