"""VIF and VIFE: the codes of EN 13757-3, tables 10 to 15 and annex C, by hand."""

from decimal import Decimal

import pytest

from domain.quantity import Quantity
from domain.unit import Unit
from ingest.codecs.mbus_vif import FIRST, SECOND, Meaning, extended, primary, qualified, scaled

#: (code, name, unit, what 123 comes to)
PRIMARY = [
    (0x00, "energy", "W.h", "0.123"), (0x06, "energy", "W.h", "123000"), (0x0E, "energy", "J", "123000000"),
    (0x10, "volume", "m3", "0.000123"), (0x17, "volume", "m3", "1230"), (0x1B, "mass", "kg", "123"),
    (0x20, "on_time", "s", "123"), (0x22, "on_time", "s", "442800"), (0x27, "operating_time", "s", "10627200"),
    (0x2B, "power", "W", "123"), (0x2F, "power", "W", "1230000"), (0x33, "power", "kJ/h", "123"),
    (0x3B, "flow", "m3/h", "0.123"), (0x46, "flow", "m3/h", "738.0"), (0x49, "flow", "m3/h", "0.00442800"),
    (0x53, "mass_flow", "kg/h", "123"), (0x5A, "supply_temperature", "Cel", "12.3"),
    (0x5D, "return_temperature", "Cel", "1.23"), (0x60, "temperature_difference", "K", "0.123"),
    (0x67, "external_temperature", "Cel", "123"), (0x6B, "pressure", "bar", "123"),
    (0x6E, "heat_cost_units", "1", "123"), (0x78, "fabrication_number", "1", "123"),
]  # fmt: skip
EXTENDED = [
    (FIRST, 0x00, "energy", "W.h", "12300000"), (FIRST, 0x01, "energy", "W.h", "123000000"),
    (FIRST, 0x08, "energy", "J", "12300000000"), (FIRST, 0x0D, "energy", "Mcal_IT", "123"),
    (FIRST, 0x10, "volume", "m3", "12300"), (FIRST, 0x1A, "humidity", "%", "12.3"),
    (FIRST, 0x29, "power", "W", "123000000"), (FIRST, 0x31, "power", "GJ/h", "123"),
    (FIRST, 0x74, "cold_limit", "Cel", "0.123"), (SECOND, 0x49, "voltage", "V", "123"),
    (SECOND, 0x74, "battery_left", "s", "10627200"), (SECOND, 0x6C, "battery_operating_time", "s", "442800"),
    (SECOND, 0x2D, "since_readout", "s", "7380"), (SECOND, 0x17, "error_flags", None, "123"),
]  # fmt: skip


def come_to(meaning: Meaning | None) -> tuple[str, str | None, str]:
    assert meaning is not None
    return meaning.name, meaning.unit, str(scaled(Decimal(123), meaning))


@pytest.mark.parametrize(("code", "name", "unit", "value"), PRIMARY)
def test_the_primary_table(code: int, name: str, unit: str, value: str) -> None:
    assert come_to(primary(code)) == (name, unit, value)


@pytest.mark.parametrize(("table", "code", "name", "unit", "value"), EXTENDED)
def test_the_extended_tables(table: int, code: int, name: str, unit: str, value: str) -> None:
    assert come_to(extended(table, code)) == (name, unit, value)


def test_a_quantity_that_is_kept_comes_in_a_unit_of_it() -> None:
    every = [primary(code) for code in range(128)]
    every += [extended(table, code) for table in (FIRST, SECOND) for code in range(128)]
    kept = {each.code for each in Quantity}
    found = [each for each in every if each is not None and each.quantity in kept]
    assert len(found) > 80
    assert all(Unit.of(each.unit or "").quantity == each.quantity for each in found)


@pytest.mark.parametrize(
    ("vife", "quantity", "said", "value"),
    [
        ("", "energy", (), "123"),
        ("00", "energy", (), "123"),
        ("74", "energy", (), "1.23"),
        ("7d", "energy", (), "123000"),
        ("7a", "energy", (), "123.100"),
        ("3b", "energy", ("forward",), "123"),
        ("743c", "energy", ("backward",), "1.23"),
        ("28", "energy", ("per_input_pulse_0",), "123"),
        ("7c1074", "energy", ("extension_10",), "1.23"),
        ("7f1122", "energy", ("manufacturer_1122",), "123"),
        ("7c", "energy", ("vife_7c",), "123"),
        ("51", "duration", ("duration_50",), "7380"),
    ],
)
def test_vife_change_the_number_or_say_more(
    vife: str, quantity: str, said: tuple[str, ...], value: str
) -> None:
    found = qualified(Meaning("energy", "energy", "W.h"), bytes.fromhex(vife))
    assert (found.quantity, found.said, str(scaled(Decimal(123), found))) == (quantity, said, value)


def test_vife_may_say_that_the_record_is_a_date_or_that_the_meter_has_no_value() -> None:
    energy = Meaning("energy", "energy", "W.h")
    assert qualified(energy, b"\x6f").kind == "date"
    errors = [code for code in range(0x80) if qualified(energy, bytes([code])).failed]
    assert errors == [*range(0x01, 0x10), *range(0x15, 0x1D)]
    for code, said in ((0x12, "average"), (0x14, "relative_deviation"), (0x1D, "standard_conform"),
                       (0x1F, "compact_profile"), (0x10, "vife_10")):  # fmt: skip
        assert qualified(energy, bytes([code])).said == (said,)


def test_codes_without_a_meaning_have_none() -> None:
    assert (primary(0x6F), extended(FIRST, 0x7F - 0x40), extended(SECOND, 0x6E)) == (
        None,
        None,
        None,
    )
