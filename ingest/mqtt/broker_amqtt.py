"""A broker in pure Python for machines where Mosquitto can't be had. It may lose messages.

amqtt drops what was delivered but not acknowledged when its client goes (3,000 of 3,000 in a
try), and knows no persistent session of an anonymous client. So this runs outside the no-loss
claim, and says so: `python -m ingest.mqtt.broker_amqtt HOST PORT`.
"""

import asyncio
import logging
import signal
import sys

WARNING = (
    "CAUTION: no Mosquitto found, so amqtt is the broker. Messages that are on their way when the "
    "ingest worker stops ARE LOST. Install Debian's package mosquitto to keep every reading."
)


def settings(host: str, port: int) -> dict[str, object]:
    """amqtt's configuration: one TCP listener, anonymous clients."""
    return {
        "listeners": {"default": {"type": "tcp", "bind": f"{host}:{port}"}},
        "plugins": {"amqtt.plugins.authentication.AnonymousAuthPlugin": {"allow_anonymous": True}},
    }


async def serve(host: str, port: int, stop: asyncio.Event) -> None:
    """Runs the broker until `stop` is set."""
    from amqtt.broker import Broker

    broker = Broker(settings(host, port))
    await broker.start()
    try:
        await stop.wait()
    finally:
        await broker.shutdown()


async def _main(host: str, port: int) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    await serve(host, port, stop)


def main(arguments: list[str]) -> None:
    """`HOST PORT`; the warning goes to stderr."""
    host, port = arguments
    logging.basicConfig(level=logging.WARNING)
    sys.stderr.write(WARNING + "\n")
    asyncio.run(_main(host, int(port)))


if __name__ == "__main__":
    main(sys.argv[1:])
