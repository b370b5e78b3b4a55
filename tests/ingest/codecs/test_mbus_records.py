"""Data records against an encoder of their own, and the forms of values one by one."""

from contextlib import suppress
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, seed, settings
from hypothesis import strategies as st

from ingest.codecs.mbus_records import Record, Wrong, read_records
from tests.ingest.codecs import mbus_encoder as meter


def one(data: bytes) -> Record:
    (record,) = read_records(data).records
    return record


@pytest.mark.parametrize(
    ("sent", "value", "failed"),
    [
        ("01 06 ff", "-1000", False),
        ("02 06 00 80", None, True),  # the least of all: invalid
        ("03 06 01 00 00", "1000", False),
        ("04 06 e7 91 00 00", "37351000", False),
        ("05 5b 22 f3 26 42", "41.737434", False),
        ("05 5b 00 00 c0 7f", None, True),  # not a number
        ("05 5b 00 00 80 ff", None, True),
        ("06 13 ff ff ff ff ff 7f", "140737488355.327", False),
        ("07 13 00 00 00 00 00 01 00 00", "1099511627.776", False),
        ("09 5b 21", "21", False),
        ("0a 5a 95 01", "19.5", False),
        ("0b 62 02 00 f0", "-0.2", False),
        ("0c 06 ee ee ee 0e", None, True),  # digits that say an error
        ("0e 06 12 34 56 78 90 12", "129078563412000", False),
        ("00 06", None, False),
        ("08 06", None, False),
        ("0d 06 c2 34 12", "1234000", False),
        ("0d 06 d1 05", "-5000", False),
        ("0d 06 e2 00 01", "256000", False),
        ("0d 06 c1 fa", None, True),
        ("0d fd 10 03 63 62 61", "abc", False),
        ("04 86 15 00 00 00 00", "0", True),  # VIFE: no data
    ],
)
def test_a_value_in_each_form(sent: str, value: str | None, failed: bool) -> None:
    record = one(bytes.fromhex(sent))
    assert (None if record.value is None else str(record.value), record.failed) == (value, failed)


@pytest.mark.parametrize(
    ("sent", "why"),
    [
        ("04 06 e7 91 00", "end within one"),
        ("84", "end within one"),
        ("04", "end within one"),
        ("04 fd", "end within one"),
        ("0d 06 05 41", "end within one"),
        ("02 fc 09 41", "end within one"),
        ("3f 00", "DIF 3Fh is reserved"),
        ("7f", "DIF 7Fh is reserved"),
        ("8f 01 06 00", "DIF 8Fh is reserved"),
        ("0d 06 f7", "LVAR F7h is reserved"),
        ("84" + "80" * 11 + "0006", "more than 10 DIFE"),
        ("04" + "86" + "80" * 11 + "00", "more than 10 VIFE"),
    ],
)
def test_bytes_that_are_no_records_are_refused_with_what_is_wrong(sent: str, why: str) -> None:
    with pytest.raises(Wrong, match=why):
        read_records(bytes.fromhex(sent))


def test_fillers_are_nothing_and_what_only_the_manufacturer_knows_is_kept() -> None:
    data = bytes.fromhex("2f2f 0106 05 2f 1f 0102")
    found = read_records(data)
    assert ([str(each.value) for each in found.records], found.manufacturer, found.more) == (
        ["5000"], b"\x01\x02", True,
    )  # fmt: skip
    assert not read_records(bytes.fromhex("01 06 05 0f 01")).more


def test_units_in_plain_text_and_those_of_a_manufacturer() -> None:
    humidity = one(bytes.fromhex("02 fc 03 48 52 25 74 d4 11"))
    assert (humidity.meaning.quantity, humidity.meaning.unit, str(humidity.value)) == (
        "humidity", "%", "45.64",
    )  # fmt: skip
    assert one(bytes.fromhex("04 ff 07 01 00 00 00")).meaning.name == "manufacturer_07"
    assert one(bytes.fromhex("04 7e 01 00 00 00")).meaning.name == "vif_7e"


NUMBERS = st.fixed_dictionaries(
    {
        "function": st.integers(0, 3), "storage": st.integers(0, (1 << 41) - 1),
        "tariff": st.integers(0, (1 << 20) - 1), "unit": st.integers(0, (1 << 10) - 1),
    }
)  # fmt: skip


@st.composite
def values(draw: Any) -> tuple[meter.Value, Decimal]:
    numbers = draw(NUMBERS)
    if draw(st.booleans()):
        size = draw(st.sampled_from(sorted(meter.INTEGERS)))
        least = -(1 << 8 * size - 1)
        number = draw(st.integers(least + 1, -least - 1))
        return meter.integer("13", number, size, **numbers), Decimal(number) / 1000
    digits = draw(st.sampled_from(sorted(meter.DIGITS)))
    number = draw(st.integers(-(10 ** (digits - 1)) + 1, 10**digits - 1))
    return meter.decimal("13", number, digits, **numbers), Decimal(number) / 1000


@seed(20261127)
@settings(max_examples=300, deadline=None)
@given(sent=st.lists(values(), max_size=8), fillers=st.integers(0, 3))
def test_what_a_meter_sends_is_what_is_read(
    sent: list[tuple[meter.Value, Decimal]], fillers: int
) -> None:
    data = (b"\x2f" * fillers).join([b"", *(each.encoded() for each, _ in sent), b""])
    found = read_records(data).records
    assert [(r.function, r.storage, r.tariff, r.unit, r.value) for r in found] == [
        (v.function, v.storage, v.tariff, v.unit, number) for v, number in sent
    ]


@seed(20261127)
@settings(max_examples=1000, deadline=None)
@given(data=st.binary(max_size=260))
def test_any_bytes_are_records_or_wrong(data: bytes) -> None:
    with suppress(Wrong):
        assert len(read_records(data).records) <= len(data) // 2 + 1
