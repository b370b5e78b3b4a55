"""Wired M-Bus, EN 13757-2 and -3: frames of heat meters as a level converter or gateway passes them on.

A payload is one frame or several, as bytes or in hexadecimal. The device is maker, number and medium of
the meter (`HEW.12345678.04`); its number alone holds, too. Event times are the meter's own where the feed says the zone of its clocks (`zone`).
"""

from zoneinfo import ZoneInfo

from ingest.codecs.frame_kinds import is_mbus
from ingest.codecs.hexadecimal import frame_bytes, frame_or_nothing
from ingest.codecs.mbus_frames import split, telegram
from ingest.codecs.mbus_records import Wrong
from ingest.codecs.mbus_samples import clock_of, samples_of
from ingest.codecs.memory import Memory
from ingest.codecs.message import Codec, Decoded, Flaw, Message, Reason, Sample
from ingest.config import FeedConfig
from ingest.drivers.load import driver_of


def recognises(_topic: str, payload: bytes) -> bool:
    """Whether it can be of this format alone."""
    return is_mbus(frame_or_nothing(payload))


def build(feed: FeedConfig) -> Codec:
    """The codec of one feed; its zone is that of the meters' clocks."""
    zone = feed.clocks

    def decode(message: Message, _memory: Memory) -> Decoded:
        try:
            data = frame_bytes(message.payload)
        except ValueError as wrong:
            return [], [Flaw(Reason.UNDECODABLE, str(wrong))]
        return read_frames(data, zone, message.received_us)

    return decode


def read_frames(data: bytes, zone: ZoneInfo | None, received_us: int) -> Decoded:
    """What frames one behind the other hold, each whole or refused."""
    samples: list[Sample] = []
    flaws: list[Flaw] = []
    try:
        frames = split(data)
    except Wrong as wrong:
        return [], [Flaw(Reason.UNDECODABLE, str(wrong))]
    for frame in frames:
        try:
            samples += read_frame(frame, zone, received_us)
        except Wrong as wrong:
            flaws.append(Flaw(Reason.UNDECODABLE, str(wrong)))
    if not samples and not flaws:
        flaws.append(Flaw(Reason.UNDECODABLE, "a telegram without values"))
    return samples, flaws


def read_frame(user: bytes, zone: ZoneInfo | None, received_us: int) -> list[Sample]:
    """The samples of a frame's user data; Wrong where it is none of a meter.

    Parameters
    ----------
    zone : ZoneInfo or None
        Of the meters' clocks.
    """
    read = telegram(user)
    header = read.header
    if not header.device:
        raise Wrong("the frame does not say which meter it is of")
    driver = driver_of("mbus", header.manufacturer, header.version, header.medium)
    clock = clock_of(read.records.records, zone, received_us)
    return samples_of(header, read.records, clock, driver)
