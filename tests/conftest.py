"""Fixtures over real servers. A missing one skips with how to get it; in CI it fails."""

import gc
import os
from collections.abc import Iterator
from pathlib import Path
from weakref import WeakSet

import pytest
from sqlalchemy import Connection, Engine, event

from domain.language import SOURCE_LANGUAGE
from heatwatch.output import speak
from tests.servers.influx import Bucket, Influx, influx_in
from tests.servers.mosquitto import mosquitto_in
from tests.servers.postgres import Cluster, postgres_cluster
from tests.servers.process import Server
from tests.servers.programs import need
from tests.servers.smsc import Smsc, smsc_in
from tests.servers.tahu import Tahu, tahu_encoder
from tests.statements import keep_for_all, keep_for_mappers


@pytest.hookimpl(trylast=True)
def pytest_collection_finish() -> None:
    """What is imported and the tests themselves stay: no search for cycles need look at them again.

    Else one came every few hundred objects, and took an eighth of a run.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Without the compiler, a test that lives by its speed is left to the run with it."""
    if item.get_closest_marker("compiled") and os.environ.get("NUMBA_DISABLE_JIT", "0") != "0":
        pytest.skip("would take minutes without the compiler")


#: Engines that made a connection and are not closed since.
used: WeakSet[Engine] = WeakSet()


@event.listens_for(Engine, "engine_connect")
def _use(link: Connection) -> None:
    used.add(link.engine)
    keep_for_all(link.engine)


keep_for_mappers()


@pytest.hookimpl(trylast=True)
def pytest_runtest_teardown() -> None:
    """Closes the books and journals of a test that ended.

    Else they pile up until the collector comes: a thousand open files.
    """
    for each in list(used):
        if _is_gone(each.url.database):
            each.dispose()
            used.discard(each)


def _is_gone(database: str | None) -> bool:
    """Whether SQLite's file was removed with the folder of its test."""
    return bool(database) and str(database).startswith("/") and not Path(str(database)).exists()


@pytest.fixture(autouse=True)
def english() -> None:
    """Each test begins in English: the language that a command before it spoke is not its own."""
    speak(SOURCE_LANGUAGE)


@pytest.fixture
def mosquitto(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A Mosquitto that keeps everything: .host .port .pid .kill() .restart() .stop()."""
    with mosquitto_in(tmp_path_factory.mktemp("mosquitto")) as server:
        yield server


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[Cluster]:
    """One PostgreSQL cluster for the whole run."""
    with postgres_cluster() as cluster:
        yield cluster


@pytest.fixture
def postgres(postgres_server: Cluster) -> Iterator[str]:
    """The SQLAlchemy URL of a fresh, empty database."""
    with postgres_server.database() as url:
        yield url


@pytest.fixture
def postgres_books(postgres_server: Cluster) -> Iterator[str]:
    """The SQLAlchemy URL of a fresh database with new books in it."""
    with postgres_server.books() as url:
        yield url


@pytest.fixture(scope="session")
def influx_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Influx]:
    """One InfluxDB for the whole run."""
    with influx_in(tmp_path_factory.mktemp("influxd")) as influx:
        yield influx


@pytest.fixture
def influxd(influx_server: Influx) -> Iterator[Bucket]:
    """A fresh bucket: .url .token .org .bucket, and .server to kill and restart."""
    with influx_server.bucket() as bucket:
        yield bucket


@pytest.fixture
def smpp_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Smsc]:
    """An SMPP server: .host .port .system_id .password .received() .throttle(n) .restart()."""
    with smsc_in(tmp_path_factory.mktemp("smpp")) as smsc:
        yield smsc


@pytest.fixture(scope="session")
def tahu() -> Iterator[Tahu]:
    """An encoder of Sparkplug B that is not ours: .encode(payload)."""
    with tahu_encoder() as encoder:
        yield encoder


@pytest.fixture(scope="session")
def chromium() -> Path:
    """The path of a Chromium that Playwright can drive (as root it needs --no-sandbox)."""
    return Path(need("chromium", "chromium-browser", "google-chrome"))


@pytest.fixture(scope="session")
def strace() -> Path:
    """The path of strace, for tests of what leaves the process in which order."""
    return Path(need("strace"))
