"""PostgreSQL restarts under a run: every worker takes its lock again before it writes, or stops."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
import sqlalchemy as sa

from heatwatch.demo.config import Ports, write_config
from heatwatch.supervisor.single_instance import KINDS
from heatwatch.wiring import open_world
from tests.heatwatch.ending import end
from tests.ingest import live
from tests.servers.influx import Bucket
from tests.servers.postgres import Cluster
from tests.servers.process import Server, dying_with_us


@dataclass
class Running:
    """A `heatwatch run` with all it has said so far."""

    process: subprocess.Popen[str]
    lines: list[str]

    def said(self, words: str) -> list[str]:
        return [line for line in self.lines if words in line]


@contextmanager
def running(config: Path, *names: str, token: str = "") -> Iterator[Running]:
    command = [sys.executable, "-m", "heatwatch", "run", *names, "-c", str(config)]
    environment = {**os.environ, "HEATWATCH_INFLUX_TOKEN": token}
    with subprocess.Popen(
        dying_with_us(command), stderr=subprocess.PIPE, text=True, env=environment
    ) as process:
        told = Running(process, [])
        assert process.stderr is not None
        listening = threading.Thread(target=told.lines.extend, args=(process.stderr,))
        listening.start()
        try:
            yield told
        finally:
            end(process, signal.SIGTERM)
            listening.join()


def on_postgres(folder: Path, url: str, port: int, influx: str | None = None) -> Path:
    """A configuration whose journal and books are of this database."""
    path = write_config(folder, Ports(port, 1), influx_url=influx, flush_seconds=0.3)
    text = path.read_text(encoding="utf-8")
    for name in ("journal", "books"):
        text = text.replace(f'{name} = "{name}.sqlite"', f'{name} = "{url}"')
    path.write_text(text, encoding="utf-8")
    return path


def holders(url: str) -> dict[str, int]:
    """Which processes hold how many advisory locks of this kind, as PostgreSQL says it."""
    time.sleep(0.2)  # asked again and again
    plain = url.replace("+psycopg", "")
    query = """SELECT a.application_name, count(*) FROM pg_locks l JOIN pg_stat_activity a USING (pid)
        WHERE l.locktype = 'advisory' AND l.granted AND a.application_name LIKE 'process %'
        AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
        GROUP BY 1"""
    try:
        with psycopg.connect(plain) as link:
            return dict(link.execute(query).fetchall())
    except psycopg.OperationalError:
        return {}


def test_after_a_restart_of_postgresql_every_worker_holds_its_lock_again_and_goes_on(
    tmp_path: Path, postgres: str, postgres_server: Cluster, mosquitto: Server, influxd: Bucket
) -> None:
    config = on_postgres(tmp_path, postgres, mosquitto.port, influxd.url)
    with running(config, *sorted(KINDS), token=influxd.token) as run:
        log = tmp_path / "log" / "heatwatch" / "ingest.log"
        live.wait_for(lambda: log.exists() and "ready" in log.read_text(encoding="utf-8"), 100)
        live.wait_for(lambda: sum(holders(postgres).values()) == 2 * len(KINDS))
        before = holders(postgres)
        world = open_world(config)
        live.publish(mosquitto.port, [("heatwatch/v1/A", b'{"channel":"t","value":1}')])
        live.wait_for(lambda: world.journal.counts().messages == 1)
        postgres_server.server.stop()
        live.publish(mosquitto.port, [("heatwatch/v1/A", b'{"channel":"t","value":2}')])
        time.sleep(2.5)
        postgres_server.server.start()
        live.wait_for(lambda: holders(postgres) == before, 40)
        world.books.dispose()
        live.wait_for(lambda: world.journal.counts().messages == 2)
        last = world.journal.last()
        live.wait_for(lambda: world.lake.last_flush().last_batch == last)
        with world.books.connect() as link:
            done = sa.text("SELECT min(batch) FROM checkpoint WHERE follower NOT LIKE '%/state'")
            live.wait_for(lambda: link.scalar(done) == last)
        assert run.process.poll() is None
        world.books.dispose()
        world.journal.close()
    assert not run.said("ended with"), run.lines
    assert not run.said("bug of ours"), run.lines
    for kind in KINDS:
        warned = [line for line in run.said("PostgreSQL does not answer") if kind in line]
        assert len(warned) == 1, run.lines
    for log in (tmp_path / "log").rglob("*.log"):
        assert "Traceback" not in log.read_text(encoding="utf-8"), log


@contextmanager
def snatched(url: str, pid: int) -> Iterator[None]:
    """Ends the session that holds the lock of a process and holds that lock in its place."""
    plain = url.replace("+psycopg", "")
    with psycopg.connect(plain, autocommit=True, application_name="process 7 on elsewhere") as link:
        held = """SELECT a.pid, l.objid::bigint FROM pg_locks l JOIN pg_stat_activity a USING (pid)
            WHERE l.locktype = 'advisory' AND a.application_name LIKE %s"""
        [(session, key)] = link.execute(held, [f"process {pid} on %"]).fetchall()
        with psycopg.connect(plain, autocommit=True) as other:
            wait = threading.Timer(
                0.3, other.execute, ["SELECT pg_terminate_backend(%s)", [session]]
            )
            wait.start()
            link.execute("SELECT pg_advisory_lock(%s)", [key])
            wait.join()
        yield


def test_a_worker_whose_lock_somebody_else_took_stops_and_names_them(
    tmp_path: Path, postgres: str, mosquitto: Server, influxd: Bucket
) -> None:
    config = on_postgres(tmp_path, postgres, mosquitto.port, influxd.url)
    world = open_world(config)
    world.journal.counts()
    with ExitStack() as held:
        runs = {
            kind: held.enter_context(running(config, kind, token=influxd.token))
            for kind in sorted(KINDS)
        }
        live.wait_for(lambda: len(holders(postgres)) == len(KINDS), 60)
        live.wait_for(lambda: "ready\n" in runs["ingest"].lines)
        for run in runs.values():
            held.enter_context(snatched(postgres, run.process.pid))
        live.publish(mosquitto.port, [("heatwatch/v1/A", b'{"channel":"t","value":1}')])
        for kind, run in runs.items():
            assert run.process.wait(20) == 2, (kind, run.lines)
        assert world.journal.counts().messages == 0
    world.journal.close()
    world.books.dispose()
    for kind, run in runs.items():
        told = [line for line in run.said("process 7 on elsewhere") if f"{kind} of " in line]
        assert len(told) == 1, run.lines
        assert not run.said("Traceback"), run.lines
        assert not run.said("bug of ours"), run.lines
