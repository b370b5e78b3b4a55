"""Wired M-Bus: frames made from the standard, and what libmbus makes of frames of real meters."""

import xml.etree.ElementTree as ET
from decimal import Decimal
from pathlib import Path

import pytest

from ingest.codecs import codec_of
from ingest.codecs.memory import Memory
from ingest.codecs.message import Decoded, Message, Reason, Sample
from ingest.config import FeedConfig
from tests.ingest.codecs.mbus_encoder import Meter, clock, decimal, frame, integer, long_frame
from tests.ingest.small import decode, rows
from tests.shared import shared_folder

FEED = FeedConfig(name="cellars", topic="mbus/+", format="mbus", zone="Asia/Shanghai")
METER = Meter(number=4711, maker="HEW", access=1)
#: A heat meter's answer, by hand: number 00004711, HEW, version 1, heat in the return, access 1;
#: 37,351 kWh; 561.08 m3; 34.7 kW; 101.69 and 46.16 °C; 2026-11-22 13:30.
BY_HAND = bytes.fromhex(
    "68 33 33 68 08 01 72 11 47 00 00 b7 20 01 04 01 00 00 00"
    " 04 06 e7 91 00 00  04 14 2c db 00 00  04 2d 5b 01 00 00"
    " 04 59 b9 27 00 00  04 5d 08 12 00 00  04 6d 1e 0d 56 3b c3 16"
)
EXAMPLE = (
    FEED,
    [
        Message("mbus/1", BY_HAND, 1),
        Message("mbus/1", frame(integer("06", 5), decimal("3b", -12), meter=METER).hex(" ").encode(), 2),
        Message("mbus/1", long_frame(b"\x73\x11\x47\0\0\x02\0\x05\x6e" + bytes(8)), 3),
    ],
)  # fmt: skip


def read(payload: bytes, feed: FeedConfig = FEED) -> Decoded:
    return codec_of(feed)(Message("mbus/1", payload, 0), Memory(feed.name, {}))


def test_an_answer_written_by_hand() -> None:
    samples, flaws = read(BY_HAND)
    assert not flaws
    assert [(s.device, s.channel, str(s.value), s.unit) for s in samples] == [
        ("HEW.00004711.04", "energy", "37351000", "W.h"),
        ("HEW.00004711.04", "volume", "561.08", "m3"),
        ("HEW.00004711.04", "power", "34700", "W"),
        ("HEW.00004711.04", "supply_temperature", "101.69", "Cel"),
        ("HEW.00004711.04", "return_temperature", "46.16", "Cel"),
    ]
    assert {s.at_us for s in samples} == {1795325400000000}  # 05:30 UTC


def test_readings_of_a_meter_are_kept_under_its_number_also_without_the_leading_zeros() -> None:
    meter = Meter(number=0, maker="HEW")
    sent = frame(integer("06", 5), integer("5b", 70), clock(2026, 11, 22, 13, 30), meter=meter)
    feed = FeedConfig(name="cellars", topic="mbus/+", format="mbus")
    outcome = decode([("mbus/1", sent)], (feed,))
    assert [each.reason for each in outcome.refused] == [
        "unmapped"
    ]  # not one device of that number
    assert rows(outcome) == []


@pytest.mark.parametrize(
    ("payload", "why"),
    [
        (b"", "a message without bytes"),
        (b"hello", "no long frame"),
        (BY_HAND + b"\x68", "no long frame"),
        (frame(meter=METER), "a telegram without values"),
        (long_frame(b"\x78\x04\x06" + bytes(4)), "which meter it is of"),
        (frame(meter=METER, behind=b"\x04\x06\x01"), "end within one"),
    ],
)
def test_what_is_no_telegram_is_refused_whole(payload: bytes, why: str) -> None:
    samples, (flaw,) = read(payload)
    assert (samples, flaw.reason) == ([], Reason.UNDECODABLE)
    assert why in flaw.detail


def test_of_several_frames_the_good_ones_are_kept() -> None:
    samples, flaws = read(frame(meter=METER, behind=b"\x04") + BY_HAND)
    assert (len(samples), len(flaws)) == (5, 1)


# -- frames of real meters -------------------------------------------------------------------

#: What libmbus says of an unknown VIFE is not so: behind 6Fh a value is the date of its maximum.
DATES = {"landis+gyr_ultraheat_t230": range(19, 23)}
#: What a number of libmbus is in, in the unit of ours.
UNITS = {"Wh": "W.h", "J": "J", "m^3": "m3", "m^3/h": "m3/h", "W": "W", "K": "K", "s": "s"}


def frames(pattern: str) -> list[Path]:
    return sorted((shared_folder() / "data/vectors/mbus").glob(pattern))


def expected(path: Path) -> list[tuple[Decimal, str, int]]:
    """(value, unit, storage number) of each record that is a number."""
    found = []
    for i, each in enumerate(ET.fromstring(path.read_bytes()).findall("DataRecord")):
        value, unit = each.findtext("Value"), each.findtext("Unit") or ""
        name = path.name.removesuffix(".norm.xml")
        if (
            value is None
            or i in DATES.get(name, ())
            or not value.replace(".", "").lstrip("-").isdigit()
        ):
            continue
        unit = "Cel" if unit.endswith("°C") or unit.endswith("Â°C") else UNITS.get(unit, "")
        found.append((Decimal(value), unit, int(each.findtext("StorageNumber") or 0)))
    return found


def shown(sample: Sample) -> tuple[Decimal, str, int]:
    assert sample.value is not None
    unit = sample.unit if sample.unit in {*UNITS.values(), "Cel"} else ""
    return round(sample.value, 6), unit or "", sample.storage


def test_frames_of_real_meters_hold_what_libmbus_reads_in_them() -> None:
    known = frames("*.norm.xml")
    assert len(known) >= 8
    for path in known:
        hexadecimal = path.with_name(path.name.replace(".norm.xml", ".hex"))
        samples, flaws = read(hexadecimal.read_bytes())
        assert not flaws, path.name
        assert sorted(map(shown, samples)) == sorted(expected(path)), path.name


def test_frames_that_libmbus_refuses_are_refused() -> None:
    for name in ("premature_end_of_data1", "too_many_difes", "too_short_header"):
        (path,) = frames(f"{name}.hex")
        samples, flaws = read(path.read_bytes())
        assert (samples, len(flaws)) == ([], 1), name


def test_a_real_meter_in_error_has_unknown_zeros_and_no_power() -> None:
    (path,) = frames("itron_cf_51.hex")
    samples = {each.channel: each for each in read(path.read_bytes())[0]}
    assert samples["power"].failed
    assert samples["flow"].failed
    assert not samples["volume_unit1"].failed
