"""Listens to a broker for a while, as a client of its own that leaves nothing behind there."""

import time
from collections.abc import Callable, Sequence

import paho.mqtt.client as mqtt
from paho.mqtt.enums import CallbackAPIVersion
from paho.mqtt.reasoncodes import ReasonCode

from domain.errors import ServerMissing, WrongCall
from domain.language import msg
from ingest.config import BrokerConfig
from ingest.connect.seen import Seen
from ingest.mqtt.link import sign_in

#: How long the broker may take to answer. [s]
ANSWER_S = 10.0


def listen(
    broker: BrokerConfig, filters: Sequence[str], seconds: float, take: Callable[[Seen], bool],
    tick: Callable[[], object] = lambda: None,
) -> None:  # fmt: skip
    """Hands over what comes for so long, or until `take` says that it is enough; `tick` is called often.

    A clean session without a client id of ours: no worker is disturbed, and nothing is queued for it.
    Raises ServerMissing where no broker answers, WrongCall where it refuses us or a filter.

    Parameters
    ----------
    seconds : float
        How long. [s]
    """
    client = mqtt.Client(CallbackAPIVersion.VERSION2, "", clean_session=True)
    wrong: list[WrongCall] = []
    ready, enough = [False], [False]

    def on_connect(
        _client: object, _data: object, _flags: object, reason: ReasonCode, _: object
    ) -> None:
        if reason.is_failure:
            wrong.append(
                WrongCall(msg("the broker refuses the connection: {why}", why=str(reason)))
            )
        else:
            client.subscribe([(each, 0) for each in filters])

    def on_subscribe(
        _client: object, _data: object, _mid: int, reasons: list[ReasonCode], _: object
    ) -> None:
        refused = [f for f, each in zip(filters, reasons, strict=False) if each.is_failure]
        if refused:
            why = ", ".join(refused)
            wrong.append(WrongCall(msg("the broker refuses the subscription to {why}", why=why)))
        ready[0] = True

    def on_message(_client: object, _data: object, message: mqtt.MQTTMessage) -> None:
        enough[0] = enough[0] or take(Seen(message.topic, bytes(message.payload)))

    client.on_connect, client.on_subscribe, client.on_message = on_connect, on_subscribe, on_message
    sign_in(client, broker)
    _connect(client, broker)
    try:
        asked, end = time.monotonic(), time.monotonic() + seconds
        while not enough[0] and time.monotonic() < end:
            client.loop(0.1)
            tick()
            if wrong:
                raise wrong[0]
            if not ready[0] and time.monotonic() - asked > ANSWER_S:
                raise _missing(broker, msg("it does not answer"))
    finally:
        client.disconnect()


def _connect(client: mqtt.Client, broker: BrokerConfig) -> None:
    try:
        client.connect(broker.host, broker.port)
    except OSError as error:
        raise _missing(broker, error) from None


def _missing(broker: BrokerConfig, why: object) -> ServerMissing:
    where = f"{broker.host}:{broker.port}"
    return ServerMissing(
        msg("the MQTT broker at {where} ({why})", where=where, why=why),
        msg("check --broker HOST:PORT, or [broker] of the configuration"),
    )
