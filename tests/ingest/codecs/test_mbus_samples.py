"""Records as samples: names of channels, times, and what a meter says is wrong."""

import time
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from domain.quality import TimeKind
from domain.time import to_us
from ingest.codecs.mbus_frames import Header, split, telegram
from ingest.codecs.mbus_records import Record, Records
from ingest.codecs.mbus_samples import clock_of, samples_of, verdict_of
from ingest.codecs.mbus_vif import Meaning
from ingest.codecs.message import Sample
from ingest.drivers.load import Bit, Driver, Field, Match, Status
from tests.ingest.codecs.mbus_encoder import Meter, Value, clock, day, decimal, frame, integer

CHINA = ZoneInfo("Asia/Shanghai")


def samples(
    *values: Value, status: int = 0, zone: ZoneInfo | None = CHINA, driver: Driver | None = None
) -> dict[str, Sample]:
    (user,) = split(frame(*values, meter=Meter(status=status)))
    read = telegram(user)
    found = samples_of(read.header, read.records, clock_of(read.records.records, zone, 0), driver)
    assert len({each.channel for each in found}) == len(found)
    return {each.channel: each for each in found}


def test_what_tells_a_record_from_others_of_its_kind_is_in_its_channel() -> None:
    found = samples(
        integer("06", 1), integer("2d", 2), integer("2d", 3, function=1), integer("06", 4, tariff=2),
        integer("14", 5, unit=1), integer("06", 6, storage=1), integer("863b", 7), integer("06", 8),
        integer("2d", 9, function=2, storage=3, tariff=1, unit=1), integer("78", 12345678),
    )  # fmt: skip
    assert list(found) == [
        "energy", "power", "power_max", "energy_tariff2", "volume_unit1", "energy_storage1",
        "energy_forward", "energy_2", "power_min_unit1_tariff1_storage3", "fabrication_number",
    ]  # fmt: skip
    assert {each.storage for each in found.values()} == {0, 1, 3}
    assert {(each.device, each.formerly) for each in found.values()} == {
        ("HEW.12345678.04", ("12345678",))
    }
    assert all(each.optional for each in found.values())


def test_times_are_the_meters_own_in_the_zone_of_its_clock() -> None:
    values = (
        integer("06", 1), integer("06", 2, storage=1), integer("06", 3, storage=2),
        integer("06", 4, storage=3), clock(2026, 1, 5, 8, 30), day(2025, 12, 31, storage=1),
        clock(2026, 1, 1, 0, 0, storage=2),
    )  # fmt: skip
    found = samples(*values)
    now, turn = datetime(2026, 1, 5, 0, 30, tzinfo=UTC), datetime(2025, 12, 31, 16, tzinfo=UTC)
    *dated, undated = found.values()
    expected = [now, turn, turn]  # a day's value is that of its end
    assert [each.at_us for each in dated] == [to_us(each) for each in expected]
    assert {(each.time_kind, each.republished) for each in dated} == {(TimeKind.METER, False)}
    assert (undated.at_us, undated.time_kind, undated.republished) == (None, None, True)
    assert {each.message_key for each in found.values()} == {"7@2026-01-05T08:30:00"}
    for each in samples(*values, zone=None).values():  # nobody knows where its clock hangs
        assert (each.at_us, each.time_kind, each.untimed) == (None, None, False)
        assert each.republished == bool(each.storage)


def test_a_time_that_the_zone_skips_is_none_and_said_to_be_missing() -> None:
    skipped = (integer("06", 1), clock(2026, 3, 29, 2, 30))
    found = samples(*skipped, zone=ZoneInfo("Europe/Berlin"))["energy"]
    assert (found.at_us, found.untimed) == (None, True)
    invalid = Value(b"\x6d", 0x4, bytes([0x80 | 30, 8, 5 | 2 << 5, 1 | 3 << 4]))
    for sent in (invalid, clock(2026, 1, 5, 8, 30, function=3)):
        found = samples(integer("06", 1), sent)["energy"]
        assert (found.at_us, found.untimed, found.republished) == (None, True, False)
    assert not samples(integer("06", 1))["energy"].untimed  # it sends no clock


def test_what_is_kept_under_an_invalid_date_is_not_of_now() -> None:
    never = Value(b"\x6c", 0x2, b"\0\0", storage=1)
    found = samples(integer("06", 1), clock(2026, 1, 5, 8, 30), integer("06", 2, storage=1), never)
    kept = found["energy_storage1"]
    assert (kept.at_us, kept.time_kind, kept.republished) == (None, None, True)
    assert not found["energy"].republished


def test_the_bit_of_summer_time_says_which_pass_of_a_repeated_hour_is_meant() -> None:
    wall = clock(2026, 10, 25, 2, 30)
    summer = replace(wall, data=bytes([wall.data[0], wall.data[1] | 0x80]) + wall.data[2:])
    first, second = (datetime(2026, 10, 25, hour, 30, tzinfo=UTC) for hour in (0, 1))
    berlin = ZoneInfo("Europe/Berlin")
    for sent, received, meant in (
        (summer, second, first), (summer, first, first), (wall, second, second), (wall, first, first),
    ):  # fmt: skip
        (user,) = split(frame(integer("06", 1), sent))
        read = telegram(user)
        times = clock_of(read.records.records, berlin, to_us(received))
        assert times.at(0) == (to_us(meant), False)


@pytest.mark.parametrize(
    ("status", "words", "failing"),
    [
        (0x00, (), set()),
        (0x01, ("BUSY",), set()),
        (0x02, ("ERROR",), {"energy", "power"}),
        (0x03, ("ALARM",), set()),
        (0x04, ("POWER_LOW",), set()),
        (0x08, ("PERMANENT_ERROR",), {"energy", "power", "supply_temperature"}),
        (0x10, ("TEMPORARY_ERROR",), {"energy", "power"}),
        (0x14, ("POWER_LOW", "TEMPORARY_ERROR"), {"energy", "power"}),
        (0xE0, ("MANUFACTURER_E0",), set()),
    ],
)
def test_a_zero_of_a_meter_in_error_is_unknown(
    status: int, words: tuple[str, ...], failing: set[str]
) -> None:
    found = samples(
        integer("06", 0), integer("14", 7), integer("2d", 0), integer("5b", 70),
        integer("06", 0, tariff=1), integer("06", 0, storage=1), integer("22", 0), status=status,
    )  # fmt: skip
    assert {name for name, each in found.items() if each.failed} == failing
    assert {each.faults for each in found.values()} == {words}


def test_a_value_of_an_error_stands_for_the_one_of_now_where_that_is_not_sent() -> None:
    found = samples(
        decimal("2d", 999999, function=3), integer("5b", 7), integer("5b", 9, function=3)
    )
    assert {name: each.failed for name, each in found.items()} == {
        "power": True, "supply_temperature": False, "supply_temperature_error": True,
    }  # fmt: skip
    times = samples(integer("22", 5, function=3))
    assert not times["on_time"].failed  # hours in error are hours


def test_error_flags_that_no_driver_knows_are_told_by_their_number() -> None:
    found = samples(integer("fd17", 0x12, 1), integer("2d", 0))
    assert found["power"].failed
    assert found["power"].faults == ("ERROR_FLAGS_12",)
    assert samples(integer("fd17", 0, 1), integer("2d", 0))["power"].faults == ()


def test_a_record_that_the_meter_says_it_has_not_is_failed_and_a_text_is_no_sample() -> None:
    found = samples(integer("8615", 0), Value(b"\xfd\x10", 0xD, b"\x01a"), Value(b"\x06", 0, b""))
    assert [(each.channel, each.value, each.failed) for each in found.values()] == [
        ("energy", found["energy"].value, True)
    ]


def test_an_average_is_a_value_beside_the_one_of_now() -> None:
    found = samples(integer("e512", 2200, 2), integer("65", 2208, 2))
    assert {name: (str(each.value), each.failed) for name, each in found.items()} == {
        "external_temperature_average": ("22.00", False),
        "external_temperature": ("22.08", False),
    }


def test_a_record_that_the_meter_has_not_does_not_take_the_name_of_one_that_it_has() -> None:
    found = samples(
        integer("8615", 0), integer("06", 7), integer("8615", 0, storage=1), integer("2d", 1)
    )
    assert {name: each.failed for name, each in found.items()} == {
        "energy_error": True, "energy": False, "energy_storage1": True, "power": False,
    }  # fmt: skip


DRIVER = Driver(
    name="HEW test", formats=("mbus",), manufacturer="HEW", telegrams=(),
    fields=(
        Field("heat", Match(name="energy"), quantity="energy", unit="kW.h", factor="0.1"),
        Field("info", Match(head="02ff22")),
    ),
    status=(
        Status((Bit(0x10, "AIR", ("flow",)), Bit(0x20, "NOTE"))),
        Status((Bit(3, "BOTH", ("*",)),), "manufacturer_22"),
    ),
)  # fmt: skip


def test_a_driver_names_channels_and_reads_the_status() -> None:
    found = samples(
        integer("06", 5), integer("3b", 0), integer("2d", 0), integer("ff22", 0, 2),
        status=0x30, driver=DRIVER,
    )  # fmt: skip
    assert [(c, str(s.value), s.unit, s.failed) for c, s in found.items()] == [
        ("heat", "500.0", "kW.h", False), ("flow", "0.000", "m3/h", True),
        ("power", "0", "W", True), ("info", "0", None, False),
    ]  # fmt: skip
    assert found["heat"].faults == ("AIR", "NOTE")
    every = samples(integer("06", 5), integer("ff22", 2, 2), driver=DRIVER)
    assert all(each.failed for each in every.values())


def test_a_bit_that_a_driver_does_not_know_is_an_error() -> None:
    def verdict(status: int, *values: Value) -> tuple[tuple[str, ...], set[str]]:
        found = samples(integer("2d", 0), integer("5b", 70), *values, status=status, driver=DRIVER)
        return found["power"].faults, {name for name, each in found.items() if each.failed}

    assert verdict(0x20) == (("NOTE",), set())
    assert verdict(0x28) == (
        ("NOTE", "PERMANENT_ERROR"), {"power", "supply_temperature"},
    )  # fmt: skip
    assert verdict(0, integer("ff22", 0x100, 2)) == (("MANUFACTURER_22_100",), {"power"})


def test_a_verdict_says_each_word_once() -> None:
    (user,) = split(frame(integer("fd17", 1, 1), integer("fd17", 1, 1, tariff=1)))
    read = telegram(user)
    assert verdict_of(read.header, read.records, None).words == ("ERROR_FLAGS_1",)


def test_many_records_of_one_name_take_no_longer_than_their_number() -> None:
    records = tuple(
        Record(Meaning("energy", "energy", "W.h"), Decimal(1), 0, 0, 0, 0, b"", False)
        for _ in range(20_000)
    )
    begun = time.process_time()
    found = samples_of(
        Header("1", "HEW", 1, 4, 0, 0), Records(records, b"", False), clock_of((), None, 0)
    )
    assert [each.channel for each in found[:3]] == ["energy", "energy_2", "energy_3"]
    assert len({each.channel for each in found}) == 20_000
    assert time.process_time() - begun < 5  # it was a minute
