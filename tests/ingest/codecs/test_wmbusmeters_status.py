"""Status words, and which values they say are none."""

from decimal import Decimal

import pytest

from ingest.codecs.wmbusmeters_status import verdict_of

#: What a heat meter publishes of now: (field, quantity).
FIELDS = {
    "total_energy_consumption_kwh": "energy", "volume_flow_m3h": "flow", "power_kw": "power",
    "t1_temperature_c": "temperature", "return_temperature_c": "temperature",
    "difference_c": "temperature_difference",
}  # fmt: skip
T1, T2, DIFF, FLOW, POWER = (
    "t1_temperature_c",
    "return_temperature_c",
    "difference_c",
    "volume_flow_m3h",
    "power_kw",
)


@pytest.mark.parametrize(
    ("status", "failing"),
    [
        ("OK", ()),
        ("", ()),
        ("LOW_BATTERY_LEVEL", ()),
        ("IN_A1_LEAKAGE_IN_THE_SYSTEM VOLTAGE_INTERRUPTED", ()),
        ("TEMPORARY_ERROR", ()),
        ("SENSOR_ERROR", (T1, T2, DIFF, POWER)),
        ("SENSOR_T1_ABOVE_MEASURING_RANGE", (T1, DIFF, POWER)),
        ("SENSOR_T2_BELOW_MEASURING_RANGE LOW_BATTERY_LEVEL", (T2, DIFF, POWER)),
        ("ERROR_TEMP_SENSOR_1_CABLE_BREAK", (T1, DIFF, POWER)),
        ("TEMP_DIFF_WRONG_POLARITY", (POWER,)),
        ("FLOW_SENSOR_WEAK_OR_AIR", (FLOW, POWER)),
        ("WRONG_FLOW_DIRECTION", (FLOW, POWER)),
        ("ERROR_FLOW_MEASUREMENT_SYSTEM_ERROR TEMPORARY_ERROR", (FLOW, POWER)),
        ("PERMANENT_ERROR", (FLOW, POWER, T1, T2, DIFF)),
    ],
)
def test_a_word_speaks_of_its_sensor(status: str, failing: tuple[str, ...]) -> None:
    verdict = verdict_of({"status": status})
    found = {f for f, quantity in FIELDS.items() if verdict.fails(f, quantity, Decimal(5), 0)}
    assert found == set(failing)
    assert not any(verdict.fails(f, quantity, Decimal(5), 1) for f, quantity in FIELDS.items())


@pytest.mark.parametrize(
    ("status", "unknown"),
    [
        ("OK", False),
        ("LOW_BATTERY", False),
        ("TEMPORARY_ERROR", True),
        ("SENSOR_ERROR", True),
        ("V1_COMMUNICATION_ERROR", True),
    ],
)
def test_a_zero_beside_an_error_is_no_measurement(status: str, unknown: bool) -> None:
    verdict = verdict_of({"current_status": status})
    assert {verdict.fails(f, q, Decimal(0), 0) for f, q in FIELDS.items()} == {unknown}
    assert not verdict.fails("on_time_h", "duration", Decimal(0), 0)


def test_words_stand_once_and_what_is_no_text_is_none() -> None:
    assert verdict_of({"status": "A,B A", "error_flags": "OK B", "info_codes": 5}).words == (
        "A",
        "B",
    )
