"""Wireless M-Bus, EN 13757-4 and OMS: telegrams as a receiver passes them on, decrypted here.

A payload is one telegram, as bytes or in hexadecimal, or one a line; with or without the checksums of
the air. A wired frame is taken as `mbus` takes it. The device is the meter's number of eight digits.
Keys stand in the file that the feed names (`keys_file`), never in the configuration.
"""

from zoneinfo import ZoneInfo

from ingest.codecs.frame_kinds import foreign, is_mbus
from ingest.codecs.hexadecimal import MOST_BYTES, frame_bytes, is_hexadecimal
from ingest.codecs.mbus import read_frames
from ingest.codecs.mbus_records import Wrong
from ingest.codecs.mbus_samples import clock_of, samples_of
from ingest.codecs.memory import Memory
from ingest.codecs.message import Codec, Decoded, Flaw, Message, Reason, Sample
from ingest.codecs.wmbus_compact import full, read_full
from ingest.codecs.wmbus_keys import Keys, read_keys
from ingest.codecs.wmbus_layers import content_of
from ingest.codecs.wmbus_link import link_of
from ingest.config import FeedConfig
from ingest.drivers.load import driver_of

#: What full frames showed of the form of compact ones.
REMEMBERS = True
TAKES_KEYS = True


def build(feed: FeedConfig) -> Codec:
    """The codec of one feed; its keys are read here, its zone is that of the meters' clocks."""
    zone = ZoneInfo(feed.zone) if feed.zone else None
    keys = read_keys(feed.keys_file) if feed.keys_file else Keys({})

    def decode(message: Message, memory: Memory) -> Decoded:
        samples: list[Sample] = []
        flaws: list[Flaw] = []
        for payload in _telegrams(message.payload):
            found, wrong = _read(payload, keys, zone, message.received_us, memory)
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


def _read(
    payload: bytes, keys: Keys, zone: ZoneInfo | None, received_us: int, memory: Memory
) -> Decoded:
    try:
        frame = frame_bytes(payload)
        if is_mbus(frame):
            return read_frames(frame, zone, received_us)
        other = foreign(frame)
        if other:
            raise Wrong(f"a frame of {other}")
        content = content_of(link_of(frame), keys.of)
        data = content.data
        if content.compact:
            data = full(data, memory) or b""
            if not data:
                return [], [_unseen(content.header.device)]
        records = read_full(data, memory, extended=content.extended and not content.compact)
    except ValueError as wrong:
        return [], [Flaw(Reason.UNDECODABLE, str(wrong))]
    header = content.header
    driver = driver_of("wmbus", header.manufacturer, header.version, header.medium)
    clock = clock_of(records.records, zone, received_us)
    samples = samples_of(header, records, clock, driver)
    empty = [] if samples else [Flaw(Reason.UNDECODABLE, "a telegram without values")]
    return samples, empty


def _unseen(device: str) -> Flaw:
    return Flaw(
        Reason.OUT_OF_SEQUENCE,
        f"a compact frame of meter {device}, before a full frame has shown its form",
    )
