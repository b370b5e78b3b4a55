"""What CONTRIBUTING and the page on the architecture name by file is there, and holds what they say."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.servers.programs import ROOT
from tests.test_house import committed

PAGES = ("CONTRIBUTING.md", "docs/architecture.md")
FILE = re.compile(r"`([\w./-]+\.(?:py|toml|po|yaml|sql|css|js|html|svg))`")
FOLDER = re.compile(r"`([a-z_]+/[\w./-]*/)`")
HELD = re.compile(r"`(?:\w+\.)*(\w+)`(?: and `[\w.]+`)?\s+(?:of|in)\s+`([\w./]+\.py)`")
OF_A_CITY = "var/"  # made by the commands of a recipe
#: Stands for a name that whoever follows a recipe gives.
ANY = re.compile(r"NAME|LANGUAGE|NNNN|CODE|\bID\b")


def missing(text: str, files: list[str]) -> Iterator[str]:
    """Files and folders that are named in prose and are not there, and names that a file does not hold."""
    made = set(re.findall(r"file=(\S+)", text))
    prose = re.sub(r"```.*?```", "", text, flags=re.DOTALL)
    every = [*files, *made]
    folders = {f"{parent.as_posix()}/" for each in every for parent in Path(each).parents}
    for name in FILE.findall(prose):
        if not ANY.search(name) and not _found(name, every):
            yield name
    for name in FOLDER.findall(prose):
        if not ANY.search(name) and name not in folders and not name.startswith(OF_A_CITY):
            yield name
    for held, name in HELD.findall(prose):
        texts = [(ROOT / each).read_text(encoding="utf-8") for each in _found(name, files)]
        if texts and not any(re.search(rf"\b{held}\b", each) for each in texts):
            yield f"{held} of {name}"


def _found(name: str, files: list[str]) -> list[str]:
    return [each for each in files if each == name or each.endswith(f"/{name}")]


@pytest.mark.parametrize("page", PAGES)
def test_every_place_that_a_page_names_is_there(page: str) -> None:
    assert sorted(missing((ROOT / page).read_text(encoding="utf-8"), committed())) == []


def test_a_place_that_is_not_there_is_seen() -> None:
    text = "`alerts/none.py`, `alerts/none/`, `gone` of `app.py`, `NAME.py`, `alerts/`, `app.py`"
    files = ["heatwatch/cli/app.py", "alerts/__init__.py"]
    assert [*missing(text, files)] == ["alerts/none.py", "alerts/none/", "gone of app.py"]
