"""A feed of anybody's JSON, or of bare numbers: its topic and its table `mapping`, read off from samples."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from domain.language import Text, joined, msg
from ingest.codecs.foreign import load_or_text
from ingest.connect.groups import Group, levels_of
from ingest.connect.levels import device_levels, is_identifier, widened
from ingest.connect.records import Records, records_of, values_at
from ingest.connect.words import VALUES, word
from ingest.mapping.paths import compile_each

Table = dict[str, Any]
#: Digits of an address on a bus.
MOST_LOCAL = 3
MOST_NAMED = 3  # devices in a sentence


@dataclass(frozen=True, slots=True)
class MappedFeed:
    """What is read off: what a feed says, and what a person is to confirm of it."""

    topic: str
    mapping: Table
    zoned: bool = False  # its times are written without offset: it needs a zone
    confirm: tuple[Text, ...] = ()
    clock: str = "meter"


def mapped_feed(
    group: Group, zone: str, received_us: int, others: Iterable[str] = ()
) -> MappedFeed | None:
    """A feed of the group; None where nothing in it is a number.

    Parameters
    ----------
    zone : str
        That its feed will have where times are written without offset.
    received_us : int
        When the messages came, since the epoch. [µs]
    others : iterable of str
        Topics that it may not take.
    """
    contents = [load_or_text(each.payload) for each in group.messages]
    levels = levels_of(group.topics)
    topics = [topic.split("/") for topic in group.topics]
    if not isinstance(contents[0], dict | list):
        return _bare(levels, topics)
    records = _records(group, contents, received_us)
    if records is None:
        return None
    confirm = tuple(_of_times(records, zone))
    if not _by_topic(records, contents, topics):
        topic = "/".join(levels)
        on_topics = _topics_of(records, group, contents)
        if on_topics and not any(
            map(_is_local, on_topics)
        ):  # else others elsewhere are called so, too
            topic = widened(topic, others)
        if shared := sorted(str(name) for name, where in on_topics.items() if len(where) > 1):
            names = ", ".join(shared[:MOST_NAMED])
            confirm += (msg("{devices}: on several topics, as one device", devices=names),)
        # one time above the records of several devices is of who gathered them
        clock = "gateway" if records.each and records.time_above else "meter"
        table = _table(records, records.device)
        return MappedFeed(topic, table, records.local_time, confirm, clock)
    at: dict[int, str] = {}
    if len(levels) > 2 and _is_one_value(records) and not any(is_identifier(t[-1]) for t in topics):
        at = {len(levels) - 1: "channel"}
        (value,) = records.channels.values()
        records = replace(records, value=value, channels={})
        levels, topics = levels[:-1], [each[:-1] for each in topics]
    named, device = _devices(device_levels(levels, topics))
    topic = "/".join(_named([*levels, *("+" for _ in at)], named | at))
    return MappedFeed(topic, _table(records, device), records.local_time, confirm)


def _records(group: Group, contents: Sequence[Any], received_us: int) -> Records | None:
    """Keys that come on several topics are parts of what these are of, and no devices."""
    records = records_of(contents, received_us)
    if records is None or "{device}" not in records.each:
        return records
    find, seen = compile_each(records.each), dict[str, str]()
    for message, content in zip(group.messages, contents, strict=True):
        for key in (f.names["device"] for f in find(content) if isinstance(f.value, dict)):
            if seen.setdefault(key, message.topic) != message.topic:
                return records_of(contents, received_us, by_key=False)
    return records


def _is_local(name: str | int) -> bool:
    """Whether it is a number that a gateway gives its devices, such as an address on its bus."""
    return len(str(name)) <= MOST_LOCAL and str(name).isdigit()


def _topics_of(
    records: Records, group: Group, contents: Sequence[Any]
) -> dict[str | int, set[str]]:
    """Device that a member says -> topics on which it comes; none where keys say the devices."""
    found: dict[str | int, set[str]] = {}
    if "{device}" not in records.each:
        for message, content in zip(group.messages, contents, strict=True):
            for name in values_at(records, [content]):
                found.setdefault(name, set()).add(message.topic)
    return found


def _is_one_value(records: Records) -> bool:
    """Whether each message holds one number that has no name of its own."""
    names = [*records.channels]
    return not records.each and len(names) == 1 and word(names[0]) in VALUES


def _devices(at: Sequence[int]) -> tuple[dict[int, str], str]:
    """Names of the levels that say the device, and what `device` of the mapping is then; "": nothing."""
    if len(at) == 1:
        return {at[0]: "device"}, ""
    names = {i: f"level{i + 1}" for i in at}
    return names, "-".join(f"{{{name}}}" for name in names.values())


def _of_times(records: Records, zone: str) -> Iterator[Text]:
    """What of the times is a guess."""
    if records.unread_time:
        path, value = records.unread_time
        yield msg(
            "{path} = {value!r} looks like a time and is not read: the time of receipt counts; "
            "time_format says how it is written",
            path=path, value=value,
        )  # fmt: skip
    if records.local_time:
        yield msg(
            "times at {path} say no zone: zone = {zone!r} is the city's; is it their clock's?",
            path=records.time, zone=zone,
        )  # fmt: skip
    if records.other_formats:
        yield msg(
            "times at {path} are read by time_format = {form!r}; they could be {others}, too",
            path=records.time, form=records.time_format,
            others=joined(", ", [*map(repr, records.other_formats)]),
        )  # fmt: skip


def _bare(levels: list[str], topics: Sequence[Sequence[str]]) -> MappedFeed | None:
    """Numbers alone: levels say device and channel."""
    last = len(levels) - 1
    if last < 1:
        return None
    if all(any(map(str.isdigit, each[-1])) for each in topics) and levels[-1] == "+":
        fixed = [each for each in levels if each != "+"]
        mapping: Table = {"channel": fixed[-1] if fixed else "value", "value": "$"}
        return MappedFeed("/".join(_named(levels, {last: "device"})), mapping)
    named, device = _devices(device_levels(levels[:-1], [each[:-1] for each in topics]))
    topic = "/".join(_named(levels, named | {last: "channel"}))
    return MappedFeed(topic, ({"device": device} if device else {}) | {"value": "$"})


def _named(levels: Sequence[str], names: dict[int, str]) -> list[str]:
    return [f"{{{names[i]}}}" if i in names else each for i, each in enumerate(levels)]


def _by_topic(records: Records, contents: Sequence[Any], topics: Sequence[Sequence[str]]) -> bool:
    """Whether a level says the device: no member does, or one that is the same on many topics."""
    if not records.device:
        return "{device}" not in records.each
    return len(values_at(records, contents)) < len(topics)


def _table(records: Records, device: str) -> Table:
    """As the configuration has it."""
    said = {
        "each": records.each, "device": device, "channel": records.channel,
        "value": records.value, "unit": records.unit, "time": records.time, "time_unit": records.time_unit,
        "time_format": records.time_format,
    }  # fmt: skip
    table: Table = {key: value for key, value in said.items() if value}
    if records.missing:
        table["missing"] = list(records.missing)
    if records.channels:
        table["channels"] = dict(records.channels)
    return table
