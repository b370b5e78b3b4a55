"""Every command that a page shows prints what the page says."""

from pathlib import Path

import pytest

from scripts.documents import Call, Done, Folder, agrees, calls, differences, page_calls
from tests.servers.programs import ROOT, absent, shared_path

PAGES = sorted(
    page
    for page in [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
    if page_calls(page.read_text("utf-8")) and page.name != "CONTRIBUTING.md"
)


@pytest.mark.parametrize("page", PAGES, ids=[page.stem for page in PAGES])
def test_a_page_shows_what_its_commands_print(page: Path, tmp_path: Path) -> None:
    text = page.read_text("utf-8")
    shared = shared_path()
    if "SHARED" in text and not (shared / "data").is_dir():
        absent("the shared data", "set HEATWATCH_SHARED to the folder with data/ and bin/")
    assert "\n\n".join(differences(text, Folder(tmp_path, shared))) == ""


def test_a_block_is_read_as_commands_with_their_output_and_exit() -> None:
    block = "$ one \\\n  more\nout\n$ two\nbad\n[exit 3]\n"
    assert list(calls(block, False)) == [
        Call("one \\\n  more", ("out",), 0, False),
        Call("two", ("bad",), 3, False),
    ]


@pytest.mark.parametrize(
    ("shown", "printed", "varies", "same"),
    [
        (["a", "b"], ["a", "b"], False, True),
        (["a", "..."], ["a", "b", "c"], False, True),
        (["...", "c"], ["a", "b", "c"], False, True),
        (["a"], ["a", "b"], False, False),
        (["12 of 13 rows"], ["14 of 15 rows"], False, False),
        (["12 of 13 rows"], ["14 of 15 rows"], True, True),
        (["12 of 13 rows"], ["14 of 15 lines"], True, False),
    ],
)
def test_output_agrees_by_line(
    shown: list[str], printed: list[str], varies: bool, same: bool
) -> None:
    assert agrees(Call("x", tuple(shown), 0, varies), Done(tuple(printed), 0)) is same


def test_another_exit_code_is_a_difference(tmp_path: Path) -> None:
    folder = Folder(tmp_path, None)
    assert list(differences("```console\n$ exit 3\n```\n", folder))
    assert not list(differences("```console\n$ exit 3\n[exit 3]\n```\n", folder))
