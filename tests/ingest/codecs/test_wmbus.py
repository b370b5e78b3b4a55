"""Wireless M-Bus: telegrams made from the standard, and those of real meters with their published values."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from domain.time import to_us
from domain.unit import Unit
from ingest.codecs import codec_of
from ingest.codecs.memory import Memory
from ingest.codecs.message import Decoded, Message, Reason, Sample
from ingest.config import FeedConfig
from tests.ingest.codecs import wmbus_encoder as sent
from tests.ingest.codecs.mbus_encoder import Meter, clock, integer
from tests.ingest.codecs.test_frame_kinds import CJT188
from tests.ingest.codecs.test_mbus import BY_HAND
from tests.ingest.codecs.test_wmbus_compact import compact, whole
from tests.shared import shared_folder

FEED = FeedConfig(name="air", topic="wmbus/+", format="wmbus", zone="Asia/Shanghai")
METER = Meter(number=4711, maker="HEW", access=9)
FULL = (integer("06", 44), integer("14", 99), integer("2d", 19, 2))
LATER = (integer("06", 45), integer("14", 101), integer("2d", 20, 2))
#: A meter in the plain, by hand: L 1E, C 44, HEW 00004711 version 1 heat, CI 7A, access 9, no
#: error, no encryption; 37,351 kWh and 70 °C.
PLAIN = bytes.fromhex("18 44 b7 20 11 47 00 00 01 04 7a 09 00 00 00 04 06 e7 91 00 00 01 5b 46 2f")
EXAMPLE = (
    FEED,
    [
        Message("wmbus/1", PLAIN, 1),
        Message("wmbus/1", sent.session(METER, b"\x78" + whole(*FULL), key=None).hex().encode(), 2),
        Message("wmbus/1", sent.session(METER, b"\x79" + compact(*LATER), key=None), 3),
    ],
)


def read(payload: bytes, feed: FeedConfig = FEED, memory: Memory | None = None) -> Decoded:
    return codec_of(feed)(Message("wmbus/1", payload, 0), memory or Memory(feed.name, {}))


def with_keys(folder: Path, text: str) -> FeedConfig:
    (folder / "meters.keys").write_text(text)
    return FEED.model_copy(update={"keys_file": folder / "meters.keys"})


def test_a_telegram_written_by_hand() -> None:
    samples, flaws = read(PLAIN)
    assert not flaws
    assert [(s.device, s.channel, str(s.value), s.unit) for s in samples] == [
        ("HEW.00004711.04", "energy", "37351000", "W.h"),
        ("HEW.00004711.04", "supply_temperature", "70", "Cel"),
    ]


#: OMS specification, volume 2, annex N: a gas meter in mode 5, in frame format A, and its key.
OMS = (
    "2e44931578563412330333637a2a0020255923c95aaa26d1b2e7493bc2ad013ec4a6f6d3529b520edff0ea6defc9"
    "55b29d6d69ebf3ec8a"
)
OMS_KEY = "0102030405060708090a0b0c0d0e0f11"


def test_the_example_of_the_specification_is_decrypted(tmp_path: Path) -> None:
    samples, flaws = read(OMS.encode(), with_keys(tmp_path, f"12345678 = {OMS_KEY}"))
    assert not flaws
    assert [(s.device, s.channel, str(s.value)) for s in samples] == [
        ("ELS.12345678.03", "volume", "28504.27"),
        ("ELS.12345678.03", "error_flags", "0"),
    ]


def test_telegrams_are_decrypted_with_the_keys_of_their_meters(tmp_path: Path) -> None:
    feed = with_keys(tmp_path, f"4711 = {sent.KEY.hex()}\n*={bytes(16).hex()}\n")
    other = replace(METER, number=4712)
    values = (integer("06", 5), clock(2026, 11, 22, 13, 30))
    for made in (sent.mode_5, sent.mode_7):
        for key, meter in ((sent.KEY, METER), (bytes(16), other)):
            samples, flaws = read(sent.format_a(made(meter, *values, key=key)), feed)
            assert not flaws
            assert [(s.channel, str(s.value), s.at_us) for s in samples] == [
                ("energy", "5000", 1795325400000000)
            ]
        _, (flaw,) = read(made(METER, *values, key=bytes(15) + b"\1"), feed)
        assert "the key of meter 00004711" in flaw.detail
        _, (flaw,) = read(made(METER, *values))
        assert "no key of it is there" in flaw.detail


def test_a_compact_frame_before_its_full_one_is_read_when_it_is_replayed() -> None:
    memory = Memory("air", {})
    later = EXAMPLE[1][2].payload
    samples, (flaw,) = read(later, memory=memory)
    assert (samples, flaw.reason) == ([], Reason.OUT_OF_SEQUENCE)
    read(EXAMPLE[1][1].payload, memory=memory)
    assert [str(each.value) for each in read(later, memory=memory)[0]] == ["45000", "1.01", "2000"]


def test_telegrams_may_stand_one_a_line_and_wired_frames_beside_them() -> None:
    lines = [PLAIN.hex(" "), BY_HAND.hex(), "18 44", PLAIN.hex().upper()]
    samples, flaws = read("\n".join(lines).encode())
    assert (len(samples), len(flaws)) == (2 + 5 + 2, 1)
    broken = PLAIN.hex(" ")[:35] + "\n" + PLAIN.hex(" ")[35:]
    assert len(read(broken.encode())[1]) == 2


@pytest.mark.parametrize(
    ("payload", "why"),
    [
        (b"", "without bytes"),
        (b"\xff", "shorter than any"),
        (CJT188, "a frame of CJ/T 188"),
        (sent.framed(METER, b"\x7a\x01\0\0\0\x2f"), "without values"),
        (sent.framed(METER, b"\xa1" + bytes(5)), "CI field A1h"),
    ],
)
def test_what_is_no_telegram_is_refused(payload: bytes, why: str) -> None:
    samples, (flaw,) = read(payload)
    assert (samples, flaw.reason) == ([], Reason.UNDECODABLE)
    assert why in flaw.detail


# -- telegrams of real meters ----------------------------------------------------------------

#: Name of a published value -> channel; what a driver there calls by another name.
NAMES = {
    "total_kwh": "energy", "total_energy_consumption_kwh": "energy", "heat_kwh": "energy",
    "total_volume_m3": "volume", "volume_m3": "volume", "total_water_m3": "volume",
    "power_kw": "power", "power_max_kw": "power_max", "volume_flow_m3h": "flow", "flow_m3h": "flow",
    "flow_water_m3h": "flow", "flow_temperature_c": "supply_temperature", "flow_c": "supply_temperature",
    "forward_c": "supply_temperature", "return_temperature_c": "return_temperature",
    "return_c": "return_temperature", "energy_at_set_date_kwh": "energy_storage1",
    "target_energy_kwh": "energy_storage1", "target_tariff2_kwh": "energy_tariff2_storage1",
    "total_subunit1_m3": "volume_unit1", "current_temperature_c": "external_temperature",
    "current_relative_humidity_rh": "humidity", "temperature_c": "external_temperature",
    "consumption_hca": "heat_cost_units", "base_hca": "heat_cost_units_storage8",
    "target_hca": "heat_cost_units_storage1",
}  # fmt: skip
#: In Wh, m3, m3/h, W of one of a published name's end.
FACTORS = {"kwh": 1000, "kw": 1000}


@cache
def vectors() -> list[dict[str, Any]]:
    text = (shared_folder() / "data/vectors/wmbusmeters.jsonl").read_text("utf-8")
    return [json.loads(line) for line in text.splitlines()]


def in_base(sample: Sample) -> Decimal | None:
    """Joules as watt-hours."""
    if sample.value is None or sample.unit != "J":
        return sample.value
    factor = Unit.of("J").factor
    return sample.value * factor.numerator / factor.denominator


def test_telegrams_of_real_meters_hold_what_is_published_of_them(tmp_path: Path) -> None:
    compared = 0
    for vector in vectors():
        key = vector["key"]
        feed = FEED if key == "NOKEY" else with_keys(tmp_path, f"* = {key}")
        memory = Memory(feed.name, {})
        for telegram in vector["telegrams"]:
            samples, flaws = read(telegram.encode(), feed, memory)
            assert not flaws, vector["args"]
            found = {each.channel: in_base(each) for each in samples}
            assert {each.device.split(".")[1] for each in samples} == {
                vector["expected_json"]["id"]
            }
        for name, value in vector["expected_json"].items():
            if name in NAMES:
                factor = FACTORS.get(name.rsplit("_", 1)[1], 1)
                said = found[NAMES[name]]
                assert said is not None
                assert abs(said - Decimal(repr(value)) * factor) < Decimal("0.001"), (name, said)
                compared += 1
    assert compared >= 40


def test_times_of_real_meters_are_those_that_are_published_of_them() -> None:
    compared = 0
    zone = ZoneInfo("Asia/Shanghai")
    for vector in vectors():
        expected = vector["expected_json"]
        if vector["key"] != "NOKEY" or "heat" not in expected["media"]:
            continue
        memory = Memory(FEED.name, {})
        for telegram in vector["telegrams"]:
            samples, _ = read(telegram.encode(), FEED, memory)
        at = {each.storage: each.at_us for each in samples}
        for key, storage in (("meter_datetime", 0), ("target_date", 1), ("set_date", 1)):
            said = expected.get(key)
            if (
                said is None
                or said.startswith("1999")
                or expected["meter"] in {"qheatv2", "istaheat"}
            ):
                continue  # two keep their last month under another number
            there = datetime.fromisoformat(said).replace(tzinfo=zone)
            there += timedelta(days=storage)  # a day's value is that of its end
            assert at[storage] == to_us(there.astimezone(UTC)), (vector["args"], key)
            compared += 1
    assert compared >= 6
