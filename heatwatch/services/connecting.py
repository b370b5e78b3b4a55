"""From messages that devices send to feeds of the configuration: what was found, and what is written."""

import tomllib
from collections.abc import Iterable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import tomlkit
from sqlalchemy.exc import DatabaseError
from tomlkit.items import AoT, Array, InlineTable, Table

from domain.errors import WrongCall
from domain.language import msg
from domain.time import to_us
from heatwatch.config import load
from heatwatch.config_tables import DEFAULT_ZONE
from heatwatch.services.existing_books import existing_books
from heatwatch.wiring import World
from ingest.codecs.message import Sample
from ingest.config import FeedConfig
from ingest.connect.kept import KeptValue, NotThen, kept_values, not_in_force, unregistered
from ingest.connect.propose import Proposed, Tried, propose
from ingest.connect.seen import Seen, as_lines
from store.registry.series import SeriesIndex

#: Messages of a feed that stand in its sample.
MOST_IN_SAMPLE = 20
#: Folder of the samples, beside the configuration.
SAMPLES = "samples"
#: What a feed says only where it is not the default.
SAID = ("name", "topic", "format", "clock", "zone", "mapping")


@dataclass(frozen=True, slots=True)
class Connected:
    """What messages came to."""

    found: Proposed
    values: list[
        KeptValue
    ]  # of registered channels, by the feeds that are there and the proposed ones
    unregistered: dict[str, list[Sample]]  # device -> the newest of each channel that no series has
    not_in_force: Sequence[NotThen] = ()  # registered channels without a row at the time they speak


@dataclass(frozen=True, slots=True)
class KnownCity:
    """What is known of the city whose messages are looked at."""

    feeds: tuple[FeedConfig, ...]
    zone: str  # of times without offset
    books: str  # address; "": there are none
    now: datetime


def known_city(world: World | None) -> KnownCity:
    """Of its configuration; without one there are no feeds, no books, and the zone is the default."""
    if world is None:
        return KnownCity((), DEFAULT_ZONE, "", datetime.now(UTC))
    config = world.config
    return KnownCity(config.ingest.feeds, config.city.zone, config.store.books, world.now())


def look_at(city: KnownCity, messages: Sequence[Seen]) -> Connected:
    """Nothing is kept of it; without books nothing is registered yet."""
    now_us = to_us(city.now)
    found = propose(messages, city.feeds, city.zone, now_us)
    tried = [*found.taken, *found.proposed]
    index = _index(city.books)
    feeds = [*city.feeds, *(each.feed for each in found.proposed)]
    values = kept_values(feeds, index, messages, now_us)
    seen = [each for one in tried for each in one.samples]
    return Connected(found, values, unregistered(index, seen), not_in_force(index, seen, now_us))


def _index(books: str) -> SeriesIndex:
    """The registry's series, none where the books are not there or can't be read."""
    with existing_books(books) if books else nullcontext() as engine:
        if engine is not None:
            try:
                return SeriesIndex.load(engine)
            except DatabaseError:  # of another version, or away
                pass
    return SeriesIndex(0, [()] * 8)


def as_table(feed: FeedConfig) -> dict[str, Any]:
    """A feed as the configuration has it, without what is the default."""
    said = feed.model_dump(mode="json", include=set(SAID), exclude_defaults=True)
    if feed.mapping is not None:  # a table must be there, and an empty one says nothing to a reader
        said["mapping"] = said.get("mapping") or {"value": "$"}
    return {key: _short(said[key]) for key in SAID if key in said}


def _short(value: Any) -> Any:
    """A table that says a path alone is written as the path, and one pattern of times as itself."""
    if not isinstance(value, dict):
        return value
    if len(value.get("time_format", ())) == 1:
        value = value | {"time_format": value["time_format"][0]}
    return value["path"] if [*value] == ["path"] else {key: _short(value[key]) for key in value}


def as_text(tried: Iterable[Tried]) -> str:
    """The tables `[[ingest.feeds]]` of proposed feeds."""
    feeds = tomlkit.aot()
    for each in tried:
        feeds.append(tomlkit.item(as_table(each.feed)))
    ingest = tomlkit.table(is_super_table=True)
    ingest.append("feeds", feeds)
    whole = tomlkit.document()
    whole.append("ingest", ingest)
    return tomlkit.dumps(whole)


def write(path: Path, tried: Sequence[Tried]) -> list[Path]:
    """The feeds behind those of the configuration, each with a sample beside it; the files written.

    Everything else of the configuration stays as it is. Raises WrongCall where it is changed meanwhile so
    that the feeds do not fit; nothing is written then.
    """
    if not tried:
        return []
    text = path.read_text(encoding="utf-8")
    document = tomlkit.parse(text)
    samples: dict[Path, bytes] = {}
    for each in tried:
        table = as_table(each.feed)
        name = f"{SAMPLES}/{each.feed.name}.txt"
        samples[path.parent / name] = as_lines(_sample(each))
        _append(document, table | {"sample": name})
    _end_with_a_line(document)
    for file, data in samples.items():
        if file.exists() and file.read_bytes() != data:
            raise WrongCall(
                msg(
                    "{file} is there already, with other messages; allowed: to remove it or give it "
                    "another name",
                    file=file,
                )
            )
    folder = path.parent / SAMPLES
    if folder.exists() and not folder.is_dir():
        raise WrongCall(
            msg(
                "{file} is a file; allowed: a folder of that name, for samples of feeds",
                file=folder,
            )
        )
    part = path.with_name(f"{path.name}.part")
    part.write_text(_checked(path, tomlkit.dumps(document)), encoding="utf-8")
    try:
        load(part)
    except WrongCall:
        part.unlink()
        raise
    for file, data in samples.items():
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data)
    part.replace(path)
    return [path, *samples]


def _checked(path: Path, text: str) -> str:
    """The new text; WrongCall where the configuration is written so that tables can't be added to it."""
    try:
        tomllib.loads(text)
    except tomllib.TOMLDecodeError as wrong:
        raise WrongCall(
            msg(
                "{path}: feeds can't be added to it as it is written ({why}); write its key `ingest` as a table "
                "[ingest] with lines below it, or copy what is shown without --write into it",
                path=path, why=wrong,
            )
        ) from None  # fmt: skip
    return text


def _append(document: tomlkit.TOMLDocument, table: dict[str, Any]) -> None:
    ingest: Any = document.setdefault("ingest", tomlkit.table(is_super_table=True))
    if not ingest.get("feeds"):  # also where an empty list stands there
        ingest.pop("feeds", None)
        ingest["feeds"] = tomlkit.array() if isinstance(ingest, InlineTable) else tomlkit.aot()
    if isinstance(ingest["feeds"], Array):
        ingest["feeds"].append(table)
        return
    feed: Any = tomlkit.item(table)
    feed.trivia.indent = "\n"  # a line between it and what stands before
    ingest["feeds"].append(feed)


def _end_with_a_line(document: tomlkit.TOMLDocument) -> None:
    """An empty line between the last feed and what stands behind it."""
    last: Any = document["ingest"]["feeds"]
    if isinstance(last, Array):
        return
    while isinstance(last, AoT | Table) and last:
        inner = last[-1] if isinstance(last, AoT) else [*last.values()][-1]
        if not isinstance(inner, AoT | Table):
            break
        last = inner
    last.add(tomlkit.nl())


def _sample(tried: Tried) -> list[Seen]:
    """One message of each topic, as many as fit: what differs is seen first."""
    first = {each.topic: each for each in reversed(tried.messages)}
    return [*first.values()][::-1][:MOST_IN_SAMPLE]
