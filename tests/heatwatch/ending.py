"""Ends a process of ours, whatever became of the test that started it."""

import signal
import subprocess
from typing import Any


def end(process: "subprocess.Popen[Any]", how: signal.Signals = signal.SIGINT) -> None:
    """In order; one that does not listen for a minute is killed, and the test fails."""
    process.send_signal(how)
    try:
        process.wait(60)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
        raise
