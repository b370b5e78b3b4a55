"""The picture of the house is of the imports as they are."""

import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from scripts.architecture import PICTURE, ROOMS, Room, draw, main, picture, read_room
from tests import house
from tests.servers.programs import ROOT

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def rooms() -> list[Room]:
    return [read_room(ROOT, name) for name in ROOMS]


def test_the_committed_picture_is_of_todays_imports() -> None:
    assert main(["--check"]) == 0, "`make picture` draws it anew"


def test_every_room_and_every_floor_is_in_it(rooms: list[Room]) -> None:
    assert ROOMS == house.ROOMS
    drawn = ET.fromstring((ROOT / PICTURE).read_text("utf-8"))
    texts = [each.text for each in drawn.iter(f"{SVG}text")]
    for room in rooms:
        assert room.name in texts
        assert set(room.floors) <= set(texts)


def written(root: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return root


def test_a_new_import_changes_the_picture(tmp_path: Path) -> None:
    files = {
        "alerts/__init__.py": '"""Who must be notified. More."""',
        "alerts/a.py": "",
        "alerts/b/__init__.py": "",
        "store/__init__.py": '"""What is kept."""',
    }
    root = written(tmp_path, files)
    alone = picture(root)
    room = read_room(
        written(root, {"alerts/a.py": "import alerts.b\nfrom store import lake\n"}), "alerts"
    )
    assert (room.job, room.floors) == ("Who must be notified", ("a", "b"))
    assert (room.imports, room.rooms) == ((("a", "b"),), ("store",))
    assert picture(root) != alone
    assert picture(root).count("<path d=") == alone.count("<path d=") + 2


def test_the_order_of_files_and_rooms_does_not_change_it(rooms: list[Room]) -> None:
    assert draw(rooms) == draw(reversed(rooms))
