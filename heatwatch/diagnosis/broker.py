"""The MQTT broker: whether it answers, takes our login, and what it may have lost of late."""

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import paho.mqtt.client as mqtt
from paho.mqtt.enums import CallbackAPIVersion
from paho.mqtt.reasoncodes import ReasonCode

from domain.delivery_faults import words_of
from domain.errors import ServerMissing
from domain.language import Text, msg
from domain.time import Span
from heatwatch.diagnosis.finding import Finding, State, fault, warning, well
from heatwatch.services.existing_books import existing_books
from heatwatch.wiring import World
from ingest.config import BrokerConfig
from ingest.mqtt.broker import NO_ANSWER, answers
from ingest.mqtt.delivery import faults_of
from ingest.mqtt.link import sign_in
from ingest.mqtt.mosquitto import find_mosquitto
from store.books import revision

#: It has so long to answer a login. [s]
LOGIN_S = 5.0
#: Of this time faults are named.
LATELY = timedelta(days=1)


def check(world: World) -> Iterator[Finding]:
    """The connection, the engine, and faults of delivery of the last day."""
    broker = world.config.broker
    yield _connection(broker)
    yield from _engine(broker)
    yield from _faults(world)


def _connection(broker: BrokerConfig) -> Finding:
    what = msg("broker at {host}:{port}", host=broker.host, port=broker.port)
    if not answers(broker.host, broker.port):
        return fault(what, msg("does not answer"), NO_ANSWER[broker.mode])
    refused = login_refused(broker)
    if refused is None:
        return well(what, msg("answers and takes our login"))
    advice = msg("correct broker.username, HEATWATCH_BROKER_PASSWORD or broker.tls")
    return fault(what, msg("refuses our login: {why}", why=refused), advice)


def login_refused(broker: BrokerConfig) -> str | None:
    """Why a connection under an id of its own is refused; None where it is taken."""
    said: list[ReasonCode] = []
    came = threading.Event()

    def connected(_client: Any, _user: Any, _flags: Any, reason: ReasonCode, _more: Any) -> None:
        said.append(reason)
        came.set()

    client = mqtt.Client(CallbackAPIVersion.VERSION2, protocol=mqtt.MQTTv311)
    client.on_connect = connected
    try:
        sign_in(client, broker)
        client.connect(broker.host, broker.port)
    except (OSError, ValueError) as error:  # TLS, or a file of certificates
        return str(error)
    client.loop_start()
    came.wait(LOGIN_S)
    client.disconnect()
    client.loop_stop()
    if not said:
        return f"no answer within {LOGIN_S:g} s"
    return str(said[0]) if said[0].is_failure else None


def _engine(broker: BrokerConfig) -> Iterator[Finding]:
    if broker.mode == "external":
        return
    what = msg("embedded broker")
    if broker.engine == "rabbitmq":
        yield well(what, msg("RabbitMQ: what it acknowledged is on its disk"))
        return
    advice = msg("where nothing may be lost set [broker] engine = 'rabbitmq'")
    try:
        find_mosquitto()
    except ServerMissing:
        yield fault(
            what,
            msg("amqtt, as no Mosquitto is there: it forgets what waits when it stops"),
            msg("apt-get install mosquitto"),
        )
        return
    found = msg("Mosquitto: killed, it loses what it acknowledged within the last second")
    yield Finding(what, State.WELL, found, advice)


def _faults(world: World) -> Iterator[Finding]:
    now = datetime.now(UTC)
    with existing_books(world.config.store.books) as books:
        if books is None or not revision.is_newest(books):
            return
        found = faults_of(books, span=Span(now - LATELY, now + LATELY))
    for kind in sorted({each.kind for each in found}):
        words = words_of(kind)
        yield warning(words.title, _since(kind, found), words.advice)


def _since(kind: str, found: list[Any]) -> Text:
    times = [each for each in found if each.kind == kind]
    ended = [each.until for each in times]
    if None in ended:
        return msg("goes on; `heatwatch readings lost` lists it")
    last = max(ended)
    return msg("last {at} UTC; `heatwatch readings lost` lists it", at=f"{last:%Y-%m-%d %H:%M}")
