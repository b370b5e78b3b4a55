"""Counters of meters: an old telegram that comes again is no reading of now."""

from dataclasses import dataclass, field, replace
from pathlib import Path

from ingest.codecs import codec_of
from ingest.codecs.memory import Memory
from ingest.codecs.message import Decoded, Message, Reason
from ingest.config import FeedConfig
from tests.ingest.codecs import wmbus_encoder as sent
from tests.ingest.codecs.mbus_encoder import Meter, clock, integer

METER = Meter(number=12345678, maker="HEW", access=9)
OTHER_KEY = bytes(15) + b"\1"


@dataclass
class Air:
    """A feed with a key, whose messages come a second apart."""

    feed: FeedConfig
    memory: Memory = field(default_factory=lambda: Memory("air", {}))
    now_us: int = 1_795_327_200_000_000

    def __call__(self, frame: bytes, *, replayed_from: int = 0) -> Decoded:
        self.now_us += 1_000_000
        at_us = replayed_from or self.now_us
        message = Message("wmbus/1", frame, at_us, replayed=bool(replayed_from))
        answer = codec_of(self.feed)(message, self.memory)
        self.memory.accept()
        return answer

    def values(self, frame: bytes, **more: int) -> list[str]:
        samples, flaws = self(frame, **more)
        return [str(each.value) for each in samples] + [str(flaw.reason) for flaw in flaws]


def air(folder: Path, key: bytes = sent.KEY, zone: str | None = None) -> Air:
    (folder / "keys").write_text(f"12345678 = {key.hex()}")
    return Air(
        FeedConfig(
            name="air", topic="wmbus/+", format="wmbus", keys_file=folder / "keys", zone=zone
        )
    )


def numbered(counter: int, energy: int, key: bytes = sent.KEY) -> bytes:
    return sent.mode_7(METER, integer("06", energy), counter=counter, key=key)


def test_an_old_telegram_is_refused_and_one_that_two_receivers_hear_counts_once(
    tmp_path: Path,
) -> None:
    hear = air(tmp_path)
    assert hear.values(numbered(5, 44)) == ["44000"]
    assert hear(sent.format_a(numbered(5, 44))) == ([], [])
    assert hear.values(numbered(1, 0)) == [Reason.IMPLAUSIBLE]
    (flaw,) = hear(numbered(4, 43))[1]
    assert flaw.detail == "telegram 4 of meter 12345678 is older than one before it"
    assert hear.values(numbered(6, 45)) == ["45000"]
    assert hear.values(numbered(6, 46)) == [Reason.IMPLAUSIBLE]  # two of one number


def test_sessions_of_the_extended_link_layer_are_numbered_too(tmp_path: Path) -> None:
    hear = air(tmp_path)
    telegram = b"\x78" + sent.records(integer("06", 44))
    assert hear.values(sent.session(METER, telegram, number=0x200)) == ["44000"]
    assert hear.values(sent.session(METER, telegram, number=0x1FF)) == [Reason.IMPLAUSIBLE]
    other = replace(METER, number=87654321)  # of no key, so in the clear
    assert hear.values(sent.session(other, telegram, key=None, number=1)) == ["44000"]


def test_an_old_telegram_with_the_meters_time_speaks_of_then(tmp_path: Path) -> None:
    hear = air(tmp_path, zone="Asia/Shanghai")
    hear(numbered(9, 50))
    old = sent.mode_7(METER, integer("06", 44), clock(2026, 11, 22, 13, 30), counter=5)
    (sample,) = hear(old)[0]
    assert (str(sample.value), sample.at_us) == ("44000", 1795325400000000)


def test_a_refused_telegram_is_read_when_it_is_replayed(tmp_path: Path) -> None:
    hear = air(tmp_path)
    came_us = hear.now_us
    hear(numbered(9, 50))
    assert hear.values(numbered(5, 44), replayed_from=came_us) == ["44000"]  # it came before
    assert hear.values(numbered(9, 50), replayed_from=came_us + 1_000_000) == ["50000"]
    assert hear.values(numbered(5, 44), replayed_from=hear.now_us) == [Reason.IMPLAUSIBLE]


def test_another_key_begins_anew(tmp_path: Path) -> None:
    hear = air(tmp_path)
    hear(numbered(9, 50))
    again = air(tmp_path, OTHER_KEY)
    again.memory = hear.memory
    assert again.values(numbered(1, 51, OTHER_KEY)) == ["51000"]


def test_what_is_not_proven_is_left_out_and_said(tmp_path: Path) -> None:
    start = sent.address(METER) + bytes([METER.access]) * 8
    plain = sent.records(integer("06", 44))
    data = sent.cbc(sent.KEY, start, plain[:16]) + integer("13", 5).encoded()
    samples, (flaw,) = air(tmp_path)(sent.framed(METER, sent.short(METER, 0x0510, data)))
    assert [each.channel for each in samples] == ["energy"]
    assert flaw.detail.startswith("6 bytes behind what meter 12345678 encrypts are left out")


def test_a_feed_may_take_the_word_of_a_receiver_that_decrypts(tmp_path: Path) -> None:
    hear = air(tmp_path)
    plain = sent.framed(METER, sent.short(METER, 0, integer("06", 44).encoded()))
    (flaw,) = hear(plain)[1]
    assert "`decrypted = true`" in flaw.detail
    settings = {**hear.feed.model_dump(exclude={"mapping"}), "mapping": {"decrypted": True}}
    assert Air(FeedConfig.model_validate(settings)).values(plain) == ["44000"]
