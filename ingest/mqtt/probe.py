"""What a broker still holds for a client: messages it sent, or would send, and saw no PUBACK for."""

import time

import paho.mqtt.client as mqtt
from paho.mqtt.enums import CallbackAPIVersion

from domain.errors import ServerMissing
from domain.language import msg
from ingest.config import BrokerConfig
from ingest.mqtt.link import sign_in


def unacknowledged(config: BrokerConfig, client_id: str, *, quiet_s: float = 1.0) -> int:
    """Connects as the worker that has stopped and counts what comes, acknowledging nothing.

    Ends when nothing came for `quiet_s` [s]. ServerMissing without a broker.
    """
    client = mqtt.Client(
        CallbackAPIVersion.VERSION2, client_id, clean_session=False, manual_ack=True
    )
    seen = {"count": 0, "at": time.monotonic()}

    def on_message(_client: object, _data: object, _message: object) -> None:
        seen.update(count=seen["count"] + 1, at=time.monotonic())

    client.on_message = on_message
    sign_in(client, config)
    try:
        client.connect(config.host, config.port)
    except OSError:
        raise ServerMissing(
            msg("the MQTT broker at {host}:{port}", host=config.host, port=config.port),
            msg("start it"),
        ) from None
    while time.monotonic() - seen["at"] < quiet_s:
        client.loop(0.05)
    client.disconnect()
    return int(seen["count"])
