"""Runs console and API in one web server until it is stopped."""

import asyncio
import socket
import threading

import uvicorn
from nicegui import ui

from dashboards.api.app import build_api
from dashboards.auth.password_gate import PasswordGate
from dashboards.config import ConsoleConfig
from dashboards.console.letter import register_letters
from dashboards.console.page import register
from dashboards.listen import check_reach, listen
from dashboards.views.companies import Screens
from domain.formats import Formats


def serve(screens: Screens, config: ConsoleConfig, formats: Formats, stop: threading.Event) -> None:
    """Serves until `stop` is set.

    ServerMissing where the port is taken, WrongCall where the console may not listen so.
    """
    check_reach(config)
    with listen(config) as taken:
        app = build_api(screens, formats.language)
        register_letters(app, screens, formats.language)
        register(screens, formats)
        ui.run_with(app, title="heatwatch", show_welcome_message=False, reconnect_timeout=10.0)
        gate = PasswordGate(app, config.password, formats.language) if config.password else app
        asyncio.run(_serve(gate, taken, stop))


async def _serve(app: object, taken: socket.socket, stop: threading.Event) -> None:
    server = uvicorn.Server(
        uvicorn.Config(
            app,  # type: ignore[arg-type]
            log_level="warning",
            timeout_graceful_shutdown=2,
        )
    )
    server.install_signal_handlers = lambda: None  # type: ignore[attr-defined]
    task = asyncio.create_task(server.serve(sockets=[taken]))
    while not stop.is_set() and not task.done():
        await asyncio.sleep(0.1)
    server.should_exit = True
    await task
