"""A disk with little room is a warning, a full one a fault."""

import shutil
from pathlib import Path

import pytest

from heatwatch.diagnosis import disks
from heatwatch.supervisor import disk_space
from tests.heatwatch.diagnosis.towns import states, world_in


def test_room_is_told_by_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The bounds are moved around the room that there is: a disk is not filled for it."""
    world = world_in(tmp_path)
    room = shutil.disk_usage(tmp_path)
    assert len(states(disks.check, world)) == 1
    for share, least, state in (
        (0.0, 0, "well"),
        (1.1, 0, "warning"),
        (1.1, room.total * 2, "fault"),
    ):
        monkeypatch.setattr(disks, "LEAST_SHARE", share)
        monkeypatch.setattr(disks, "LEAST_BYTES", room.total * 2)
        monkeypatch.setattr(disk_space, "LEAST_FREE", least)
        assert [*states(disks.check, world).values()] == [state]
