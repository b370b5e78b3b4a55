"""A manifest and the files that it lists."""

from pathlib import Path

import pytest

from domain.errors import WrongCall
from heatwatch.services.backup_manifest import (
    MANIFEST,
    Manifest,
    alone,
    copied,
    faults,
    read_manifest,
    write_manifest,
)
from tests.heatwatch.services.test_backing_up import silent


@pytest.fixture
def backup(tmp_path: Path) -> Path:
    """A backup of two files, which are none of any installation."""
    for name in ("a", "b"):
        (tmp_path / name).write_text(name, encoding="utf-8")
    folder = tmp_path / "backup"
    files = [each for name in "ab" for each in copied(tmp_path / name, folder / name, folder)]
    made = Manifest(
        format=1, heatwatch="1", revision="1", made_at="", config="a", places={}, left_out=(), batches=0, flush=0,
        lake_rows=0, heads={}, files=tuple(files),
    )  # fmt: skip
    write_manifest(made, folder)
    return folder


def test_each_file_that_is_changed_cut_gone_or_new_is_named(backup: Path) -> None:
    manifest = read_manifest(backup)
    assert faults(backup, manifest, silent) == []
    (backup / "a").write_text("x", encoding="utf-8")
    (backup / "b").write_text("", encoding="utf-8")
    (backup / "c").write_text("", encoding="utf-8")
    assert [name for name, _ in faults(backup, manifest, silent)] == ["a", "b", "c"]
    (backup / "b").unlink()
    assert [name for name, _ in faults(backup, manifest, silent)] == ["a", "b", "c"]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("}", ""),
        ('"path":"a"', '"path":"../a"'),
        ('"path":"a"', '"path":"/a"'),
        ('"path":"a"', '"path":"a\\u0000"'),
        ('"path":"a"', '"path":""'),
        ('"path":"a"', '"path":"."'),
        ('"format":1', '"format":2'),
    ],
)
def test_a_manifest_that_is_cut_points_outside_or_is_newer_is_refused(
    backup: Path, old: str, new: str
) -> None:
    path = backup / MANIFEST
    path.write_text(path.read_text("utf-8").replace(": ", ":").replace(old, new), encoding="utf-8")
    with pytest.raises(WrongCall, match=MANIFEST):
        read_manifest(backup)


def test_a_second_process_in_a_folder_is_refused(tmp_path: Path) -> None:
    with alone(tmp_path), pytest.raises(WrongCall, match="at work"), alone(tmp_path):
        pass
    with alone(tmp_path):
        pass
