"""Milesight: channels and types before values, histories with times of their own."""

import pytest

from tests.ingest.codecs.payloads import AT_US, read

SECOND = AT_US // 1_000_000


def record(at: int, tail: str = "") -> str:
    return "20ce" + at.to_bytes(4, "little").hex() + "1001" + "5d" + tail


def test_values_that_are_readings_are_told_apart_from_the_others() -> None:
    written = "01755c 0367dcff 046865 050001 06cb02 077dc402 087d2500 09736827 ff0bff"
    assert read("milesight", written, 85) == [
        ("temperature", "-3.6", "Cel"), ("humidity", "50.5", "%"), ("co2", "708", "[ppm]"),
        ("pressure", "1008.8", "hPa"),
    ]  # fmt: skip
    assert read("milesight", "0367d200 0467d700 059232 060000", 85) == [
        ("temperature", "21.0", "Cel"), ("target_temperature", "21.5", "Cel"),
    ]  # fmt: skip


def test_an_alarm_of_limits_is_a_value_and_a_failed_sensor_is_none() -> None:
    assert read("milesight", "8367d20001 b36701 b46800", 85) == [
        ("temperature", "21.0", "Cel"), ("temperature", None, "Cel", "failed"),
        ("humidity", None, "%", "failed"),
    ]  # fmt: skip


@pytest.mark.parametrize("model", ["Milesight EM300-TH", "milesight-iot/em300-mcs"])
def test_a_history_has_the_times_of_its_records(model: str) -> None:
    written = record(SECOND - 1200, "00") + record(SECOND - 600, "01")
    assert read("milesight", written, 85, model) == [
        ("temperature", "27.2", "Cel", -1200), ("humidity", "46.5", "%", -1200),
        ("temperature", "27.2", "Cel", -600), ("humidity", "46.5", "%", -600),
    ]  # fmt: skip


def test_each_model_has_records_of_its_own() -> None:
    now = "20ce" + SECOND.to_bytes(4, "little").hex()
    assert read("milesight", now + "d2000000", 85, "milesight em500-lgt") == []  # light
    assert read("milesight", now + "6704682719 0173", 85, "EM500-CO2") == [
        ("co2", "1127", "[ppm]", 0), ("pressure", "1008.8", "hPa", 0),
        ("temperature", "28.1", "Cel", 0), ("humidity", "57.5", "%", 0),
    ]  # fmt: skip
    assert read("milesight", now + "1901", 85, "em500-pt100") == [("temperature", "28.1", "Cel", 0)]


def test_a_history_of_a_model_that_nobody_names_is_refused() -> None:
    (flaw,) = read("milesight", record(SECOND, "00"), 85, "room sensor")
    assert "must name the model of, such as EM300-TH" in flaw
    unset = record(40, "00")
    assert read("milesight", unset, 85, "em300-th") == [
        "a record of the log at time 40: its clock was not set"
    ]


def test_an_em500_measures_co2_and_pressure() -> None:
    written = "017564 03671901 046873 057d6704 06736827"  # the maker's example
    assert read("milesight", written, 85, "em500-co2") == [
        ("temperature", "28.1", "Cel"), ("humidity", "57.5", "%"), ("co2", "1127", "[ppm]"),
        ("pressure", "1008.8", "hPa"),
    ]  # fmt: skip
    assert read("milesight", "83d7190114000a 017564", 85) == [("temperature", "28.1", "Cel")]
    assert read("milesight", "017564 039450000000", 85, "em500-lgt") == []


@pytest.mark.parametrize(
    ("written", "said"),
    [("0367d200 fe00", "type fe00h at byte 4 is not known"), ("0367d200 03", "type 03h at byte 4"),
     ("0367d200 0367d2", "ends inside the value at byte 4"),
     ("0367d200 20ce0000", "a history of 4 bytes")],
)  # fmt: skip
def test_what_is_not_known_is_a_flaw_behind_what_is(written: str, said: str) -> None:
    first, flaw = read("milesight", written, 85)
    assert first == ("temperature", "21.0", "Cel")
    assert said in flaw
