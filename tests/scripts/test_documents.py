"""How the commands of a page are read, and held against what they print."""

from pathlib import Path

import pytest

from scripts.documents import Call, Done, Folder, agrees, calls, differences


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


def test_a_page_is_one_story_in_one_folder(tmp_path: Path) -> None:
    page = "```console\n$ echo a > kept\n```\nwords\n```console\n$ cat kept\na\n```\n"
    assert not list(differences(page, Folder(tmp_path, None)))
