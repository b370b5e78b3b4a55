"""An InfluxDB of the demo's own: started beside it, with a token made for this run."""

import json
import shutil
import subprocess
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path

from domain.errors import ServerMissing
from domain.language import msg

READY_S = 30.0  # how long a start may take [s]
WHY_NOT = msg(
    "influxd is not on PATH; install InfluxDB 2 or configure [store.influx] to have the mirror"
)


def find_influxd() -> str | None:
    """Where the program is, or None."""
    return shutil.which("influxd")


@dataclass(slots=True)
class Influx:
    """A running server; `stop` ends it."""

    url: str
    token: str
    process: subprocess.Popen[bytes]

    @classmethod
    def start(cls, folder: Path, port: int, token: str) -> "Influx":
        """Starts and sets up; ServerMissing where it is not ready in time."""
        folder.mkdir(parents=True, exist_ok=True)
        arguments = [
            find_influxd() or "influxd",
            *("--bolt-path", str(folder / "influxd.bolt")),
            *("--sqlite-path", str(folder / "influxd.sqlite")),
            *("--engine-path", str(folder / "engine")),
            *("--http-bind-address", f"127.0.0.1:{port}"),
            *("--reporting-disabled", "--log-level", "warn"),
        ]
        with (folder / "influxd.log").open("ab") as log:
            process = subprocess.Popen(
                arguments, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True
            )
        server = cls(f"http://127.0.0.1:{port}", token, process)
        try:
            server._wait()
            server._set_up()
        except BaseException:
            server.stop()
            raise
        return server

    def stop(self) -> None:
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def _wait(self) -> None:
        end = time.monotonic() + READY_S
        while time.monotonic() < end and self.process.poll() is None:
            try:
                with urllib.request.urlopen(f"{self.url}/health", timeout=1) as answer:
                    if json.load(answer)["status"] == "pass":
                        return
            except (urllib.error.URLError, ConnectionError, TimeoutError):
                time.sleep(0.1)
        raise ServerMissing("InfluxDB", msg("it was started for the demo and did not become ready"))

    def _set_up(self) -> None:
        body = {
            "username": "heat",
            "password": self.token,
            "org": "heat",
            "bucket": "readings",
            "token": self.token,
            "retentionPeriodSeconds": 0,
        }
        request = urllib.request.Request(
            f"{self.url}/api/v2/setup",
            data=json.dumps(body).encode(),
            headers={"Content-Type": "application/json"},
        )
        urllib.request.urlopen(request, timeout=10).close()
