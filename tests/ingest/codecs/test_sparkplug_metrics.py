"""Values of every data type as Eclipse Tahu's encoder writes them, and what holds no reading."""

import math
import struct
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, seed, settings
from hypothesis import strategies as st

from ingest.codecs.message import Flaw, Reason, Sample
from ingest.codecs.sparkplug_metrics import Known, bd_seq, defined, samples_of
from ingest.codecs.sparkplug_wire import parse
from tests.ingest.codecs.edge import T0_MS, metric
from tests.servers.tahu import Tahu

INTEGERS = {
    "Int8": (-(2**7), 2**7 - 1), "Int16": (-(2**15), 2**15 - 1), "Int32": (-(2**31), 2**31 - 1),
    "Int64": (-(2**63), 2**63 - 1), "UInt8": (0, 2**8 - 1), "UInt16": (0, 2**16 - 1),
    "UInt32": (0, 2**32 - 1), "UInt64": (0, 2**64 - 1), "DateTime": (0, 2**64 - 1),
}  # fmt: skip


def read(payload: bytes, *, birth: bool = True) -> list[Sample | Flaw]:
    message = parse(payload)
    known = Known.of(defined(message)[0])
    return list(samples_of(message, ("D",), known, {}, birth=birth))


def encoded(tahu: Tahu, *metrics: dict[str, Any]) -> bytes:
    return tahu.encode({"timestamp": T0_MS, "seq": 0, "metrics": list(metrics)})


def units(payload: bytes, birth: bytes, named: dict[str, str]) -> list[str | None]:
    known = Known.of(defined(parse(birth))[0])
    found = samples_of(parse(payload), ("D",), known, named, birth=False)
    return [each.unit for each in found if isinstance(each, Sample)]


def value(found: list[Sample | Flaw]) -> Decimal | None:
    (sample,) = found
    assert isinstance(sample, Sample), sample
    return sample.value


@pytest.mark.parametrize("kind", INTEGERS)
def test_whole_numbers_are_exact_to_both_ends(tahu: Tahu, kind: str) -> None:
    for number in {*INTEGERS[kind], 0, 1, INTEGERS[kind][0] // 2}:
        written = number if number >= 0 else number % 2**64 if kind == "Int64" else number % 2**32
        assert value(read(encoded(tahu, metric("m", 1, written, kind)))) == number


@pytest.mark.parametrize(
    ("kind", "written", "number"), [("Int8", 0xFF, -1), ("Int16", 0x8000, -(2**15))]
)
def test_small_numbers_may_come_in_their_own_few_bits(
    tahu: Tahu, kind: str, written: int, number: int
) -> None:
    assert value(read(encoded(tahu, metric("m", 1, written, kind)))) == number


@pytest.mark.parametrize(
    ("kind", "written"), [("Int8", 300), ("UInt8", 256), ("UInt16", 65536), ("Int16", 70000)]
)
def test_a_number_that_its_type_can_not_hold_is_a_flaw(tahu: Tahu, kind: str, written: int) -> None:
    (flaw,) = read(encoded(tahu, metric("m", 1, written, kind)))
    assert flaw == Flaw(Reason.UNDECODABLE, f"metric 'm': {written} is no value of type {kind}")


@seed(20261126)
@settings(max_examples=200, deadline=None)
@given(number=st.floats(allow_nan=False, allow_infinity=False, width=32))
def test_a_float_is_the_decimal_that_the_device_wrote(tahu: Tahu, number: float) -> None:
    found = value(read(encoded(tahu, metric("m", 1, number, "Float"))))
    assert found is not None
    assert struct.pack("<f", float(found)) == struct.pack("<f", number)
    assert len(found.as_tuple().digits) <= 9
    double = value(read(encoded(tahu, metric("m", 1, number, "Double"))))
    assert double is not None
    assert float(double) == number


def test_a_float_of_21_35_is_21_35(tahu: Tahu) -> None:
    assert value(read(encoded(tahu, metric("m", 1, 21.35)))) == Decimal("21.35")


def test_booleans_are_one_and_zero_and_texts_are_numbers_or_flaws(tahu: Tahu) -> None:
    assert value(read(encoded(tahu, metric("m", 1, True, "Boolean")))) == 1
    assert value(read(encoded(tahu, metric("m", 1, False, "Boolean")))) == 0
    assert value(read(encoded(tahu, metric("m", 1, "21.50", "String")))) == Decimal("21.50")
    maker = encoded(tahu, metric("maker", 1, "Kamstrup", "String"))
    assert read(maker) == []  # a birth also says what a node is
    assert read(maker, birth=False) == [
        Flaw(Reason.UNDECODABLE, "metric 'maker': 'Kamstrup' is not a number")
    ]


def test_data_sets_templates_bytes_and_unknown_types_are_refused_by_name(tahu: Tahu) -> None:
    table = {"numOfColumns": 1, "columns": ["a"], "types": ["Int32"], "rows": [[1]]}
    template = {"isDefinition": True, "metrics": [], "parameters": []}
    found = read(
        encoded(tahu, metric("a", 1, table, "DataSet"), metric("b", 2, template, "Template"),
                metric("c", 3, None, "Bytes"), metric("d", 4, None, "Morse"))
    )  # fmt: skip
    assert [each.detail for each in found if isinstance(each, Flaw)] == [
        "metric 'a' is a DataSet, which holds no single value",
        "metric 'b' is a Template, which holds no single value",
        "metric 'c' is a Bytes, which holds no single value",
        "metric 'd' has data type 0; allowed: 1 to 15",
    ]


def test_a_value_of_another_type_or_none_without_null_is_a_flaw() -> None:
    def detail(field: str, **more: Any) -> str:
        payload = type(parse(b""))(timestamp=T0_MS, seq=0)
        payload.metrics.add(name=b"m", datatype=9, **more)
        (flaw,) = read(payload.SerializeToString())
        assert isinstance(flaw, Flaw)
        return flaw.detail

    assert (
        detail("int_value", int_value=5)
        == "metric 'm': its value is a int_value; allowed: float_value"
    )
    assert detail("") == "metric 'm': it has no value and is not said to be null"


@pytest.mark.parametrize("number", [math.nan, math.inf])
def test_what_is_no_number_passes_as_such_and_is_refused_later(tahu: Tahu, number: float) -> None:
    payload = type(parse(b""))(timestamp=T0_MS, seq=0)
    payload.metrics.add(name=b"m", datatype=10, double_value=number)
    found = value(read(payload.SerializeToString()))
    assert found is not None
    assert not found.is_finite()


def test_a_time_in_seconds_is_corrected_and_one_past_2199_is_implausible(tahu: Tahu) -> None:
    (sample,) = read(encoded(tahu, metric("m", 1, 1.0, timestamp=T0_MS // 1000)))
    assert isinstance(sample, Sample)
    assert (sample.at_us, sample.corrected) == (T0_MS * 1000, True)
    (flaw,) = read(encoded(tahu, metric("m", 1, 1.0, timestamp=2**62)))
    assert isinstance(flaw, Flaw)
    assert flaw.reason is Reason.IMPLAUSIBLE


def test_the_number_of_a_connection_is_read_from_either_integer(tahu: Tahu) -> None:
    for kind in ("Int64", "UInt64", "Int32"):
        assert bd_seq(parse(encoded(tahu, metric("bdSeq", None, 42, kind)))) == 42
    assert bd_seq(parse(encoded(tahu, metric("bdSeq", None, 0, "Int64")))) == 0
    assert bd_seq(parse(encoded(tahu, metric("x", None, 1, "Int64")))) is None


def test_controls_and_the_number_of_the_connection_are_no_readings(tahu: Tahu) -> None:
    names = ("bdSeq", "Node Control/Rebirth", "Device Control/Reboot")
    assert read(encoded(tahu, *(metric(name, None, 1, "Int64") for name in names))) == []


def test_the_unit_is_the_feeds_or_that_of_the_metric_or_of_its_birth(tahu: Tahu) -> None:
    said = {"engUnit": {"type": "String", "value": "kWh"}}
    birth = encoded(tahu, metric("e", 1, 5.0, properties=said), metric("f", 2, 1.0))
    data = encoded(tahu, metric(None, 1, 6.0), metric(None, 2, 1.0))
    assert units(data, birth, {}) == ["kWh", None]
    assert units(data, birth, {"e": "MW.h", "f": "m3/h"}) == ["MW.h", "m3/h"]
    changed = {"EngUnit": {"type": "String", "value": " GJ "}}
    assert units(encoded(tahu, metric(None, 1, 6.0, properties=changed)), birth, {}) == ["GJ"]
