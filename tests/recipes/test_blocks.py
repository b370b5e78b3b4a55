"""What a recipe has the reader write passes the checks that it has him run."""

import subprocess
import sys
from pathlib import Path

from tests.recipes.house import PAGE, Block, sections
from tests.servers.programs import ROOT

FILES = [
    block
    for blocks in sections((ROOT / PAGE).read_text("utf-8")).values()
    for block in blocks
    if block.options.get("file", "").endswith(".py")
]


def faults(blocks: list[Block], folder: Path, *check: str) -> str:
    """What `ruff` says of these files, each at its place; "" where they are right."""
    for block in blocks:
        path = folder / block.options["file"]
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(block.text, "utf-8")
    (folder / "pyproject.toml").write_text((ROOT / "pyproject.toml").read_text("utf-8"), "utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "ruff", *check, "."],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout + done.stderr if done.returncode else ""


def test_the_files_of_all_recipes_pass_ruff_check(tmp_path: Path) -> None:
    assert FILES
    assert faults(FILES, tmp_path, "check", "--no-cache") == ""


def test_the_files_of_all_recipes_are_formatted(tmp_path: Path) -> None:
    assert faults(FILES, tmp_path, "format", "--check", "--diff", "--no-cache") == ""


def test_a_file_that_is_not_right_is_found(tmp_path: Path) -> None:
    wrong = Block("A word", 1, "python", {"file": "domain/word.py"}, "def a(b):\n  return  1\n")
    assert "ARG001" in faults([wrong], tmp_path, "check", "--no-cache")
    assert "return 1" in faults([wrong], tmp_path, "format", "--check", "--diff", "--no-cache")
