"""Tasmota: sensors by their own number, local times, units of the message."""

import pytest

from tests.ingest.codecs.golden import Hearing, golden

EXAMPLE = golden("tasmota")
NOON_US = 1_795_327_200_000_000
TWO = (
    '{"Time": "2026-11-22T14:00:00", "DS18B20-1": {"Id": "0316A279C7FF", "Temperature": 21.3},'
    ' "DS18B20-2": {"Id": "0517c1fab0ff", "Temperature": 45.1}, "TempUnit": "C"}'
)
SWAPPED = TWO.replace("DS18B20-1", "X").replace("DS18B20-2", "DS18B20-1").replace("X", "DS18B20-2")


@pytest.fixture
def hear() -> Hearing:
    return Hearing("tasmota", "tele/#", zone="Asia/Shanghai")


@pytest.mark.parametrize("payload", [TWO, SWAPPED])
def test_a_sensor_is_known_by_its_id_wherever_it_stands(hear: Hearing, payload: str) -> None:
    assert hear.values("tele/flat12/SENSOR", payload) == {
        "DS18B20-0316A279C7FF.Temperature": "21.3", "DS18B20-0517C1FAB0FF.Temperature": "45.1",
    }  # fmt: skip


def test_one_sensor_keeps_its_channel_when_a_second_comes(hear: Hearing) -> None:
    alone = (
        '{"Time": "2026-11-22T14:00:00", "DS18B20": {"Id": "0316A279C7FF", "Temperature": 21.3}}'
    )
    assert set(hear.values("tele/flat12/SENSOR", alone)) < set(
        hear.values("tele/flat12/SENSOR", TWO)
    )


@pytest.mark.parametrize(
    ("time", "zone", "at_us", "untimed"),
    [
        ('"2026-11-22T14:00:00"', "Asia/Shanghai", NOON_US, False),
        ('"2026-11-22T07:00:00+01:00"', None, NOON_US, False),
        ('"2026-11-22T14:00:00"', None, None, True),
        ("null", "Asia/Shanghai", None, True),
    ],
)
def test_a_local_time_is_of_the_feeds_zone_or_marked(
    time: str, zone: str | None, at_us: int | None, untimed: bool
) -> None:
    hear = Hearing("tasmota", "tele/#", zone=zone)
    samples, _ = hear("tele/a/SENSOR", f'{{"Time": {time}, "SI7021": {{"Humidity": 40}}}}')
    assert [(s.at_us, s.untimed) for s in samples] == [(at_us, untimed)]


@pytest.mark.parametrize(
    ("said", "unit"),
    [('"F"', "[degF]"), ('"C"', "Cel"), ('"K"', "K"), ("null", "Cel"), ('"X"', "X")],
)
def test_the_message_says_the_unit_of_its_temperatures(hear: Hearing, said: str, unit: str) -> None:
    payload = f'{{"Time": "2026-11-22T14:00:00", "A": {{"Temperature": 70}}, "TempUnit": {said}}}'
    assert [s.unit for s in hear("tele/a/SENSOR", payload)[0]] == [unit]


@pytest.mark.parametrize(
    ("topic", "filter_", "device"),
    [
        ("tele/flat12/SENSOR", "tele/+/SENSOR", "flat12"), ("flat12/tele/SENSOR", "#", "flat12"),
        ("tele/block3/flat12/SENSOR", "tele/#", "block3/flat12"),
        ("home/flat12/tele/SENSOR", "home/{device}/#", "flat12"), ("flat12/x", "#", "flat12/x"),
    ],
)  # fmt: skip
def test_the_device_is_what_stands_beside_prefix_and_kind(
    topic: str, filter_: str, device: str
) -> None:
    hear = Hearing("tasmota", filter_, zone="Asia/Shanghai")
    assert {s.device for s in hear(topic, TWO)[0]} == {device}


def test_an_answer_to_a_command_is_read_too_and_a_meter_has_phases(hear: Hearing) -> None:
    payload = (
        '{"StatusSNS": {"Time": "2026-11-22T14:00:00",'
        ' "ENERGY": {"Total": [3.185, 0], "Power": 21, "Voltage": 230}, "X": {"Total": 5}}}'
    )
    assert hear.values("stat/a/STATUS8", payload) == {
        "ENERGY.Power": "21", "ENERGY.Total-1": "3.185", "ENERGY.Total-2": "0",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("topic", "payload"),
    [("tele/a/LWT", "Offline"), ("tele/a/STATE", '{"Wifi": {}}'), ("stat/a/RESULT", "{}"),
     ("cmnd/a/Power", "ON"), ("tele/a/SENSOR", '{"Time": "2026-11-22T14:00:00", "Switch1": "ON"}')],
)  # fmt: skip
def test_what_is_no_reading_is_ignored(hear: Hearing, topic: str, payload: str) -> None:
    assert hear(topic, payload) == ([], [])


def test_a_sensor_that_fails_says_null_and_that_is_missing(hear: Hearing) -> None:
    payload = '{"Time": "2026-11-22T14:00:00", "AM2301": {"Temperature": null, "Humidity": null}}'
    assert set(hear.values("tele/a/SENSOR", payload).values()) == {None}
    assert "no StatusSNS" in hear.refusal("stat/a/STATUS10", "{}")
    assert hear.refusal("tele/a/SENSOR", "[]") == "undecodable: the message is no JSON object"
