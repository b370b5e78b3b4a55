"""Where an answer goes: a pipe that closes early, a closed stream, a locale without our letters."""

import json
import subprocess
import sys
from pathlib import Path

import pytest


def shell(words: str, tmp_path: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    command = f"{sys.executable} -m heatwatch {words}"
    return subprocess.run(
        ["bash", "-c", f"set -o pipefail; {command}"],
        capture_output=True,
        text=True,
        encoding="utf-8",
        env={"PATH": "/usr/bin:/bin", "HOME": str(tmp_path), "TMPDIR": str(tmp_path)} | environment,
        check=False,
    )


@pytest.mark.parametrize("words", ["policy show CN-HA-2018", "policy list --json", "--help"])
def test_a_reader_that_leaves_early_is_no_failure(words: str, tmp_path: Path) -> None:
    done = shell(f"{words} | true", tmp_path)
    assert (done.returncode, done.stderr) == (0, "")


def test_an_answer_that_is_no_stays_no_when_nobody_reads_it(tmp_path: Path) -> None:
    assert shell("policy check nothere.toml --json | true", tmp_path).returncode == 5


@pytest.mark.parametrize(
    ("words", "code"), [("policy list >&-", 0), ("policy show X 2>&-", 2), ("policy show X >&-", 2)]
)
def test_a_closed_stream_changes_no_exit_code(words: str, code: int, tmp_path: Path) -> None:
    assert shell(words, tmp_path).returncode == code


def test_a_locale_without_our_letters_gets_escapes_and_no_failure(tmp_path: Path) -> None:
    ascii_only = {"PYTHONIOENCODING": "ascii"}
    table = shell("policy show CN-HA-2018 --lang zh", tmp_path, **ascii_only)
    assert (table.returncode, table.stderr) == (0, "")
    assert "\\u" in table.stdout
    exact = shell("policy show CN-HA-2018 --json", tmp_path)
    escaped = shell("policy show CN-HA-2018 --json", tmp_path, **ascii_only)
    assert escaped.stdout.isascii()
    assert json.loads(escaped.stdout) == json.loads(exact.stdout)
