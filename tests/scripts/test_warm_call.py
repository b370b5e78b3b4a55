"""What hands a call over; what the call then does stands in `test_warm.py`."""

import subprocess
import sys
from pathlib import Path

from scripts.warm import CALL


def test_without_the_process_it_fails_and_says_so(tmp_path: Path) -> None:
    call = [sys.executable, "-IS", str(CALL), str(tmp_path / "none"), sys.executable, "-c", "1"]
    done = subprocess.run(call, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "No such file" in done.stderr


def test_an_option_of_the_interpreter_needs_a_fresh_one(tmp_path: Path) -> None:
    call = [sys.executable, "-IS", str(CALL), str(tmp_path / "none"), sys.executable, "-X", "dev"]
    done = subprocess.run([*call, "-c", "print(1)"], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "1\n")
