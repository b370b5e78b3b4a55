"""A full disk: one line that says what to do, tried again, no bug of ours."""

import errno
import shutil
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
import typer
from sqlalchemy.exc import OperationalError

from heatwatch.cli import app as cli
from heatwatch.demo.config import Ports, write_config
from heatwatch.services.running import logs_of
from heatwatch.supervisor import disk_space as space
from heatwatch.wiring import World, open_world
from tests.tiny import tiny_city

FULL_ERRORS = [
    OSError(errno.ENOSPC, "No space left on device", "lake/part-0.parquet"),
    OperationalError("INSERT", {}, Exception("database or disk is full")),
    RuntimeError("Generic LocalFileSystem error: No space left on device (os error 28)"),
]


@pytest.fixture
def world(tmp_path: Path) -> World:
    tiny_city(tmp_path)
    return open_world(write_config(tmp_path, Ports(1, 2), flush_seconds=0.05))


def test_a_full_disk_is_named_with_its_folder_and_is_no_bug(
    world: World, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    folders = space.stores_of(world.config)
    assert space.disk_problem(folders) is None
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=4096))
    assert str(world.path.parent.resolve()) in str(space.disk_problem(folders))

    app = typer.Typer()

    @app.command()
    def full() -> None:
        """Writes to a full disk."""
        raise FULL_ERRORS[0]

    monkeypatch.setattr(cli, "build", lambda: app)
    assert cli.run([]) == 4
    told = capsys.readouterr().err
    assert "no space left" in told
    assert "bug" not in told


def test_logs_lie_beside_the_stores_by_the_configurations_name(tmp_path: Path) -> None:
    write_config(tmp_path, Ports(1, 2))
    (tmp_path / "heatwatch.toml").rename(tmp_path / "east.toml")
    assert logs_of(open_world(tmp_path / "east.toml")) == tmp_path.resolve() / "log" / "east"


@pytest.fixture
def full_disk(tmp_path: Path) -> list[str]:
    """What to put before a command so that `tmp_path` is a disk with a configuration and no room."""
    path = write_config(tmp_path, Ports(1, 2))
    (tmp_path.parent / "kept.toml").write_text(path.read_text(encoding="utf-8"), encoding="utf-8")
    mount = (
        f"mount -t tmpfs -o size=64k none {tmp_path}; cp {tmp_path.parent}/kept.toml {path}; "
        f"cat /dev/zero > {tmp_path}/fill 2> /dev/null || true; "
        'exec "$@"'
    )
    before = ["unshare", "--user", "--map-root-user", "--mount", "sh", "-ec", mount, "sh"]
    if shutil.which("unshare") is None:
        pytest.skip("unshare is not there: a disk without room can't be made")
    tried = subprocess.run([*before, "true"], capture_output=True, text=True, check=False)
    if tried.returncode:
        pytest.skip(f"no disk can be mounted here: {tried.stderr.strip()}")
    return before


@pytest.mark.parametrize("names", [(), ("maintenance",)], ids=["all", "maintenance"])
def test_a_start_on_a_full_disk_is_one_line_with_the_disk_and_what_to_do(
    tmp_path: Path, full_disk: list[str], names: tuple[str, ...]
) -> None:
    config = tmp_path / "heatwatch.toml"
    command = [*full_disk, sys.executable, "-m", "heatwatch", "run", *names, "-c", str(config)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.stderr.splitlines() == [
        f"heatwatch: no space left on the disk of {tmp_path}: make room there and start again"
    ]
    assert (done.returncode, done.stdout) == (4, "")


def test_a_command_on_a_full_disk_names_the_disk_and_not_the_kind_of_the_database(
    tmp_path: Path, full_disk: list[str]
) -> None:
    words = ("settle", "show", "--season", "2024-25", "-c", str(tmp_path / "heatwatch.toml"))
    command = [*full_disk, sys.executable, "-m", "heatwatch", *words]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.stderr.startswith("heatwatch: no space left ([Errno 28] No space left on device: ")
    assert (done.returncode, done.stdout) == (4, "")


@pytest.mark.parametrize("error", FULL_ERRORS, ids=lambda error: type(error).__name__)
def test_a_quota_that_ends_during_the_start_names_the_stores(
    world: World, error: Exception
) -> None:
    with (
        pytest.raises(space.DiskFull, match=str(world.path.parent.resolve())),
        space.room(world.config),
    ):
        raise error
    with pytest.raises(ZeroDivisionError), space.room(world.config):
        raise ZeroDivisionError
