"""A strict stand-in for Grafana, where no server can be had.

It answers only what Grafana's own description of its HTTP API lists (the OpenAPI file is read
from domain.formats import Formats
from zoneinfo import ZoneInfo
from the shared folder), refuses unknown properties of a body, and wants the token.
"""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from domain.formats import Formats

ZONE = "Asia/Shanghai"
FORMATS = Formats("en", ZoneInfo(ZONE))
TOKEN = "only-for-this-test"


class StandIn(ThreadingHTTPServer):
    """Remembers the dashboards it was given."""

    def __init__(self, description: dict[str, Any]) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.paths = description["paths"]
        self.schemas = description["components"]["schemas"]
        self.saved: list[dict[str, Any]] = []

    def fault(self, method: str, path: str, body: Any) -> str | None:
        """What is wrong with a call, or None."""
        operation = self.paths.get(path.removeprefix("/api"), {}).get(method)
        if not path.startswith("/api/") or operation is None:
            return f"{method} {path} is not in the description"
        schema = operation["requestBody"]["content"]["application/json"]["schema"]
        known = self.schemas[schema["$ref"].rsplit("/", 1)[1]]["properties"]
        unknown = set(body) - set(known)
        return f"unknown properties {sorted(unknown)}" if unknown else None


class Handler(BaseHTTPRequestHandler):
    server: StandIn

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if self.headers.get("Authorization") != f"Bearer {TOKEN}":
            self._answer(401, {"message": "Invalid API key"})
            return
        fault = self.server.fault("post", self.path, body)
        if fault is not None:
            self._answer(400, {"message": fault})
            return
        self.server.saved.append(body)
        uid = body["dashboard"]["uid"]
        self._answer(
            200, {"id": 1, "uid": uid, "url": f"/d/{uid}", "status": "success", "version": 1}
        )

    def _answer(self, code: int, body: dict[str, Any]) -> None:
        data = json.dumps(body).encode()
        self.send_response(code)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, format: str, *args: object) -> None:
        """Quiet."""


@contextmanager
def stand_in(description: Path) -> Iterator[StandIn]:
    server = StandIn(json.loads(description.read_text(encoding="utf-8")))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
