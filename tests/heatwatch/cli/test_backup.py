"""`heatwatch backup` and `restore`: killed before each thing they write, they leave a whole one or none."""

import json
from pathlib import Path

import pytest

from heatwatch.cli.app import run
from heatwatch.services.backup_manifest import finished
from tests.heatwatch.cli.killed import KILLED, program
from tests.heatwatch.towns import close, town

MOST = 400  # moments of one command


def test_a_backup_or_restore_killed_at_any_moment_leaves_a_whole_one_or_none(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path, world = town(tmp_path / "city")
    close(world)
    backups, new = tmp_path / "b", tmp_path / "new"
    with program() as commands:
        for moment in range(1, MOST, 11):
            code = commands.run(["backup", str(backups), "-c", str(path)], moment)
            for each in finished(backups):
                assert run(["backup", "--verify", str(each)]) == 0
            if code != KILLED:
                break
        assert code == 0
        backup = finished(backups)[-1]
        for moment in range(1, MOST, 11):
            code = commands.run(["restore", str(backup), str(new)], moment)
            if code != KILLED:
                break
            assert not new.exists() or run(["settle", "verify", "-c", str(new / path.name)]) == 0
        assert code == 0
    assert [each.name for each in tmp_path.glob(".new*")] == []
    assert run(["settle", "verify", "--all", "-c", str(new / path.name)]) == 0


def test_verify_says_which_file_of_which_backup_is_damaged(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path, world = town(tmp_path / "city")
    close(world)
    assert run(["backup", str(tmp_path / "b"), "-c", str(path), "--json"]) == 0
    made = json.loads(capsys.readouterr().out)["backup"]
    with (Path(made) / "journal.sqlite").open("ab") as file:
        file.write(b"more")
    assert run(["backup", "--verify", str(tmp_path / "b"), "--json"]) == 5
    (found,) = json.loads(capsys.readouterr().out)["findings"]
    assert (found["backup"], found["file"]) == (made, "journal.sqlite")
    assert run(["restore", made, str(tmp_path / "new")]) == 2


@pytest.mark.parametrize("words", [["backup", "--verify"], ["restore"]])
def test_a_folder_that_is_no_backup_is_refused(
    tmp_path: Path, words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    more = [str(tmp_path / "new")] if words == ["restore"] else []
    assert run([*words, str(tmp_path / "none"), *more]) == 2
    assert "is no finished backup" in capsys.readouterr().err
