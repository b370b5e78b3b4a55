"""CJ/T 188: answers by hand and of every order of bytes, profiles of makers, errors of meters."""

from decimal import Decimal
from itertools import product

import pytest
from hypothesis import given, seed, settings
from hypothesis import strategies as st

from domain.quality import TimeKind
from ingest.codecs import cjt188_frames, codec_of
from ingest.codecs.examples import BEGIN_US
from ingest.codecs.memory import Memory
from ingest.codecs.message import Decoded, Message, Reason, Sample
from ingest.config import FeedConfig
from ingest.drivers.load import Bit, Driver, Profile, Status
from tests.ingest.codecs.cjt188_encoder import STANDARD, Maker
from tests.ingest.codecs.test_frame_kinds import DLT645

FEED = FeedConfig(name="dtu", topic="dtu/+", format="cjt188", zone="Asia/Shanghai")
#: By hand: heat meter 0000004711 of maker 1111; settlement day 12,345.67 kWh, now 23,456.78 kWh,
#: 34.50 kW, 0.5430 m3/h, 56,108.00 m3, 101.69 and 46.16 °C, 985 h, 2026-11-22 13:30:00, no fault.
BY_HAND = bytes.fromhex(
    "fe fe fe 68 20 11 47 00 00 00 11 11 81 2e 1f 90 05"
    " 67 45 23 01 05  78 56 34 02 05  50 34 00 00 17  30 54 00 00 35  00 08 61 05 2c"
    " 69 01 01  16 46 00  85 09 00  00 30 13 22 11 26 20  00 00 42 16"
)
EXAMPLE = (
    FEED,
    [
        Message("dtu/1", BY_HAND, BEGIN_US),
        Message("dtu/1", Maker("high", "first").heat().hex(" ").encode(), BEGIN_US + 1),
    ],
)


def read(payload: bytes, feed: FeedConfig = FEED) -> Decoded:
    return codec_of(feed)(Message("dtu/1", payload, BEGIN_US), Memory(feed.name, {}))


def by_channel(payload: bytes, feed: FeedConfig = FEED) -> dict[str, Sample]:
    samples, flaws = read(payload, feed)
    assert not flaws
    return {each.channel: each for each in samples}


def test_an_answer_written_by_hand() -> None:
    found = by_channel(BY_HAND)
    assert [(c, s.quantity, str(s.value), s.unit, s.storage) for c, s in found.items()] == [
        ("energy_storage1", "energy", "12345670.00", "W.h", 1),
        ("energy", "energy", "23456780.00", "W.h", 0),
        ("power", "power", "34500.00", "W", 0),
        ("flow", "flow", "0.5430", "m3/h", 0),
        ("volume", "volume", "56108.00", "m3", 0),
        ("supply_temperature", "temperature", "101.69", "Cel", 0),
        ("return_temperature", "temperature", "46.16", "Cel", 0),
        ("operating_time", "operating_time", "3546000", "s", 0),
    ]
    assert {(s.device, s.formerly) for s in found.values()} == {("11110000004711", ("4711",))}
    assert {s.faults for s in found.values()} == {()}
    kept = found.pop("energy_storage1")  # of which day the answer does not say
    assert (kept.at_us, kept.time_kind, kept.republished) == (None, None, True)
    assert {(s.at_us, s.time_kind, s.republished) for s in found.values()} == {
        (1795325400000000, TimeKind.METER, False)
    }


def test_every_order_of_bytes_comes_to_the_same() -> None:
    found = by_channel(BY_HAND)
    for digits, unit in product(("low", "high"), ("last", "first")):
        assert by_channel(Maker(digits, unit).heat()) == found


def test_a_clock_of_a_zone_that_nobody_knows_is_no_time() -> None:
    found = by_channel(BY_HAND, FEED.model_copy(update={"zone": None}))
    assert {(s.at_us, s.time_kind) for s in found.values()} == {(None, None)}
    assert {s.message_key for s in found.values()} == {"5@2026-11-22T13:30:00"}


@pytest.mark.parametrize(
    ("code", "unit", "value"),
    [
        (0x01, "J", "12345.67"), (0x02, "W.h", "12345.67"), (0x05, "W.h", "12345670.00"),
        (0x08, "W.h", "12345670000.00"), (0x0A, "W.h", "1234567000000.00"), (0x0B, "J", "12345670.00"),
        (0x0E, "J", "12345670000.00"), (0x11, "J", "12345670000000.00"), (0x13, "J", "1234567000000000.00"),
    ],
)  # fmt: skip
def test_units_of_energy(code: int, unit: str, value: str) -> None:
    sent = ((1234567, code), (1234567, code), *STANDARD[2:])
    found = by_channel(Maker().heat(sent))["energy"]
    assert (found.unit, str(found.value)) == (unit, value)


def test_a_meter_of_cold_counts_cold() -> None:
    assert list(by_channel(Maker().heat(kind=0x21)))[:2] == [
        "cooling_energy_storage1",
        "cooling_energy",
    ]


@pytest.mark.parametrize(
    ("status", "words", "failing"),
    [
        ("0000", (), set()),
        ("0100", ("VALVE_CLOSED",), set()),
        ("0300", ("VALVE_ERROR",), set()),
        ("0400", ("LOW_BATTERY",), set()),
        ("0800", ("STATUS_0008",), {"power", "flow", "supply_temperature"}),
        (
            "0580",
            ("VALVE_CLOSED", "LOW_BATTERY", "STATUS_8000"),
            {"power", "flow", "supply_temperature"},
        ),
    ],
)
def test_a_zero_of_a_meter_in_error_is_unknown(
    status: str, words: tuple[str, ...], failing: set[str]
) -> None:
    sent = (*STANDARD[:2], (0, 0x17), (0, 0x35), STANDARD[4])
    found = by_channel(Maker().heat(sent, (0, 4616), hours=0, status=bytes.fromhex(status)))
    assert {c for c, s in found.items() if s.failed} == failing
    assert {s.faults for s in found.values()} == {words}


@pytest.mark.parametrize(
    ("sent", "value"),
    [
        ("690101", "101.69"),
        ("5000f0", "-0.50"),
        ("500080", "-0.50"),
        ("ffffff", None),
        ("eeee0e", None),
    ],
)
def test_a_temperature_may_be_below_zero_or_none(sent: str, value: str | None) -> None:
    frame = bytearray(Maker().heat())
    frame[39:42] = bytes.fromhex(sent)
    frame[-2] = sum(frame[:-2]) & 255
    found = by_channel(bytes(frame))["supply_temperature"]
    assert (None if found.value is None else str(found.value), found.failed) == (
        value,
        value is None,
    )


#: A maker who sends its address straight, its own code for kWh, flow with two decimals, and says by
#: a bit that a sensor of temperature is broken.
ODD = Driver(
    name="odd", formats=("cjt188",), manufacturer="2233", telegrams=(),
    status=(Status((Bit(0x0100, "SUPPLY_SENSOR", ("supply_temperature",)),)),),
    profile=Profile(address="high", data="high", unit="first", units={"F5": 0x05}, decimals={"flow": 2}),
)  # fmt: skip


def test_a_maker_that_deviates_has_a_profile(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        cjt188_frames, "driver_of", lambda form, maker: ODD if maker == "2233" else None
    )
    maker = Maker("high", "first", "high")
    sent = ((1, 0xF5), (1234567, 0xF5), *STANDARD[2:])
    frame = maker.heat(sent, (0, 4616), device="22330000004711", clock="0", status=b"\0\1")
    found = by_channel(frame)
    assert {s.device for s in found.values()} == {"22330000004711"}
    assert (str(found["energy"].value), str(found["flow"].value)) == ("12345670.00", "54.30")
    assert {c for c, s in found.items() if s.failed} == {"supply_temperature"}
    assert found["flow"].faults == ("SUPPLY_SENSOR",)
    other = maker.heat(
        (*sent[:2], (0, 0x17), *sent[3:]), device="22330000004711", clock="0", status=b"\0\3"
    )
    more = by_channel(other)
    assert more["power"].faults == ("SUPPLY_SENSOR", "STATUS_0200")
    assert {c for c, s in more.items() if s.failed} == {"supply_temperature", "power"}


def test_of_several_frames_the_good_ones_are_kept() -> None:
    wrong = Maker().frame(b"\1", device="11110000004711", control=0xC1)
    samples, flaws = read(BY_HAND + wrong + BY_HAND)
    assert (len(samples), [flaw.reason for flaw in flaws]) == (16, [Reason.UNDECODABLE])
    samples, flaws = read(BY_HAND + DLT645)
    assert (len(samples), flaws[0].detail) == (8, "a frame of DL/T 645 (electricity meters)")


def test_a_feed_says_the_order_of_its_meters() -> None:
    sent = Maker("high").heat(clock="0")
    (flaw,) = read(sent)[1]
    assert flaw.detail.endswith("name it in `digits` of the feed")
    named = FeedConfig.model_validate(
        {"name": "dtu", "topic": "dtu/+", "format": "cjt188", "mapping": {"digits": "high"}}
    )
    assert str(by_channel(sent, named)["energy"].value) == "23456780.00"
    in_china = named.model_copy(update={"zone": "Asia/Shanghai"})
    assert by_channel(sent, in_china)["energy"].untimed  # it sends a clock that is none


@pytest.mark.parametrize("payload", [b"", b"\xfe", b"FE FE", b"hello", BY_HAND[:-1]])
def test_what_is_no_answer_is_refused(payload: bytes) -> None:
    samples, (flaw,) = read(payload)
    assert (samples, flaw.reason) == ([], Reason.UNDECODABLE)


@seed(20261127)
@settings(max_examples=200, deadline=None)
@given(
    values=st.lists(st.integers(0, 99_999_999), min_size=5, max_size=5),
    temperatures=st.tuples(st.integers(0, 199_99), st.integers(0, 199_99)),
    hours=st.integers(0, 999_999),
    digits=st.sampled_from(["low", "high"]),
    unit=st.sampled_from(["last", "first"]),
)
def test_what_a_meter_sends_is_what_is_read(
    values: list[int], temperatures: tuple[int, int], hours: int, digits: str, unit: str
) -> None:
    sent = tuple((value, code) for value, (_, code) in zip(values, STANDARD, strict=True))
    found = by_channel(Maker(digits, unit).heat(sent, temperatures, hours=hours))
    power = [1000, 1000, 1000, 1, 1]
    numbers = [
        Decimal(v * f) / (10_000 if c == 0x35 else 100)
        for (v, c), f in zip(sent, power, strict=True)
    ]
    degrees = [Decimal(each) / 100 for each in temperatures]
    assert [each.value for each in found.values()] == [*numbers, *degrees, hours * 3600]
