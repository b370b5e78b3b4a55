"""An InfluxDB that takes no points for a while: the mirror keeps its place and says it once."""

import gzip
import itertools
import threading
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from sqlalchemy import Engine

from store.config import InfluxConfig
from store.influx.mirror import mirror_status, run_mirror
from store.readings.readings import Readings
from tests.ingest.live import wait_for
from tests.servers.influx import Bucket, Influx
from tests.store.batches import hours, keep
from tests.store.influx.mirrored import STATION, books, config_of, mirrored, points, readings

__all__ = ["books", "readings"]  # fixtures

#: What servers and gateways say: the body differs with every try.
REFUSALS = {
    "disk full": (500, '{"code":"internal error","message":"write /engine/wal/%d: no space left on device"}'),
    "away": (503, "<html>upstream %d</html>"),
    "too many": (429, '{"code":"too many requests","message":"request %d"}'),
}  # fmt: skip
SAYS = {"disk full": "its disk is full", "away": "503", "too many": "429"}


class Gateway(ThreadingHTTPServer):
    """In front of an InfluxDB: while `refuses`, no write of more than so many lines goes through."""

    def __init__(self, url: str, refusal: tuple[int, str], most_lines: int) -> None:
        self.url, self.refusal, self.most_lines = url, refusal, most_lines
        self.refuses = True
        self.refused = 0
        self.numbers = itertools.count(1)
        super().__init__(("127.0.0.1", 0), Forward)


class Forward(BaseHTTPRequestHandler):
    server: Gateway

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if self.server.refuses and "/write" in self.path and self._lines(body):
            status, text = self.server.refusal
            self.server.refused += 1
            self._answer(status, (text % next(self.server.numbers)).encode())
            return
        headers = {name: value for name, value in self.headers.items() if name != "Host"}
        request = urllib.request.Request(self.server.url + self.path, body, headers)
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(request, timeout=30) as answer:
            self._answer(answer.status, answer.read())

    def _lines(self, body: bytes) -> bool:
        """Whether there are more than go through."""
        packed = self.headers.get("Content-Encoding") == "gzip"
        text = gzip.decompress(body) if packed else body
        return len(text.splitlines()) > self.server.most_lines

    def _answer(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Nothing: the test says what it saw."""


@contextmanager
def gateway(bucket: Bucket, refusal: tuple[int, str], most_lines: int = 0) -> Iterator[Gateway]:
    with Gateway(bucket.url, refusal, most_lines) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()


@contextmanager
def mirroring(readings: Readings, books: Engine, config: InfluxConfig) -> Iterator[None]:
    stop = threading.Event()
    thread = threading.Thread(target=run_mirror, args=(readings, books, config, stop))
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


@pytest.mark.parametrize("what", REFUSALS)
def test_refused_writes_are_said_once_and_made_up_for(
    readings: Readings,
    books: Engine,
    influxd: Bucket,
    caplog: pytest.LogCaptureFixture,
    what: str,
) -> None:
    with gateway(influxd, REFUSALS[what]) as server:
        config = config_of(influxd, poll_seconds=0.05)
        config = config.model_copy(update={"url": f"http://127.0.0.1:{server.server_port}"})
        keep(readings.journal, hours(5, STATION))
        with mirroring(readings, books, config):
            wait_for(lambda: server.refused >= 3)
            status = mirror_status(books, config)
            assert (status.batch, status.points, status.refused) == (0, 0, 0)
            assert SAYS[what] in status.why_not
            server.refuses = False
            wait_for(lambda: mirror_status(books, config).batch == 1)
        assert mirror_status(books, config).why_not == ""
    assert len(points(config_of(influxd), "reading", "value")) == 5
    assert len([each for each in caplog.records if each.levelname == "WARNING"]) == 1


def test_a_token_that_is_withdrawn_later_is_said_once_and_the_mirror_goes_on_after_it(
    readings: Readings,
    books: Engine,
    influxd: Bucket,
    influx_server: Influx,
    caplog: pytest.LogCaptureFixture,
) -> None:
    org = influx_server.call("GET", f"/api/v2/orgs?org={influxd.org}")["orgs"][0]["id"]
    allowed = [{"action": "write", "resource": {"type": "buckets", "orgID": org}}]
    made = {"orgID": org, "permissions": allowed}
    token = influx_server.call("POST", "/api/v2/authorizations", made)
    config = config_of(influxd, poll_seconds=0.05).model_copy(update={"token": token["token"]})

    def set_token(status: str) -> None:
        where = f"/api/v2/authorizations/{token['id']}"
        influx_server.call("PATCH", where, {"status": status})

    keep(readings.journal, hours(2, STATION))
    with mirroring(readings, books, config):
        wait_for(lambda: mirror_status(books, config).batch == 1)
        set_token("inactive")
        keep(readings.journal, hours(3, STATION, first=5))
        wait_for(lambda: "refuses the token" in mirror_status(books, config).why_not)
        assert mirror_status(books, config).batch == 1
        set_token("active")
        wait_for(lambda: mirror_status(books, config).batch == 2)
    assert len(points(config_of(influxd), "reading", "value")) == 5
    told = [each for each in caplog.records if each.levelname == "WARNING"]
    assert len(told) == 1, told


def test_a_call_too_large_for_a_gateway_is_sent_in_smaller_ones(
    readings: Readings, books: Engine, influxd: Bucket
) -> None:
    with gateway(influxd, (413, "too large %d"), most_lines=1) as server:
        url = f"http://127.0.0.1:{server.server_port}"
        keep(readings.journal, hours(4, STATION))
        mirrored(readings, books, config_of(influxd).model_copy(update={"url": url}))
        status = mirror_status(books, config_of(influxd))
        assert (status.batch, status.points, status.refused) == (1, 4, 0)
        assert server.refused > 0
    assert len(points(config_of(influxd), "reading", "value")) == 4
