"""Where the servers' programs are, and what happens when one is not there."""

import os
import shutil
import subprocess
from ctypes.util import find_library
from functools import cache
from pathlib import Path
from typing import NoReturn

import pytest

from ingest.mqtt.rabbitmq import HOME
from reports.render.render import PANGO

ROOT = Path(__file__).resolve().parents[2]
#: Set (`.ci/run` does): a missing server fails the test instead of skipping it.
REQUIRE = "HEATWATCH_REQUIRE_SERVERS"
#: How to get what is missing; said in the skip.
HINTS = {
    "mosquitto": "apt-get install mosquitto, or `make test`",
    "initdb": "apt-get install postgresql, or `make test`",
    "postgres": "apt-get install postgresql, or `make test`",
    "influxd": "put InfluxDB 2's influxd on PATH, or the folder `shared` with bin/ beside the clone",
    "node": "apt-get install nodejs npm, or `make test`",
    "chromium": "apt-get install chromium, or `make test`",
    "strace": "apt-get install strace, or `make test`",
}


def folders() -> list[str]:
    """Folders searched after PATH: Debian keeps servers where a user's PATH does not look."""
    postgres = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    return [str(ROOT / "var/tools/bin"), "/usr/sbin", "/sbin", *map(str, postgres)]


def required() -> bool:
    """Whether a missing server is a failure in this run."""
    return os.environ.get(REQUIRE, "") not in {"", "0"}


def absent(what: str, hint: str) -> NoReturn:
    """Skips the test with how to get what is missing; fails it where servers are required."""
    line = f"{what} is not there: {hint}"
    if required():
        pytest.fail(f"{line} ({REQUIRE} is set)", pytrace=False)
    pytest.skip(line)


def find(*names: str) -> str | None:
    """The path of the first program of these names that is there."""
    where = os.pathsep.join([os.environ.get("PATH", ""), *folders()])
    found = (shutil.which(name, path=where) for name in names)
    return next((each for each in found if each), None)


def need(*names: str) -> str:
    """The path of a program under one of these names; absent, the test skips or fails."""
    return find(*names) or absent(names[0], HINTS[names[0]])


def need_rabbitmq() -> None:
    """Absent RabbitMQ, the test skips or fails."""
    if not (HOME / "bin" / "rabbitmq-server").exists():
        absent("rabbitmq-server", "apt-get install rabbitmq-server, or `make test`")


def need_pango() -> None:
    """Absent Pango, the test skips or fails: no page can be drawn as PDF."""
    libraries = ("pango-1.0", "pangoft2-1.0", "harfbuzz-subset")
    if not all(find_library(name) for name in libraries):
        absent("Pango", f"{PANGO}, or `make run`")


def shared_path() -> Path:
    """Where the shared folder is expected: `HEATWATCH_SHARED`, else beside the clone."""
    return Path(os.environ.get("HEATWATCH_SHARED", ROOT.parent / "shared")).resolve()


@cache
def unpacked(shared: Path) -> str | None:
    """The folder of servers that `shared/bin/unpack` unpacks and checks; None where there is none."""
    script = shared / "bin" / "unpack"
    if not script.is_file():
        return None
    done = subprocess.run(
        [script], capture_output=True, text=True, check=True, stdin=subprocess.DEVNULL
    )
    return done.stdout.strip()


def need_influxd() -> str:
    """influxd of PATH, else of the shared folder beside the clone."""
    if found := find("influxd"):
        return found
    folder = unpacked(shared_path())
    return (shutil.which("influxd", path=folder) if folder else None) or need("influxd")
