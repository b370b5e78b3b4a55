"""Which series a channel feeds, and values that no memory holds."""

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal

import pytest

from domain.language import Text
from domain.plausible import limits
from domain.quantity import Quantity, Role
from domain.time import to_us
from ingest.batch.table import (
    MOST_TICKS,
    NO_CHANNEL,
    NOT_THEN,
    SeriesTable,
    exponent,
    to_ticks,
)
from ingest.codecs.words import detail_words
from tests.ingest.small import SINCE, index_of


@pytest.fixture(scope="module")
def table() -> SeriesTable:
    return SeriesTable(index_of([("A1", "t", "room_temperature", SINCE, None)]))


def test_a_channel_is_found_in_its_time_and_otherwise_said_to_be_unknown(
    table: SeriesTable,
) -> None:
    since_us = int(table.index.since_us[0])
    assert table.find("A1", "t", since_us) == 0
    assert table.quantity(0) is Quantity.TEMPERATURE
    assert table.find("A1", "t", since_us - 1) == NOT_THEN
    assert table.find("A1", "rh", since_us) == NO_CHANNEL
    told = str(table.why_not(NOT_THEN, "A1", "t", since_us - 1))
    assert told.endswith(
        "no place in the registry at that time: its row begins at 2020-01-01T00:00:00Z"
    )
    assert "it has t" in str(table.why_not(NO_CHANNEL, "A1", "rh", since_us))
    assert "'B2' is not in the registry" in str(table.why_not(NO_CHANNEL, "B2", "t", since_us))


def test_a_reading_beside_the_rows_of_its_channel_is_told_where_they_end_and_begin() -> None:
    day = timedelta(days=1)
    rows = [
        ("A1", "t", "room_temperature", SINCE, SINCE + day),
        ("A1", "t", "room_temperature", SINCE + 2 * day, SINCE + 3 * day),
        ("M1", "e", "energy", SINCE, SINCE + day),
        ("M2", "e", "energy", SINCE, SINCE),
    ]
    table = SeriesTable(index_of(rows))

    def why(device: str, channel: str, days: int) -> str:
        at_us = to_us(SINCE + days * day) + (device == "M1")
        assert table.find(device, channel, at_us) == NOT_THEN
        told = table.why_not(NOT_THEN, device, channel, at_us)
        kept = detail_words(str(told))
        assert isinstance(kept, Text)
        assert kept.to("zh") == told.to("zh")
        return str(told).split(": ", 1)[1]

    assert why("A1", "t", 1) == (
        "its row ended at 2020-01-02T00:00:00Z, which is not in it, and the next begins at 2020-01-03T00:00:00Z"
    )
    assert why("A1", "t", 3).startswith("its row ended at 2020-01-04T00:00:00Z, which is not in it")
    assert "a register's closing reading" in why("M1", "e", 1)
    assert why("M2", "e", 1) == "its rows were withdrawn"


class Counted(tuple[str, ...]):
    """Counts how often somebody goes through it."""

    read = 0

    def __iter__(self) -> Iterator[str]:
        type(self).read += 1
        return super().__iter__()


def test_a_thousand_unknown_devices_go_through_the_registry_once() -> None:
    index = index_of([("A1", "t", "room_temperature", SINCE, None)])
    index.devices = Counted(index.devices)
    table = SeriesTable(index)
    Counted.read = 0
    for number in range(1000):
        assert "is not in the registry" in str(table.why_not(NO_CHANNEL, f"B{number}", "t", 0))
    assert Counted.read == 1


@pytest.mark.parametrize("role", Role, ids=lambda each: each.code)
def test_limits_are_those_of_the_role(role: Role) -> None:
    found = SeriesTable(index_of([("A1", "t", role.code, SINCE, None)]))
    assert (found.least.tolist(), found.most.tolist()) == tuple([each] for each in limits(role))


@pytest.mark.parametrize("quantity", Quantity, ids=lambda each: each.code)
def test_the_scale_is_that_of_the_quantity(quantity: Quantity) -> None:
    assert Decimal(1).scaleb(-exponent(quantity)) == quantity.value.resolution


@pytest.mark.parametrize(
    ("value", "why"),
    [
        ("NaN", "is not a number"),
        ("1e999999999", "is no value of a temperature"),
        ("1e-999999", "is no value of a temperature"),
        ("1." + "1" * 70, "more than 60 digits"),
        ("1e20", "is no value of a temperature"),
    ],
)
def test_a_number_that_no_memory_holds_is_refused(value: str, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        to_ticks(Decimal(value), None, Quantity.TEMPERATURE)


def test_a_value_in_its_own_unit_or_another_comes_to_the_same_ticks() -> None:
    assert to_ticks(Decimal("18.5"), None, Quantity.TEMPERATURE) == 18_500
    assert to_ticks(Decimal("291.65"), "K", Quantity.TEMPERATURE) == 18_500
    assert to_ticks(Decimal(0), None, Quantity.ENERGY) < MOST_TICKS
