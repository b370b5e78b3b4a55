"""Values as a reader of a language and zone expects them."""

from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from domain import formats
from domain.formats import Formats
from domain.quantity import Quantity

SHANGHAI = ZoneInfo("Asia/Shanghai")
AT = datetime(2026, 1, 9, 16, 0, 59, tzinfo=UTC)
ZH, EN = Formats("zh", SHANGHAI), Formats("en", SHANGHAI)


def test_times_are_local_and_without_seconds_unless_asked() -> None:
    assert ZH.instant(AT) == EN.instant(AT) == "2026-01-10 00:00"
    assert EN.instant(AT, seconds=True) == "2026-01-10 00:00:59"
    assert ZH.day(date(2026, 1, 10)) == "2026年1月10日"


@pytest.mark.parametrize("quantity", Quantity, ids=lambda each: each.code)
def test_every_quantity_is_shown_in_a_unit_that_people_write(quantity: Quantity) -> None:
    assert not set(ZH.unit(quantity)) & set("[]_.")
    assert ZH.value(0, quantity).strip("0.,") == ""


@pytest.mark.parametrize(
    ("ticks", "quantity", "shown"),
    [
        (18_049, Quantity.TEMPERATURE, "18.0"),
        (-50, Quantity.TEMPERATURE, "0.0"),
        (6_000, Quantity.PRESSURE, "0.600"),
        (1_234_567, Quantity.FLOW, "1,234.57"),
        (277_778, Quantity.ENERGY, "1.00"),
    ],
)
def test_values_are_converted_exactly_and_rounded_once(
    ticks: int, quantity: Quantity, shown: str
) -> None:
    assert EN.value(ticks, quantity).lstrip("-") == shown


@pytest.mark.parametrize("quantity", Quantity, ids=lambda each: each.code)
def test_every_quantity_has_a_unit_to_be_shown_in(quantity: Quantity) -> None:
    assert EN.unit(quantity)
    assert EN.value(0, quantity).strip("0.") == ""


def test_a_quantity_without_a_line_is_shown_in_its_own_unit_as_fine_as_it_is_kept(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for quantity in (Quantity.PRESSURE, Quantity.HUMIDITY):
        monkeypatch.delitem(formats._SHOWN, quantity)
    assert (EN.unit(Quantity.PRESSURE), EN.value(6_000, Quantity.PRESSURE)) == ("Pa", "600,000")
    assert (EN.unit(Quantity.HUMIDITY), EN.value(405, Quantity.HUMIDITY)) == ("%", "40.5")


def test_heat_is_shown_in_the_unit_of_the_setting() -> None:
    homes = Formats("en", SHANGHAI, heat_unit="kWh")
    assert (EN.unit(Quantity.ENERGY), homes.unit(Quantity.ENERGY)) == ("GJ", "kWh")
    assert homes.value(1_000_000, Quantity.ENERGY) == "1,000"


def test_amounts_have_their_currency_where_the_language_has_it() -> None:
    assert ZH.money(Decimal("1916.85"), "CNY") == "1,916.85 元"
    assert ZH.money(Decimal(5), "EUR") == "5.00 EUR"
    assert EN.money(Decimal("-0.5"), "CNY") == "CNY -0.50"
