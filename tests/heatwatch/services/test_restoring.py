"""A backup put back: into an empty place, whole, or not at all."""

from pathlib import Path

import pytest

from domain.errors import WrongCall
from heatwatch.config import load
from heatwatch.services.backing_up import back_up
from heatwatch.services.restoring import restore
from heatwatch.wiring import open_world
from tests.heatwatch.services.test_backing_up import MADE, silent
from tests.heatwatch.towns import close, town


@pytest.fixture
def backup(tmp_path: Path) -> Path:
    path, world = town(tmp_path / "city")
    close(world)
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "city/var/lake").rename(tmp_path / "elsewhere/lake")
    outside = f'lake = "{tmp_path}/elsewhere/lake"'
    text = path.read_text("utf-8").replace('lake = "var/lake"', outside)
    path.write_text(text, encoding="utf-8")
    world = open_world(path)
    made = back_up(world, tmp_path / "b", MADE, silent)
    close(world)
    return made.folder


def test_stores_that_lay_elsewhere_are_restored_inside_and_so_configured(
    tmp_path: Path, backup: Path
) -> None:
    restore(backup, tmp_path / "new", silent)
    store = load(tmp_path / "new/heatwatch.toml").store
    assert store.lake == str(tmp_path / "new/var/lake")
    assert store.books == str(tmp_path / "new/var/books.sqlite")


def test_a_damaged_backup_restores_nothing(tmp_path: Path, backup: Path) -> None:
    with (backup / "books.sqlite").open("r+b") as file:
        file.seek(5000)
        file.write(b"damage")
    with pytest.raises(WrongCall, match=r"books\.sqlite"):
        restore(backup, tmp_path / "new", silent)
    assert not (tmp_path / "new").exists()


def test_a_place_that_is_not_empty_is_refused_and_left_as_it_is(
    tmp_path: Path, backup: Path
) -> None:
    (tmp_path / "new").mkdir()
    (tmp_path / "new/mine").write_text("mine", encoding="utf-8")
    with pytest.raises(WrongCall, match="not empty"):
        restore(backup, tmp_path / "new", silent)
    assert [each.name for each in (tmp_path / "new").iterdir()] == ["mine"]


def test_a_backup_whose_parts_are_not_a_pair_restores_nothing(tmp_path: Path, backup: Path) -> None:
    path = backup / "manifest.json"
    text = path.read_text("utf-8").replace('"batches": 0', '"batches": 7')
    path.write_text(text, encoding="utf-8")
    with pytest.raises(WrongCall, match="were restored"):
        restore(backup, tmp_path / "new", silent)
    assert not (tmp_path / "new").exists()
