"""Every command that a page shows prints what the page says."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from scripts.documents import WIDTH, Folder, differences, page_calls
from scripts.warm import LIBRARIES, Warm
from tests.servers.programs import ROOT, absent, shared_path

PAGES = sorted(
    page
    for page in [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
    if page_calls(page.read_text("utf-8")) and page.name != "CONTRIBUTING.md"
)


@pytest.fixture(scope="module")
def warm() -> Iterator[Warm]:
    environment = {**os.environ, "COLUMNS": WIDTH, "LC_ALL": "C.UTF-8"}
    warm = Warm(("heatwatch", "dask"), LIBRARIES, environment)
    yield warm
    warm.close()


@pytest.mark.parametrize("page", PAGES, ids=[page.stem for page in PAGES])
def test_a_page_shows_what_its_commands_print(page: Path, tmp_path: Path, warm: Warm) -> None:
    text = page.read_text("utf-8")
    shared = shared_path()
    if "SHARED" in text and not (shared / "data").is_dir():
        absent("the shared data", "set HEATWATCH_SHARED to the folder with data/ and bin/")
    assert "\n\n".join(differences(text, Folder(tmp_path, shared, warm.programs))) == ""
