"""Wireless M-Bus, EN 13757-4 and OMS: telegrams as a receiver passes them on, decrypted here.

A payload is one telegram, as bytes or in hexadecimal, or one a line; with or without the checksums of
the air. A wired frame is taken as `mbus` takes it. The device is maker, number and medium of the meter
(`HEW.12345678.04`); its number alone holds as long as one meter of this number was heard.
Keys stand in the file that the feed names (`keys_file`), never in the configuration.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import ClassVar
from zoneinfo import ZoneInfo

from pydantic import Field

from ingest.codecs.frame_kinds import foreign, is_mbus
from ingest.codecs.hexadecimal import MOST_BYTES, frame_bytes, frame_or_nothing, is_hexadecimal
from ingest.codecs.mbus import read_frames
from ingest.codecs.mbus_records import Wrong
from ingest.codecs.mbus_samples import clock_of, samples_of
from ingest.codecs.memory import Memory
from ingest.codecs.message import Codec, Decoded, Flaw, Message, Reason, Sample
from ingest.codecs.wmbus_compact import full, read_full
from ingest.codecs.wmbus_counters import Turn, turn_of
from ingest.codecs.wmbus_keys import Keys, read_keys
from ingest.codecs.wmbus_layers import Content, content_of
from ingest.codecs.wmbus_link import Link, link_of
from ingest.codecs.wmbus_numbers import is_alone
from ingest.codecs.wmbus_senders import senders
from ingest.config import FeedConfig, FormatSettings
from ingest.drivers.load import driver_of


class WmbusConfig(FormatSettings):
    """The table `mapping` of such a feed; it may be left out."""

    optional: ClassVar[bool] = True
    decrypted: bool = Field(
        default=False,
        description="whether the receiver decrypts: then what it hands over is believed",
    )


#: What `build` takes in the table `mapping` of its feed.
SETTINGS = WmbusConfig
#: What full frames showed of the form of compact ones, the highest counter of each meter, and whose a number is.
REMEMBERS = True
TAKES_KEYS = True
#: C fields of what meters send by themselves or answer (EN 13757-4, table 12).
_OF_METERS = frozenset({0x44, 0x46, 0x08, 0x18, 0x28, 0x38, 0x47, 0x48})


def recognises(_topic: str, payload: bytes) -> bool:
    """Whether it is a telegram of a meter, with or without the checksums of the air."""
    lines = payload.split()
    first = lines[0] if lines and all(map(is_hexadecimal, lines)) else payload
    data = frame_or_nothing(first)
    try:
        link = link_of(data)
    except Wrong:
        return False
    return foreign(data) is None and link.control in _OF_METERS and link.device.isdecimal()


def build(feed: FeedConfig) -> Codec:
    """The codec of one feed; its keys are read here, its zone is that of the meters' clocks."""
    zone = feed.clocks
    keys = read_keys(feed.keys_file) if feed.keys_file else Keys({})
    decrypted = isinstance(feed.mapping, WmbusConfig) and feed.mapping.decrypted

    def read(link: Link) -> Content:
        return content_of(link, keys.of, decrypted=decrypted)

    def decode(message: Message, memory: Memory) -> Decoded:
        samples: list[Sample] = []
        flaws: list[Flaw] = []
        for payload in _telegrams(message.payload):
            found, wrong = _decode(payload, read, zone, message, memory)
            samples += found
            flaws += wrong
        return samples, flaws

    return decode


def _telegrams(payload: bytes) -> list[bytes]:
    """One a line where every line is of hexadecimal; else the whole is one."""
    if len(payload) > 4 * MOST_BYTES:  # refused below as too long
        return [payload]
    lines = [line for line in payload.splitlines() if line.strip()]
    return lines if len(lines) > 1 and all(map(is_hexadecimal, lines)) else [payload]


def _decode(
    payload: bytes,
    read: Callable[[Link], Content],
    zone: ZoneInfo | None,
    message: Message,
    memory: Memory,
) -> Decoded:
    heard_as: tuple[str, ...] = ()
    try:
        frame = frame_bytes(payload)
        if is_mbus(frame):
            return read_frames(frame, zone, message.received_us)
        other = foreign(frame)
        if other:
            raise Wrong(f"a frame of {other}")
        link = link_of(frame)
        heard_as = senders(link)
        content = read(link)
        turn = turn_of(content, message, memory)
        if turn is Turn.SAME:
            return [], []
        found = _samples(content, zone, message, memory)
        samples = [replace(each, heard_as=heard_as) for each in found]
    except Unseen as wrong:
        return [], [Flaw(Reason.OUT_OF_SEQUENCE, str(wrong), heard_as)]
    except ValueError as wrong:
        return [], [Flaw(Reason.UNDECODABLE, str(wrong), heard_as)]
    if turn is Turn.OLD:
        return _of_then(samples, content)
    return samples, _left_out(content)


class Unseen(Wrong):
    """A compact frame before a full one has shown its form."""


def _samples(
    content: Content, zone: ZoneInfo | None, message: Message, memory: Memory
) -> list[Sample]:
    data, header = content.data, content.header
    if content.compact:
        data = full(data, memory) or b""
        if not data:
            raise Unseen(
                f"a compact frame of meter {header.device}, before a full frame has shown its form"
            )
    records = read_full(data, memory, extended=content.extended and not content.compact)
    driver = driver_of("wmbus", header.manufacturer, header.version, header.medium)
    clock = clock_of(records.records, zone, message.received_us)
    samples = samples_of(header, records, clock, driver)
    if not samples:
        raise Wrong("a telegram without values")
    alone = is_alone(header, memory)
    return samples if alone else [replace(each, formerly=()) for each in samples]


def _of_then(samples: list[Sample], content: Content) -> Decoded:
    """Of an old telegram what the meter itself gives a time: that says nothing of now."""
    timed = [each for each in samples if each.at_us is not None]
    if timed:
        return timed, []
    number = content.counter.number if content.counter else 0
    detail = f"telegram {number} of meter {content.header.device} is older than one before it"
    return [], [Flaw(Reason.IMPLAUSIBLE, detail)]


def _left_out(content: Content) -> list[Flaw]:
    if not content.unproven:
        return []
    detail = (
        f"{content.unproven} bytes behind what meter {content.header.device} encrypts are left out: its "
        "key does not prove them"
    )
    return [Flaw(Reason.UNDECODABLE, detail)]
