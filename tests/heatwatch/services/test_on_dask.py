"""A season on a real Dask cluster: the same bytes as here, whoever dies on the way."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from analytics.facts.snapshot import Snapshot
from analytics.law.policy import PolicyFile, load
from analytics.settlement.results import Settlement
from analytics.settlement.settle import settle
from domain.errors import ServerMissing, WrongCall
from heatwatch.cli.app import run
from heatwatch.services import on_dask
from heatwatch.services.settling import taken
from heatwatch.wiring import World
from store.lake.lake import Lake
from store.readings.lake_readings import LakeReadings
from tests.analytics.books import NOW, SEASON, readings, season
from tests.heatwatch.towns import answer, table_of, town
from tests.servers.dask import Cluster, cluster_in
from tests.servers.process import free_port
from tests.store.s3 import bucket_in

pytestmark = pytest.mark.compiled


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    with cluster_in(tmp_path_factory.mktemp("dask"), 2) as found:
        yield found


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    _, found = town(tmp_path_factory.mktemp("town"))
    yield found
    found.books.dispose()


def inputs(world: World) -> tuple[Snapshot, PolicyFile]:
    chosen = season(world.books)
    law = load(chosen.policy)
    return taken(world, chosen, law.policy, NOW, 1), law


def here(world: World) -> Settlement:
    snapshot, law = inputs(world)
    return settle(snapshot, world.readings.season(snapshot.read_span, 1), law, flush=1)


def whole(run: Settlement) -> list[Any]:
    """All of a run that is kept, and its hash."""
    kept = [
        (each.hashed(), list(each.steps), each.upper, each.lower, each.open_since)
        for each in run.results
    ]
    return [kept, run.sha256(), str(run.total()), run.undetermined(), run.reasons()]


def test_a_cluster_settles_to_the_same_byte(cluster: Cluster, world: World) -> None:
    snapshot, law = inputs(world)
    seen: list[tuple[int, int]] = []
    there = on_dask.settle_on(
        cluster.url, snapshot, law, world.lake, flush=1, progress=lambda *each: seen.append(each)
    )
    assert whole(there) == whole(here(world))
    assert str(there.total()) == "180.00"
    assert seen == [(1, 4), (2, 4), (3, 4), (4, 4)], "a piece for each household"


def test_a_lake_on_s3_is_read_by_the_workers_themselves(
    cluster: Cluster, world: World, tmp_path: Path
) -> None:
    snapshot, law = inputs(world)
    with bucket_in(tmp_path / "s3") as (uri, options):
        lake = Lake.open(uri, options)
        with lake.lock("flush"):
            lake.append([table_of(readings())], None, NOW)
        there = on_dask.settle_on(cluster.url, snapshot, law, lake, flush=1)
        own = settle(snapshot, LakeReadings(lake).season(snapshot.read_span, 1), law, flush=1)
    assert whole(there) == whole(own) == whole(here(world))


def test_a_worker_that_is_killed_in_the_middle_changes_nothing(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One piece a worker is on its way at once, so that pieces are left when it dies."""
    monkeypatch.setattr(on_dask, "AHEAD", 1)
    snapshot, law = inputs(world)
    with cluster_in(tmp_path / "dying", 2) as dying:
        killed: list[int] = []

        def kill_one(done: int, _all: int) -> None:
            if not killed:
                killed.append(done)
                dying.workers[0].kill()

        there = on_dask.settle_on(dying.url, snapshot, law, world.lake, flush=1, progress=kill_one)
        assert killed == [1]
        assert not dying.workers[0].running
    assert whole(there) == whole(here(world))


def test_the_command_drafts_on_the_cluster(
    cluster: Cluster, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    config, own = town(tmp_path)
    drafted = answer(config, capsys, "settle", "draft", "--season", SEASON, "--dask", cluster.url)
    assert (drafted["total"], drafted["reasons"]) == ("180.00", {"paid": 4})
    plain = answer(config, capsys, "settle", "draft", "--season", SEASON)
    assert plain["total"] == drafted["total"]
    assert answer(config, capsys, "settle", "verify", "--run", "1")["holds"] is True
    wrong = ("settle", "draft", "--season", SEASON, "--correction", "--dask", cluster.url)
    assert run([*wrong, "--config", str(config)]) == 2
    assert "it or --dask" in capsys.readouterr().err
    own.books.dispose()


def test_a_worker_without_the_readings_says_so_and_makes_no_lake(
    cluster: Cluster, world: World, tmp_path: Path
) -> None:
    snapshot, law = inputs(world)
    with pytest.raises(WrongCall, match="without data version 9"):
        on_dask.settle_on(cluster.url, snapshot, law, world.lake, flush=9)
    job = on_dask.job_of(law, world.lake, 1)
    nowhere = tmp_path / "nowhere"
    for other, said in (
        (replace(job, lake_identity="another"), "another lake"),
        (replace(job, lake=str(nowhere)), "finds no lake"),
        (replace(job, version="0.0.1"), "allowed: 0.0.1"),
    ):
        with pytest.raises(WrongCall, match=said):
            on_dask.settle_piece(other, snapshot)
    assert not nowhere.exists()


def test_a_job_hides_the_keys_of_its_storage(world: World) -> None:
    _, law = inputs(world)
    job = replace(
        on_dask.job_of(law, world.lake, 1), options=(("AWS_SECRET_ACCESS_KEY", "s3cret"),)
    )
    assert "s3cret" not in repr(job)


@pytest.mark.parametrize("workers", [1, 2, 7])
def test_pieces_hold_every_household_once_and_in_order(world: World, workers: int) -> None:
    snapshot, _ = inputs(world)
    cut = on_dask._cut(snapshot, workers)
    assert np.concatenate(cut).tolist() == list(range(4))
    assert all(each.size for each in cut)


def test_an_address_without_scheduler_and_a_scheduler_without_workers_say_how_to_start_one(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(on_dask, "CONNECT_S", 1)
    snapshot, law = inputs(world)
    nobody = f"tcp://127.0.0.1:{free_port()}"
    with pytest.raises(ServerMissing, match="dask scheduler"):
        on_dask.settle_on(nobody, snapshot, law, world.lake, flush=1)
    with (
        cluster_in(tmp_path / "idle", 0) as idle,
        pytest.raises(ServerMissing, match=f"dask worker {idle.url} --nthreads 1"),
    ):
        on_dask.settle_on(idle.url, snapshot, law, world.lake, flush=1)
