"""`heatwatch decode`: bytes to readings, one JSON a line; what is refused goes to stderr."""

import sys
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from domain.errors import WrongCall
from domain.language import msg, sentence_of
from heatwatch.cli.codes import SOME_REFUSED
from heatwatch.cli.options import Config
from heatwatch.output import note_json, say_json
from heatwatch.wiring import DEFAULT_CONFIG

EPILOG = """Examples:

echo '{"channel":"t","time":"2026-11-22T06:00:00Z","value":21.35}' | heatwatch decode --format native --topic heatwatch/v1/A1 -

heatwatch decode --format mapped --feed stations --topic scada/demo/S1-03/telemetry message.json

mosquitto_sub -t 'spBv1.0/#' -F '%t %x' > seen.txt; heatwatch decode --format sparkplug_b seen.txt"""


def register(app: typer.Typer) -> None:
    app.command(epilog=EPILOG)(decode)


def decode(
    file: Annotated[
        str,
        typer.Argument(
            help="a file, or - for stdin: one message, JSON a line, or a topic and hex bytes a line"
        ),
    ],
    form: Annotated[
        str, typer.Option("--format", help="a format of the feeds, e.g. native or mapped")
    ] = "native",
    topic: Annotated[str, typer.Option(help="topic the message came on")] = "heatwatch/v1/device",
    feed: Annotated[str, typer.Option(help="feed of the configuration, for its settings")] = "",
    zone: Annotated[
        str, typer.Option(help="zone of times written without offset; default the feed's")
    ] = "",
    keys: Annotated[
        Path | None, typer.Option(help="a file with keys of meters; default the feed's")
    ] = None,
    config: Config = DEFAULT_CONFIG,
    as_json: Annotated[bool, typer.Option("--json", help="one JSON list instead of lines")] = False,
) -> None:
    """Show the readings in messages, without registry and without keeping anything.

    Readings on stdout, one JSON object a line; what was refused, and what the format would
    publish, on stderr in the same way. Exit 3 when anything was refused.
    """
    from domain.time import to_us
    from ingest.codecs.offline import decode_all
    from ingest.connect.seen import lines

    feeds = [_with(each, zone, keys) for each in _feeds(_known(form), feed, config)]
    messages = lines(_bytes(file), topic)
    chosen = _first_taking(feeds, [each for each, _ in messages[:1]])
    shown = decode_all(chosen, messages, to_us(datetime.now(UTC)))
    found: list[dict[str, Any]] = []
    for samples, flaws in shown.decoded:
        for sample in samples:
            if sample.awaits:
                note_json({"refused": "out_of_sequence", "detail": sample.awaits})
                continue
            found.append(_reading(sample, chosen))
            if not as_json:
                say_json(found[-1], indent=None)
        for flaw in flaws:
            note_json({"refused": flaw.reason, "detail": flaw.detail})
    if as_json:
        say_json(found, indent=None)
    for each in shown.publications:
        note_json({"publish": each.topic, "hex": each.payload.hex()})
    if any(flaws or any(each.awaits for each in samples) for samples, flaws in shown.decoded):
        raise typer.Exit(SOME_REFUSED)


def _known(form: str) -> str:
    from ingest.formats import known_format

    try:
        return known_format(form)
    except ValueError as wrong:
        raise WrongCall(msg("--{wrong}", wrong=sentence_of(wrong))) from None


def _with(feed: Any, zone: str, keys: Path | None) -> Any:
    """The feed with what the call says instead."""
    from domain.time import known_zone
    from heatwatch.config import meter_keys
    from ingest.formats import takes_keys

    if keys is not None and not takes_keys(feed.format):
        raise WrongCall(msg("--keys is only used with --format wmbus"))
    try:
        given: dict[str, Any] = {"zone": known_zone(zone)} if zone else {}
    except ValueError as wrong:
        raise WrongCall(msg("--zone: {wrong}", wrong=sentence_of(wrong))) from None
    if takes_keys(feed.format) and (found := keys or feed.keys_file or meter_keys()):
        given["keys_file"] = found
    return feed.model_copy(update=given)


def _feeds(form: str, name: str, config: Path) -> list[Any]:
    """The feed named, else all of the format."""
    from heatwatch.config import load
    from ingest.config import FeedConfig
    from ingest.formats import needs_settings

    if not needs_settings(form) and not name:  # settings stand in the configuration alone
        return [FeedConfig(name="decode", topic="#", format=form)]
    feeds = [f for f in load(config).ingest.feeds if f.format == form]
    chosen = [f for f in feeds if f.name == name] if name else feeds
    if not chosen:
        none = msg("none: {config} has no feed of format {form!r}", config=config, form=form)
        raise WrongCall(
            msg(
                "--feed {name!r} is no feed of format {form!r}; allowed: {allowed}",
                name=name, form=form, allowed=", ".join(f.name for f in feeds) or none,
            )
        )  # fmt: skip
    return chosen


def _first_taking(feeds: list[Any], topics: list[str]) -> Any:
    """The first feed that takes the first message's topic, else the first."""
    from ingest.mapping.topics import covers

    return next((f for f in feeds for topic in topics if covers(f.levels, topic)), feeds[0])


def _bytes(file: str) -> bytes:
    if file == "-":
        return sys.stdin.buffer.read()
    try:
        return Path(file).read_bytes()
    except OSError as error:
        if isinstance(error, FileNotFoundError):
            raise WrongCall(
                msg("file {file} is not there; - reads from stdin", file=file)
            ) from None
        raise WrongCall(
            msg(
                "file {file} can't be read ({why}); - reads from stdin",
                file=file, why=error.strerror,
            )
        ) from None  # fmt: skip


def _reading(sample: Any, feed: Any) -> dict[str, Any]:
    """All that a sample says; null is what neither the message nor its format says."""
    from domain.quality import TimeKind
    from domain.time import from_us

    kind = feed.time_kind if sample.time_kind is None else sample.time_kind
    kind = TimeKind.RECEIVER if sample.at_us is None else kind
    quantity, unit = _measure(sample)
    answer = {
        "device": sample.device,
        "quantity": quantity,
        "channel": sample.channel,
        "unit": unit,
        "value": sample.value,
        "quality": _quality(sample).name,
        "at": None if sample.at_us is None else from_us(sample.at_us),
        "time_kind": kind.name.lower(),
        "storage": sample.storage,
        "message_key": sample.message_key or None,
    }
    if sample.revision:
        answer["revision"] = sample.revision
    if sample.corrected:
        answer["clock"] = "corrected"
    if sample.untimed:
        answer["clock"] = "missing: the time of receipt stands in"
    if sample.faults:
        answer["faults"] = sample.faults
    return answer


def _measure(sample: Any) -> tuple[str | None, str | None]:
    """Quantity and unit: each is known by the other where one of them alone is said."""
    from domain.quantity import Quantity
    from domain.unit import Unit

    quantity, unit = sample.quantity or None, sample.unit
    with suppress(ValueError):  # what is measured need not be a quantity of ours
        if quantity is None and unit is not None:
            quantity = Unit.of(unit).quantity
        elif unit is None and quantity is not None:
            unit = Quantity.of(quantity).unit
    return quantity, unit


def _quality(sample: Any) -> Any:
    """The mark that ingest gives by what the sample itself says; when it was received nobody knows."""
    from domain.quality import Quality
    from ingest.mapping.times import YEAR_2000_US

    if sample.failed:
        return Quality.DEVICE_ERROR
    if sample.value is None:
        return Quality.MISSING
    if sample.at_us is not None and sample.at_us < YEAR_2000_US:
        return Quality.CLOCK_WRONG
    if sample.republished:
        return Quality.CLOCK_WRONG if sample.at_us is None else Quality.RETAINED
    if sample.corrected:
        return Quality.CLOCK_CORRECTED
    return Quality.TIME_OF_RECEIPT if sample.untimed else Quality.GOOD
