"""A backup while everything runs and is killed: restored, no reading is missing and none counts twice."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.errors import WrongCall
from heatwatch.cli.app import run
from heatwatch.services.backing_up import UNFINISHED, back_up
from heatwatch.services.backup_manifest import finished, read_manifest
from heatwatch.services.restoring import restore
from heatwatch.wiring import World, open_world
from store.books.watch import Checkpoint
from store.readings.pair import go_on_behind
from tests.heatwatch.services.busy_city import FOLLOWER, at_work, wait_for_work
from tests.heatwatch.towns import close, town
from tests.store.batches import NOW, counted_elsewhere, hours, keep

MADE = datetime(2026, 11, 29, 1, tzinfo=UTC)


def silent(_what: object, _done: int, _all: int) -> None:
    """No progress is shown."""


def opened(path: Path) -> World:
    return open_world(path)


@pytest.mark.parametrize("seed", [1])
def test_of_backups_while_workers_run_and_are_killed_nothing_is_lost_or_doubled(
    tmp_path: Path, seed: int
) -> None:
    path, world = town(tmp_path / "city")
    close(world)
    kept = []
    with at_work(path, seed):
        for i in range(3):
            wait_for_work(path, 15, 2)
            world = opened(path)
            kept.append(world.journal.last())
            back_up(world, tmp_path / "backups", MADE + timedelta(hours=i), silent)
            close(world)
    for i, backup in enumerate(finished(tmp_path / "backups")):
        manifest = restore(backup, tmp_path / f"restored{i}", silent)
        assert manifest.batches >= kept[i]  # what was acknowledged before is in it
        check(tmp_path / f"restored{i}/heatwatch.toml", manifest.batches)
    assert run(["settle", "verify", "--all", "-c", str(tmp_path / "restored2/heatwatch.toml")]) == 0


def check(path: Path, batches: int) -> None:
    world = opened(path)
    with Session(world.books) as session:
        done = session.scalar(select(Checkpoint.batch).where(Checkpoint.follower == FOLLOWER))
    assert done is None or done <= batches, "a follower would pass over what comes next"
    go_on_behind(world.journal, world.lake, world.books)
    keep(world.journal, hours(1, first=batches))  # it goes on
    world.readings.flush(NOW)
    imported = 3840  # by the town
    every = imported + batches + 1
    assert counted_elsewhere(world.lake.file_uris()) == (every, every)
    close(world)
    assert run(["settle", "verify", "-c", str(path)]) == 0


def test_a_second_backup_copies_only_what_is_new_and_keep_removes_the_oldest(
    tmp_path: Path,
) -> None:
    path, world = town(tmp_path / "city")
    made = [back_up(world, tmp_path / "b", MADE + timedelta(hours=i), silent) for i in range(2)]
    readings = sum(each.size for each in made[0].manifest.files if "month=" in each.path)
    assert made[0].copied == made[0].manifest.size
    assert made[1].copied == made[1].manifest.size - readings
    last = back_up(world, tmp_path / "b", MADE + timedelta(hours=2), silent, keep=2)
    assert last.removed == (made[0].folder,)
    assert finished(tmp_path / "b") == [made[1].folder, last.folder]
    assert not restore(last.folder, tmp_path / "new", silent).left_out
    close(world)
    assert run(["settle", "verify", "--all", "-c", str(tmp_path / "new" / path.name)]) == 0


def test_keep_removes_no_folder_of_another_name_and_not_the_backup_just_made(
    tmp_path: Path,
) -> None:
    _, world = town(tmp_path / "city")
    folder = tmp_path / "b"
    back_up(world, folder, MADE, silent).folder.rename(folder / "before-upgrade")
    for name in ("0app", "webapp"):
        (folder / name).mkdir()
        (folder / name / "manifest.json").write_text("{}", encoding="utf-8")
    later = back_up(world, folder, MADE + timedelta(days=1), silent, keep=1)
    (folder / "latest").symlink_to(later.folder)
    assert later.removed == ()
    back = back_up(world, folder, MADE, silent, keep=1)  # the clock was set back
    close(world)
    assert (back.removed, later.folder.exists()) == ((later.folder,), False)
    names = [each.name for each in finished(folder)]
    assert names == ["0app", back.folder.name, "before-upgrade", "webapp"]


def test_what_may_be_a_secret_stays_out_and_is_named(tmp_path: Path) -> None:
    path, world = town(tmp_path / "city")
    close(world)
    with path.open("a", encoding="utf-8") as file:
        file.write('[store.lake_options]\nAWS_SECRET_ACCESS_KEY = "hunter2"\nAWS_REGION = "x"\n')
    made = back_up(opened(path), tmp_path / "b", MADE, silent)
    assert made.manifest.left_out == ("store.lake_options.AWS_SECRET_ACCESS_KEY",)
    assert b"hunter2" not in b"".join(f.read_bytes() for f in made.folder.rglob("*") if f.is_file())


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ('journal = "var/journal.sqlite"', 'journal = "postgresql://u:pw@h/d"', "pg_dump"),
        ('lake = "var/lake"', 'lake = "s3://bucket/lake"', "object store"),
    ],
)
def test_a_store_on_a_server_is_refused_without_its_password(
    tmp_path: Path, old: str, new: str, why: str
) -> None:
    path, world = town(tmp_path / "city")
    close(world)
    path.write_text(path.read_text("utf-8").replace(old, new), encoding="utf-8")
    with pytest.raises(WrongCall, match=why) as refused:
        back_up(opened(path), tmp_path / "b", MADE, silent)
    assert "pw" not in str(refused.value)


def test_a_target_inside_the_lake_is_refused_and_not_made(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path, world = town(tmp_path / "city")
    close(world)
    target = tmp_path / "city/var/lake/backups"
    assert run(["backup", str(target), "-c", str(path)]) == 2
    assert "is inside" in capsys.readouterr().err
    assert not target.exists()


def test_a_broken_off_try_is_no_backup_and_the_next_one_goes_on_with_it(tmp_path: Path) -> None:
    _, world = town(tmp_path / "city")
    first = back_up(world, tmp_path / "b", MADE, silent).folder
    (first / "manifest.json").unlink()
    first.rename(tmp_path / "b" / UNFINISHED)
    assert finished(tmp_path / "b") == []
    again = back_up(world, tmp_path / "b", MADE, silent)
    assert again.copied < again.manifest.size
    assert read_manifest(again.folder) == again.manifest
    close(world)
