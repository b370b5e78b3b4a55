"""Somebody else's JSON: topic pattern and JSON paths from the configuration."""

from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from typing import Any

import msgspec

from domain.language import msg
from ingest.codecs.foreign import Wrong
from ingest.codecs.mapped_records import Lacking, as_word, record_reader
from ingest.codecs.mapped_settings import Ignored, MappedConfig, Records
from ingest.codecs.mapped_shape import shape
from ingest.codecs.memory import Memory
from ingest.codecs.message import Codec, Decoded, Flaw, Message, Reason, Sample
from ingest.codecs.repeats import Repeated, refuse_repeats
from ingest.config import FeedConfig
from ingest.mapping.paths import Found, Several, compile_each, compile_path
from ingest.mapping.steps import ABSENT
from ingest.mapping.topics import topic_pattern, wildcards

__all__ = ["OWN_UNITS", "SETTINGS", "build", "shape"]

_JSON = msgspec.json.Decoder(float_hook=Decimal)
_UNDECODABLE = (
    msgspec.DecodeError, UnicodeDecodeError, InvalidOperation, RecursionError, Repeated, Several,
)  # fmt: skip

#: What JSON of more than one value begins with: broken, it is no text.
_STRUCTURES = (b"{", b"[")

#: What `build` wants in the table `mapping` of its feed.
SETTINGS = MappedConfig
#: A channel without a unit in the mapping is in its quantity's own.
OWN_UNITS = True


def build(feed: FeedConfig) -> Codec:
    """The codec of one feed; its paths are compiled here, once."""
    if not isinstance(feed.mapping, MappedConfig):
        raise ValueError(msg("format = {name!r} needs a table [mapping]", name=feed.format))
    read = _reader(feed, feed.mapping)

    def decode(message: Message, _memory: Memory) -> Decoded:
        try:
            return read(message)
        except Wrong as wrong:
            return [], [Flaw(wrong.reason, str(wrong))]
        except _UNDECODABLE as wrong:
            return [], [Flaw(Reason.UNDECODABLE, str(wrong))]

    return decode


def _reader(feed: FeedConfig, mapping: MappedConfig) -> Callable[[Message], Decoded]:
    pattern = mapping.pattern(feed.topic)
    levels = topic_pattern(pattern)
    load = _loader(mapping)
    by_topic = [_topic_rule(rule) for rule in mapping.ignore if rule.path is None]
    by_content = [_content_rule(rule) for rule in mapping.ignore if rule.path is not None]
    kinds = [_kind_reader(feed, mapping, each) for each in mapping.readers()]

    def read(message: Message) -> Decoded:
        if by_topic and any(rule(message.topic) for rule in by_topic):
            return [], []
        content = load(message.payload)
        if by_content and any(rule(message.topic, content) for rule in by_content):
            return [], []
        match = levels.match(message.topic)
        if match is None:
            raise Wrong(Reason.UNMAPPED, f"topic does not match {pattern!r}")
        return _all_kinds(kinds, content, match.groupdict(), message.received_us)

    return read


Kind = Callable[[Any, dict[str, str], int, list[Sample], list[Flaw]], None]


def _all_kinds(kinds: list[Kind], content: Any, names: dict[str, str], received_us: int) -> Decoded:
    """All kinds of records; that a message has none of one is no fault where it has another."""
    samples: list[Sample] = []
    flaws: list[Flaw] = []
    lacking: list[Flaw] = []
    for kind in kinds:
        try:
            kind(content, names, received_us, samples, flaws)
        except Lacking as wrong:
            lacking.append(Flaw(wrong.reason, str(wrong)))
        except Wrong as wrong:
            flaws.append(Flaw(wrong.reason, str(wrong)))
        except Several as wrong:
            flaws.append(Flaw(Reason.UNDECODABLE, str(wrong)))
    return samples, flaws or ([] if samples else lacking[:1])


def _kind_reader(feed: FeedConfig, mapping: MappedConfig, records: Records) -> Kind:
    """Reads the records of one kind; Lacking where the message has none."""
    one = record_reader(feed, mapping, records)
    if records.each is None:
        return lambda content, names, received_us, samples, flaws: one(
            Found(content, (), names), received_us, samples, flaws
        )
    each, alone = compile_each(records.each), not mapping.records

    def read(
        content: Any,
        names: dict[str, str],
        received_us: int,
        samples: list[Sample],
        flaws: list[Flaw],
    ) -> None:
        found, before = each(content), len(samples) + len(flaws)
        lacking = Lacking(Reason.UNDECODABLE, f"no list of records at {records.each}")
        for record in found:
            kept = {**names, **record.names} if record.names else names
            try:
                one(Found(record.value, record.above, kept), received_us, samples, flaws)
            except Lacking as wrong:
                lacking = wrong
                beside = not isinstance(
                    record.value, dict | list
                )  # as a time beside devices by key
                if alone and not beside and wrong.reason is Reason.UNDECODABLE:
                    flaws.append(Flaw(wrong.reason, str(wrong)))
            except Wrong as wrong:
                flaws.append(Flaw(wrong.reason, str(wrong)))
            except Several as wrong:  # of this record alone
                flaws.append(Flaw(Reason.UNDECODABLE, str(wrong)))
        if before == len(samples) + len(flaws):
            raise lacking

    return read


def _loader(mapping: MappedConfig) -> Callable[[bytes], Any]:
    """Payload to content; one that is no JSON is its text where a path `$` may want it."""
    paths = [r.path for r in mapping.ignore]
    for each in mapping.readers():
        if each.each is None:
            paths += [c.path or each.value for c in each.channels.values()] or [each.value]
    bare = "$" in paths

    def load(payload: bytes) -> Any:
        try:
            content = _JSON.decode(payload)
        except msgspec.DecodeError:
            if not bare or payload.lstrip()[:1] in _STRUCTURES:
                raise
            return payload.decode().strip()
        refuse_repeats(payload, content)
        return content

    return load


def _topic_rule(rule: Ignored) -> Callable[[str], bool]:
    pattern = topic_pattern(wildcards(rule.topic or "#"))
    return lambda topic: pattern.match(topic) is not None


def _content_rule(rule: Ignored) -> Callable[[str, Any], bool]:
    of_topic, get = _topic_rule(rule), compile_path(rule.path or "$")

    def ignores(topic: str, content: Any) -> bool:
        if not of_topic(topic):
            return False
        try:
            found = get(content)
        except Several:  # there is something, and none of it is the one value that is told
            return not rule.absent and not rule.equals
        if rule.absent or found is ABSENT:
            return rule.absent and found is ABSENT
        return not rule.equals or as_word(found) in rule.equals

    return ignores
