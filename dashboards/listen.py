"""The console's socket: taken or not is known before anything else of it is loaded."""

import errno
import socket

from dashboards.config import ConsoleConfig
from domain.errors import ServerMissing, WrongCall
from domain.language import msg

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


def listen(config: ConsoleConfig) -> socket.socket:
    """A listening socket; ServerMissing where the port is taken, WrongCall where it can't be had."""
    family = socket.AF_INET6 if ":" in config.host else socket.AF_INET
    where = f"{config.host}:{config.port}"
    try:
        return socket.create_server((config.host, config.port), family=family, backlog=2048)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise ServerMissing(
                msg("a free port for the console ({where} is taken)", where=where),
                msg("set [console] port to a free one, or stop what listens there"),
            ) from None
        raise WrongCall(
            msg(
                "console.host, console.port: {where} can't be listened on ({why}); allowed: "
                "an address of this machine and a port from 1024, or 0 for any free one",
                where=where,
                why=error.strerror or error,
            )
        ) from None


def check_reach(config: ConsoleConfig) -> None:
    """Beyond loopback the console asks for a password, and won't start without one."""
    if config.host not in LOOPBACK and not config.password:
        raise WrongCall(
            msg(
                "console.host = {host!r}: beyond {allowed} the console needs a password; set "
                "HEATWATCH_CONSOLE_PASSWORD in the environment",
                host=config.host,
                allowed=", ".join(sorted(LOOPBACK)),
            )
        )
