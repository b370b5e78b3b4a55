"""Runs console and API in one web server until told to stop."""

import asyncio
import threading
from zoneinfo import ZoneInfo

import uvicorn
from nicegui import ui

from dashboards.api import build_api
from dashboards.auth import PasswordGate
from dashboards.config import ConsoleConfig
from dashboards.console.page import register
from dashboards.views import View
from domain.errors import WrongCall

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


def serve(
    view: View, config: ConsoleConfig, zone: ZoneInfo, standard_c: float, stop: threading.Event
) -> None:
    """Serves until `stop` is set; `standard_c` is the room standard [°C]."""
    check_reach(config)
    app = build_api(view)
    register(view, zone, standard_c, config.language)
    ui.run_with(app, title="heatwatch", show_welcome_message=False, reconnect_timeout=10.0)
    served = PasswordGate(app, config.password) if config.password else app
    asyncio.run(_serve(served, config, stop))


def check_reach(config: ConsoleConfig) -> None:
    """Beyond loopback the console asks for a password, and won't start without one."""
    if config.host not in LOOPBACK and not config.password:
        raise WrongCall(
            f"console.host = {config.host!r}: beyond {', '.join(sorted(LOOPBACK))} the console "
            "needs a password; set HEATWATCH_CONSOLE_PASSWORD in the environment"
        )


async def _serve(app: object, config: ConsoleConfig, stop: threading.Event) -> None:
    server = uvicorn.Server(
        uvicorn.Config(
            app,  # type: ignore[arg-type]
            host=config.host,
            port=config.port,
            log_level="warning",
            timeout_graceful_shutdown=2,
        )
    )
    server.install_signal_handlers = lambda: None  # type: ignore[attr-defined]
    task = asyncio.create_task(server.serve())
    while not stop.is_set() and not task.done():
        await asyncio.sleep(0.1)
    server.should_exit = True
    await task
