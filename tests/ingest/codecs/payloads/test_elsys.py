"""ELSYS: types before values."""

import pytest

from tests.ingest.codecs.payloads import read


def test_values_that_are_readings_are_told_apart_from_the_others() -> None:
    written = "0100e2 0229 040027 0506 060308 070e10 0b00000005 12 00 14000f6950 0f01"
    assert read("elsys", written, 5) == [
        ("temperature", "22.6", "Cel"), ("humidity", "41", "%"), ("co2", "776", "[ppm]"),
        ("pressure", "1010.000", "hPa"),
    ]  # fmt: skip


def test_temperatures_below_zero_and_several_probes() -> None:
    assert read("elsys", "01ff9c 0c00d7 19ffe7 190014 10000500ff", 5) == [
        ("temperature", "-10.0", "Cel"), ("external_temperature", "21.5", "Cel"),
        ("external_temperature_2", "-2.5", "Cel"), ("external_temperature_3", "2.0", "Cel"),
        ("ir_internal_temperature", "0.5", "Cel"), ("ir_external_temperature", "25.5", "Cel"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("written", "said"),
    [("0100e2 ff00", "type FFh at byte 3 is not known"), ("0100e2 01", "ends inside the value at byte 3"),
     ("0100e2 0100", "ends inside the value at byte 3")],
)  # fmt: skip
def test_what_is_not_known_is_a_flaw_behind_what_is(written: str, said: str) -> None:
    first, flaw = read("elsys", written, 5)
    assert first == ("temperature", "22.6", "Cel")
    assert said in flaw


def test_settings_are_no_readings() -> None:
    assert read("elsys", "3e0700000000", 5) == []
    assert read("elsys", "0100e2", 6) == []
