"""`heatwatch connect`: from what devices send to feeds of the configuration."""

import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from domain.errors import NoConfiguration, WrongCall
from domain.language import msg
from heatwatch.cli.options import Config, Json
from heatwatch.output import emit, formats, note, spoken_language, writing
from heatwatch.wiring import DEFAULT_CONFIG, World, open_world

if TYPE_CHECKING:
    from ingest.config import BrokerConfig
    from ingest.connect.seen import Kept, Seen

EPILOG = """Examples:

heatwatch connect                                    # a minute on the broker of the configuration

heatwatch connect --broker 10.0.0.5:1883 --topic 'application/#' --seconds 600

mosquitto_sub -t '#' -F '%t %x' -W 60 | heatwatch connect --samples -

heatwatch connect --devices-to new.xlsx              # what is to be registered, as a workbook to fill in

heatwatch connect --samples seen.txt --write         # the proposed feeds into heatwatch.toml"""

STANDARD_INPUT = "-"
#: Messages that are looked at, at most.
MOST_MESSAGES = 200_000


def register(app: typer.Typer) -> None:
    app.command(epilog=EPILOG)(connect)


def connect(
    samples: Annotated[
        list[Path] | None,
        typer.Option(
            help="a file of messages (-: standard input), or a folder whose files are payloads, named by "
            "their topics"
        ),
    ] = None,
    broker: Annotated[
        str, typer.Option(metavar="HOST:PORT", help="default the broker of the configuration")
    ] = "",
    topic: Annotated[
        list[str] | None, typer.Option(help="MQTT filter that is listened to; default all")
    ] = None,
    seconds: Annotated[
        float, typer.Option(min=1, max=86_400, help="how long it listens [s]")
    ] = 60.0,
    write: Annotated[
        bool, typer.Option("--write", help="add the proposed feeds to the configuration file")
    ] = False,
    devices_to: Annotated[
        Path | None,
        typer.Option(
            help="the workbook (.xlsx) to make of devices and series that are not registered"
        ),
    ] = None,
    config: Config = DEFAULT_CONFIG,
    as_json: Json = False,
) -> None:
    """Look at what devices send, and propose feeds: formats, mappings, devices to register.

    Listens to a broker, or reads samples. Nothing is kept and no worker is disturbed; the values are shown as
    ingest would keep them. With --write the proposed feeds are added to the configuration, and with --devices-to
    what is not registered becomes a workbook to fill in, which `heatwatch registry import` takes.
    """
    from heatwatch.cli.connect_table import answer_of, table
    from heatwatch.cli.registry_template import refuse_no_new_workbook
    from heatwatch.services.connecting import as_text, known_city, look_at
    from heatwatch.services.connecting import write as write_feeds
    from heatwatch.services.to_register import write_unregistered

    if devices_to is not None:
        refuse_no_new_workbook(devices_to, "--devices-to")
    world = _world(config, needed=write or not (samples or broker))
    city = known_city(world)
    kept = _seen(world, samples or [], broker, topic or ["#"], seconds)
    connected = look_at(city, kept.messages)
    answer = answer_of(connected, kept.count, kept.topics)
    if write:
        answer["written"] = [str(each) for each in write_feeds(config, connected.found.proposed)]
    elif connected.found.proposed:
        answer["configuration"] = as_text(connected.found.proposed)
    if devices_to is not None:
        with writing(devices_to.parent, "--devices-to"):
            made = write_unregistered(
                devices_to, connected.unregistered, city.books, spoken_language()
            )
        answer["to_fill_in"] = str(devices_to) if made else None
    shown_as = world.formats if world else formats(city.zone)
    emit(answer, as_json=as_json, table=lambda data: table(data, shown_as))


def _world(config: Path, *, needed: bool) -> World | None:
    """The configured city; None where there is no configuration, nobody named one and none is needed."""
    try:
        return open_world(config)
    except NoConfiguration:
        if needed or config != DEFAULT_CONFIG:
            raise
    from heatwatch.services.connecting import known_city

    note(
        msg(
            "no {config} here: no feed and no device is known, and times without zone are taken in {zone}",
            config=config, zone=known_city(None).zone,
        )
    )  # fmt: skip
    return None


def _seen(
    world: World | None, samples: Sequence[Path], broker: str, topics: Sequence[str], seconds: float
) -> "Kept":
    from ingest.connect.seen import Kept

    kept = Kept()
    if samples:
        for message in _of_samples(samples):
            kept.add(message)
        if not kept.count:
            named = ", ".join(map(str, samples))
            raise WrongCall(msg("--samples {path}: no message in it", path=named))
    else:
        _listen(_broker(world, broker), topics, seconds, kept)
    return kept


def _of_samples(samples: Sequence[Path]) -> "Iterator[Seen]":
    from ingest.connect.seen import of_data, of_path

    for each in samples:
        if str(each) == STANDARD_INPUT:
            yield from of_data(STANDARD_INPUT, sys.stdin.buffer.read(), "stdin")
            continue
        if not each.exists():
            raise WrongCall(msg("--samples {path} is not there", path=each))
        yield from of_path(each)


def _listen(broker: "BrokerConfig", topics: Sequence[str], seconds: float, kept: "Kept") -> None:
    """For so long, with a line of how far it has come; Ctrl-C ends it earlier."""
    from heatwatch.cli.settle_verify import progress_bar
    from ingest.connect.listen import listen
    from ingest.mapping.topics import checked_topic, wildcards

    filters = []
    for each in topics:
        try:
            filters.append(wildcards(checked_topic(each)))
        except ValueError as wrong:
            raise WrongCall(msg("--topic {topic!r}: {why}", topic=each, why=wrong)) from None
    began = time.monotonic()
    with progress_bar(msg("seconds listened")) as progress:

        def take(message: "Seen") -> bool:
            kept.add(message)
            return kept.count >= MOST_MESSAGES

        def tick() -> None:
            progress(min(int(time.monotonic() - began), int(seconds)), int(seconds))

        try:
            listen(broker, filters, seconds, take, tick)
        except KeyboardInterrupt:
            note(msg("stopped; what came until now is shown"))


def _broker(world: World | None, address: str) -> "BrokerConfig":
    """The broker of the configuration, or one that is named and asks for no password."""
    from pydantic import ValidationError

    from ingest.config import BrokerConfig

    if world is not None and not address:
        return world.config.broker
    host, _, port = address.rpartition(":")
    try:
        return BrokerConfig.model_validate(
            {"mode": "external", "host": host or address, "port": int(port) if host else 1883}
        )
    except (ValueError, ValidationError):
        raise WrongCall(
            msg(
                "--broker {address!r}; allowed: HOST or HOST:PORT, port 1 to 65535", address=address
            )
        ) from None
