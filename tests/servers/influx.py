"""A real InfluxDB 2, set up once per run; each test writes into a bucket of its own."""

import itertools
import json
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.servers.process import Server, free_port
from tests.servers.programs import need_influxd

ORG, TOKEN = "heat", "only-for-this-test-run"


@dataclass(frozen=True)
class Bucket:
    """Where one test writes."""

    url: str
    token: str
    org: str
    bucket: str
    server: Server  # for .kill() and .restart()


@dataclass
class Influx:
    """A server that hands out buckets."""

    server: Server
    number: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.port}"

    def healthy(self) -> bool:
        """Whether the server takes calls."""
        try:
            return bool(self.call("GET", "/health")["status"] == "pass")
        except OSError:
            return False

    def call(self, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
        """One call of its HTTP API: JSON in, JSON out."""
        request = urllib.request.Request(
            self.url + path,
            method=method,
            data=json.dumps(body).encode() if body is not None else None,
            headers={"Authorization": f"Token {TOKEN}", "Content-Type": "application/json"},
        )
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(request, timeout=30) as answer:
            return json.loads(answer.read() or b"null")

    @contextmanager
    def bucket(self) -> Iterator[Bucket]:
        """A bucket nobody wrote to before; deleted afterwards."""
        if not self.server.running:  # a test before this one left it down
            self.server.start()
        org = self.call("GET", f"/api/v2/orgs?org={ORG}")["orgs"][0]["id"]
        name = f"test-{next(self.number)}"
        made = self.call("POST", "/api/v2/buckets", {"orgID": org, "name": name})
        yield Bucket(self.url, TOKEN, ORG, name, self.server)
        if self.server.running:
            self.call("DELETE", f"/api/v2/buckets/{made['id']}")


@contextmanager
def influx_in(folder: Path) -> Iterator[Influx]:
    """InfluxDB with its files in the folder, set up with organisation and token."""
    port = free_port()
    command = [need_influxd(), "--bolt-path", str(folder / "influxd.bolt")]
    command += ["--sqlite-path", str(folder / "influxd.sqlite")]
    command += ["--engine-path", str(folder / "engine"), "--reporting-disabled"]
    command += ["--http-bind-address", f"127.0.0.1:{port}", "--log-level", "warn"]
    influx = Influx(Server(command, port, folder / "influxd.log"))
    influx.server.ready = influx.healthy
    influx.server.start()
    try:
        setup = {"username": "heat", "password": TOKEN, "org": ORG, "bucket": "readings"}
        influx.call("POST", "/api/v2/setup", setup | {"token": TOKEN, "retentionPeriodSeconds": 0})
        yield influx
    finally:
        influx.server.stop()
