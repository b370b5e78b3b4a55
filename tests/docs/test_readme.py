"""The README's promises: each has its check beside it, and what it calls and links to is there."""

import re
import subprocess
from collections.abc import Iterator

import pytest

from tests.docs.test_pages import PAGES
from tests.servers.programs import ROOT

README = (ROOT / "README.md").read_text("utf-8")


def promises(page: str) -> Iterator[tuple[str, list[str]]]:
    """(promise, test files beside it) of each row."""
    table = page.partition("## What it promises")[2].partition("\n## ")[0]
    for row in table.splitlines():
        if row.startswith("| ") and not row.startswith("| promise |"):
            promise, check = row.strip("| ").split(" | ")
            yield promise, re.findall(r"`(tests/[\w/]+\.py)`", check.partition(":")[0])


PROMISES = dict(promises(README))


def without_check(promise: str, files: list[str]) -> list[str]:
    """What is wrong with a row: no file beside the promise, or one without a test."""
    there = [file for file in files if (ROOT / file).is_file()]
    wrong = [f"{promise}: {file} is not there" for file in files if file not in there]
    empty = [
        f
        for f in there
        if not re.search(r"^def test_", (ROOT / f).read_text("utf-8"), re.MULTILINE)
    ]
    wrong += [f"{promise}: {file} has no test" for file in empty]
    return wrong or ([] if files else [f"{promise}: no test file of its own is named first"])


def test_there_are_promises() -> None:
    assert len(PROMISES) >= 12


@pytest.mark.parametrize("promise", PROMISES)
def test_each_promise_has_its_own_test_beside_it(promise: str) -> None:
    assert without_check(promise, PROMISES[promise]) == []


def test_no_file_is_the_only_check_of_two_promises() -> None:
    only = [files[0] for files in PROMISES.values() if len(files) == 1]
    assert sorted(set(only)) == sorted(only)


def test_a_row_without_its_check_is_named() -> None:
    page = "## What it promises\n| promise | checked by |\n|---|---|\n| P | worked cases |\n| Q | `tests/no/such.py` |\n"
    found = [
        wrong for row in promises(page.replace("|---|---|\n", "")) for wrong in without_check(*row)
    ]
    assert found == [
        "P: no test file of its own is named first",
        "Q: tests/no/such.py is not there",
    ]


def test_the_two_commands_are_targets_of_the_makefile() -> None:
    commands = re.findall(r"^make (\w+)", README, re.MULTILINE)
    assert commands == ["run", "test"]
    for name in commands:
        subprocess.run(["make", "-n", name], cwd=ROOT, check=True, capture_output=True)


def test_every_link_leads_to_a_file() -> None:
    links = re.findall(r"\]\((?!https?:)([^)#]+)", README)
    assert links
    assert [link for link in links if not (ROOT / link).exists()] == []


def test_the_pages_that_are_said_to_be_run_are_run() -> None:
    run = {page.stem for page in PAGES}
    assert {"tutorial", "commands", "configuration", "operations", "your-own-city"} <= run
