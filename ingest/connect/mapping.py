"""A feed of anybody's JSON, or of bare numbers: its topic and its table `mapping`, read off from samples."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from domain.language import Text, joined, msg
from ingest.codecs.foreign import load_or_text
from ingest.connect.groups import Group, levels_of
from ingest.connect.records import Records, records_of, values_at
from ingest.connect.words import KINDS, word

Table = dict[str, Any]


@dataclass(frozen=True, slots=True)
class MappedFeed:
    """What is read off: what a feed says, and what a person is to confirm of it."""

    topic: str
    mapping: Table
    zoned: bool = False  # its times are written without offset: it needs a zone
    confirm: tuple[Text, ...] = ()


def mapped_feed(group: Group, zone: str, received_us: int) -> MappedFeed | None:
    """A feed of the group; None where nothing in it is a number.

    Parameters
    ----------
    zone : str
        That its feed will have where times are written without offset.
    received_us : int
        When the messages came, since the epoch. [µs]
    """
    contents = [load_or_text(each.payload) for each in group.messages]
    levels = levels_of(group.topics)
    topics = [topic.split("/") for topic in group.topics]
    if not isinstance(contents[0], dict | list):
        return _bare(levels, topics)
    records = records_of(contents, received_us)
    if records is None:
        return None
    by_topic = _by_topic(records, contents, topics)
    if by_topic:
        levels = _named(levels, {_device_level(levels, topics): "device"})
    mapping = _table(records, with_device=not by_topic)
    confirm = tuple(_of_times(records, zone))
    return MappedFeed("/".join(levels), mapping, records.local_time, confirm)


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
    device = _device_level(levels[:-1], [each[:-1] for each in topics])
    topic = "/".join(_named(levels, {device: "device", last: "channel"}))
    return MappedFeed(topic, {"value": "$"})


def _named(levels: Sequence[str], names: dict[int, str]) -> list[str]:
    return [f"{{{names[i]}}}" if i in names else each for i, each in enumerate(levels)]


def _device_level(levels: Sequence[str], topics: Sequence[Sequence[str]]) -> int:
    """The level of which there are most, else the last one that says no kind of message."""
    many = [len({topic[i] for topic in topics}) for i in range(len(levels))]
    most = max(many)
    if most > 1:
        return max(i for i, each in enumerate(many) if each == most)
    named = [i for i, each in enumerate(levels) if word(each) not in KINDS]
    return max(named, default=len(levels) - 1)


def _by_topic(records: Records, contents: Sequence[Any], topics: Sequence[Sequence[str]]) -> bool:
    """Whether a level says the device: no member does, or one that is the same on many topics."""
    if not records.device:
        return "{device}" not in records.each
    return len(values_at(records, contents)) < len(topics)


def _table(records: Records, *, with_device: bool) -> Table:
    """As the configuration has it."""
    said = {
        "each": records.each, "device": records.device if with_device else "", "channel": records.channel,
        "value": records.value, "unit": records.unit, "time": records.time, "time_unit": records.time_unit,
        "time_format": records.time_format,
    }  # fmt: skip
    table: Table = {key: value for key, value in said.items() if value}
    if records.missing:
        table["missing"] = list(records.missing)
    if records.channels:
        table["channels"] = dict(records.channels)
    return table
