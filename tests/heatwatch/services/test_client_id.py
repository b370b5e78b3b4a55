"""The id of our session on a broker."""

from pathlib import Path
from threading import Barrier, Thread

import pytest

from heatwatch.demo.config import Ports, write_config
from heatwatch.services.client_id import FORMER, client_id_of
from heatwatch.wiring import World, open_world
from tests.store.batches import hours, keep


def installed(folder: Path) -> World:
    """A new installation whose configuration names no client id."""
    folder.mkdir()
    config = write_config(folder, Ports(1, 2))
    text = config.read_text("utf-8").replace('client_id = "heatwatch-demo"\n', "")
    config.write_text(text, "utf-8")
    return open_world(config)


@pytest.fixture
def world(tmp_path: Path) -> World:
    return installed(tmp_path / "one")


def test_each_installation_has_its_own_and_keeps_it(world: World, tmp_path: Path) -> None:
    made = client_id_of(world)
    assert made.startswith("heatwatch-")
    assert client_id_of(open_world(world.path)) == made
    assert client_id_of(installed(tmp_path / "other")) != made


def test_two_workers_that_ask_at_once_get_the_same(world: World) -> None:
    worlds, found, together = [open_world(world.path) for _ in range(4)], list[str](), Barrier(4)

    def ask(own: World) -> None:
        own.books.connect().close()
        together.wait()
        found.append(client_id_of(own))

    threads = [Thread(target=ask, args=(each,)) for each in worlds]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 4
    assert len(set(found)) == 1


def test_an_older_installation_keeps_the_session_in_which_its_messages_wait(world: World) -> None:
    keep(world.journal, hours(1))
    assert client_id_of(world) == FORMER


def test_what_is_configured_counts(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    ingest = world.config.ingest.model_copy(update={"client_id": "city-7"})
    monkeypatch.setattr(world, "config", world.config.model_copy(update={"ingest": ingest}))
    assert client_id_of(world) == "city-7"
