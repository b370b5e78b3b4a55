"""`/metrics` in Prometheus' text format and `/health` of one worker."""

import logging
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from socketserver import ThreadingMixIn
from threading import Thread
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from prometheus_client import CollectorRegistry, ProcessCollector, make_wsgi_app
from prometheus_client.registry import Collector

from domain.errors import WrongCall
from domain.language import msg
from heatwatch.wiring import World
from store.server.single_instance import HeldBy

log = logging.getLogger("heatwatch.metrics")

#: Worker -> what is added to `[metrics] port`.
OFFSETS = {"ingest": 0, "maintenance": 1, "alerts": 2, "mirror": 3}
#: What is wrong with a worker; "" where nothing is.
Health = Callable[[], str]


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class _Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:
        """Each scrape is no line in the worker's log."""


@contextmanager
def serving(world: World, worker: str, health: Health, *collectors: Collector) -> Iterator[None]:
    """While it lasts the worker answers, where `[metrics]` is configured; WrongCall where its port is taken."""
    settings = world.config.metrics
    if settings is None:
        yield
        return
    registry = CollectorRegistry(auto_describe=False)
    ProcessCollector(namespace="heatwatch", registry=registry)
    for each in collectors:
        registry.register(each)
    port = settings.port + OFFSETS[worker]
    try:
        server = make_server(settings.host, port, _app(registry, health), _Server, _Quiet)
    except OSError as error:
        raise WrongCall(
            msg(
                "metrics.port: {worker} can't answer at {host}:{port} ({why}); allowed: a port of which "
                "the next {more} are free, too",
                worker=worker, host=settings.host, port=port, why=error.strerror, more=len(OFFSETS) - 1,
            )
        ) from None  # fmt: skip
    thread = Thread(target=server.serve_forever, args=(0.1,), name="metrics", daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _app(registry: CollectorRegistry, health: Health) -> Any:
    metrics = make_wsgi_app(registry)

    def answer(environ: dict[str, Any], start: Any) -> Iterable[bytes]:
        path = environ["PATH_INFO"]
        try:
            if path == "/metrics":
                return list(metrics(environ, start))
            if path == "/health":
                return _told(start, health())
        except (Exception, HeldBy) as error:  # a store may be away: the answer says so
            log.debug("metrics", exc_info=error)
            return _told(start, f"{type(error).__name__}: {error}".splitlines()[0])
        start("404 Not Found", [("Content-Type", "text/plain; charset=utf-8")])
        return [b"allowed: /metrics, /health\n"]

    return answer


def _told(start: Any, wrong: str) -> Iterable[bytes]:
    status = "503 Service Unavailable" if wrong else "200 OK"
    start(status, [("Content-Type", "text/plain; charset=utf-8")])
    return [f"{wrong or 'well'}\n".encode()]
