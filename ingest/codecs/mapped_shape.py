"""What the compiled reader takes of a mapping: plain paths, levels and keys; the rest is the codec's."""

from ingest.codecs.mapped_settings import (
    ChannelConfig,
    Ignored,
    MappedConfig,
    Records,
    StatusAt,
    UnitAt,
)  # fmt: skip
from ingest.codecs.shape import (
    Channel,
    Guard,
    Key,
    Kind,
    Level,
    Parts,
    Path,
    Shape,
    Status,
    Time,
    Unit,
    Words,
)  # fmt: skip
from ingest.config import FeedConfig
from ingest.mapping.paths import All, Step, is_many, kept_names, plain_steps
from ingest.mapping.places import parts_of
from ingest.mapping.topics import wildcards
from ingest.mapping.written import SERIALS


class _NotPlain(Exception):
    """A mapping that the compiled reader has no steps for."""


def shape(feed: FeedConfig) -> Shape | None:
    """None where a part of the mapping is not plain: filters, slices, serial days, hexadecimal bits."""
    if not isinstance(feed.mapping, MappedConfig):
        return None
    try:
        return _shape(feed, feed.mapping)
    except _NotPlain:
        return None


def _shape(feed: FeedConfig, mapping: MappedConfig) -> Shape:
    pattern = mapping.pattern(feed.topic)
    levels = {each[1:-1]: i for i, each in enumerate(pattern.split("/")) if each[:1] == "{"}
    return Shape(
        kinds=tuple(_kind(mapping, each, levels) for each in mapping.readers()),
        pattern=pattern,
        ignored=tuple(wildcards(r.topic or "#") for r in mapping.ignore if r.path is None),
        guards=tuple(_guard(rule) for rule in mapping.ignore if rule.path is not None),
        missing=mapping.missing,
    )


def _guard(rule: Ignored) -> Guard:
    return Guard(_leading(rule.path or "$"), rule.equals, rule.absent)


def _leading(path: str) -> tuple[Step, ...]:
    """Steps to one value."""
    steps = plain_steps(path)
    if steps is None or any(isinstance(each, All) for each in steps):
        raise _NotPlain(path)
    return steps


def _kind(mapping: MappedConfig, records: Records, levels: dict[str, int]) -> Kind:
    kept = kept_names(records.each) if records.each else []
    each = plain_steps(records.each) if records.each is not None else None
    if records.each is not None and each is None:
        raise _NotPlain(records.each)
    places = _Places(levels, frozenset(kept))
    unit = records.unit or (UnitAt(path="{unit}") if "unit" in places else None)
    long = records.long([*levels, *kept])
    names = [channel.name or code for code, channel in records.channels.items()]
    if long and len(set(names)) < len(names):
        raise _NotPlain("a name of two channels")
    return Kind(
        device=places.at(records.device or "{device}"),
        each=each,
        many=is_many(records.each) if records.each is not None else False,
        channel=places.at(records.channel or "{channel}") if long else None,
        value=_leading(records.value),
        channels=tuple(
            _channel(records, places, code, channel, unit)
            for code, channel in records.channels.items()
        ),
        time=_time(mapping, places, records.time or ("{time}" if "time" in places else None)),
        revision=_revision(places, records.revision),
        unit=_unit(places, unit),
        status=_status(places, records.status),
    )


class _Places:
    """Places of one kind of records: names are levels of the topic or kept keys."""

    def __init__(self, levels: dict[str, int], kept: frozenset[str]) -> None:
        self._levels, self._kept = levels, kept

    def __contains__(self, name: str) -> bool:
        return name in self._levels or name in self._kept

    def at(self, text: str) -> Path | Parts:
        """A path, or the parts of a text."""
        if text.startswith("$"):
            return Path(_leading(text))
        return tuple(self._part(part, named) for part, named in parts_of(text))

    def _part(self, text: str, named: bool) -> Words | Level | Key:
        if not named:
            return Words(text)
        return Key(text) if text in self._kept else Level(self._levels[text])


def _channel(
    records: Records, places: _Places, code: str, channel: ChannelConfig, unit: str | UnitAt | None
) -> Channel:
    return Channel(
        channel.name or code,
        code,
        _leading(channel.path or records.value),
        _unit(places, channel.unit or unit),
        _status(places, channel.status or records.status),
    )


def _time(mapping: MappedConfig, places: _Places, text: str | None) -> Time | None:
    if text is None:
        return None
    if any(each in SERIALS for each in mapping.time_format):
        raise _NotPlain("serial days")
    return Time(
        places.at(text),
        mapping.time_unit,
        mapping.on_missing_time,
        mapping.time_format,
        year_first=not mapping.time_format,
    )


def _revision(places: _Places, text: str | None) -> Path | None:
    at = places.at(text) if text is not None else None
    if at is None or isinstance(at, Path):
        return at
    raise _NotPlain(text)


def _unit(places: _Places, unit: str | UnitAt | None) -> Unit | None:
    if isinstance(unit, UnitAt):
        return Unit(unit.default, places.at(unit.path))
    return Unit(unit) if unit is not None else None


def _status(places: _Places, status: StatusAt | None) -> Status | None:
    if status is None:
        return None
    if status.bad_bits and status.base == 16:
        raise _NotPlain("hexadecimal bits")
    return Status(places.at(status.path), status.good, status.bad, status.bad_bits)
