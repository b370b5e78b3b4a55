"""SenML in both forms: what carries over, when it was, and of what it is."""

import json
from decimal import Decimal
from typing import Any

import pytest

from domain.quality import TimeKind
from ingest.codecs.message import Decoded
from tests.ingest.codecs.golden import Hearing, golden
from tests.ingest.codecs.naive_cbor import dumps

EXAMPLE = golden("senml")
LABELS = {
    "bver": -1, "bn": -2, "bt": -3, "bu": -4, "bv": -5, "bs": -6,
    "n": 0, "u": 1, "v": 2, "vs": 3, "vb": 4, "s": 5, "t": 6, "ut": 7, "vd": 8,
}  # fmt: skip
AT = 1_795_327_200


def read(pack: Any, topic: str = "#", form: str = "json", **more: bool) -> Decoded:
    text = json.dumps(pack)
    if form == "json":
        return Hearing("senml", topic)("packs/A1", text, **more)
    records = json.loads(text, parse_float=Decimal)
    labelled = [{LABELS[key]: value for key, value in each.items()} for each in records]
    return Hearing("senml", topic)("packs/A1", dumps(labelled), **more)


@pytest.mark.parametrize("form", ["json", "cbor"])
def test_base_fields_hold_for_their_record_and_all_behind_it(form: str) -> None:
    pack = [
        {"bn": "urn:dev:mac:0024befffe804ff1:", "bt": AT + 0.5, "bu": "Cel", "bv": 20, "n": "in", "v": 0.5},
        {"n": "out", "t": -60, "v": -1.25},
        {"bn": "urn:dev:mac:0024befffe804ff2:", "bv": 0, "n": "power", "u": "kW", "v": 12},
    ]  # fmt: skip
    samples, flaws = read(pack, form=form)
    assert flaws == []
    assert [(s.device[-3:], s.channel, s.at_us, str(s.value), s.unit) for s in samples] == [
        ("ff1", "in", AT * 1_000_000 + 500_000, "20.5", "Cel"),
        ("ff1", "out", (AT - 60) * 1_000_000 + 500_000, "18.75", "Cel"),
        ("ff2", "power", AT * 1_000_000 + 500_000, "12", "kW"),
    ]


@pytest.mark.parametrize("form", ["json", "cbor"])
def test_a_time_below_2_28_is_relative_to_now(form: str) -> None:
    pack = [{"n": "room1:t", "t": t, "v": 1} for t in (-30, 0, (1 << 28) - 1, 1 << 28)]
    found = [(s.at_us, s.time_kind) for s in read(pack, form=form)[0]]
    now = Hearing("senml", "#").now_us + 1_000_000
    assert found == [
        (now - 30_000_000, TimeKind.RECEIVER), (None, None),
        (now + ((1 << 28) - 1) * 1_000_000, TimeKind.RECEIVER), ((1 << 28) * 1_000_000, None),
    ]  # fmt: skip


def test_a_retained_pack_relative_to_now_has_no_time() -> None:
    pack = [{"n": "room1:t", "t": -30, "v": 1}]
    assert [s.at_us for s in read(pack, retained=True)[0]] == [None]


@pytest.mark.parametrize("form", ["json", "cbor"])
def test_a_sum_is_what_its_unit_gives_in_seconds(form: str) -> None:
    pack = [
        {"bn": "m:", "bs": 100, "n": "power", "u": "W", "v": 50, "s": 3600},
        {"n": "flow", "u": "m3/s", "s": 2},
        {"n": "t", "u": "Cel", "s": 2},
    ]
    samples, flaws = read(pack, form=form)
    assert [(s.channel, str(s.value), s.unit) for s in samples] == [
        ("power", "50", "W"), ("power.sum", "3700", "J"), ("flow.sum", "102", "m3"),
    ]  # fmt: skip
    assert [f.detail for f in flaws] == ["a sum of 'Cel' is no reading; allowed: W, kW, m3/s, l/s"]


@pytest.mark.parametrize(
    ("written", "unit"),
    [("Cel", "Cel"), ("K", "K"), ("l", "L"), ("l/s", "L/s"), ("%RH", "%"), ("kWh", "kW.h"),
     ("Wh", "W.h"), ("hPa", "hPa"), ("ppm", "[ppm]"), ("V", "V"), ("kPa", "kPa"), ("", None)],
)  # fmt: skip
def test_units_are_those_of_the_registry_of_senml(written: str, unit: str | None) -> None:
    assert [s.unit for s in read([{"n": "a:t", "u": written, "v": 1}])[0]] == [unit]


@pytest.mark.parametrize(("unit", "is_"), [("C", "coulomb"), ("F", "farad")])
def test_a_letter_that_is_no_degree_in_senml_is_refused(unit: str, is_: str) -> None:
    samples, (flaw,) = read([{"n": "a:t", "u": unit, "v": 21}])
    assert samples == []
    assert flaw.detail == f"unit {unit!r} is {is_} in SenML; degrees Celsius are 'Cel'"


@pytest.mark.parametrize(
    ("pack", "topic", "place"),
    [
        ([{"n": "urn:dev:ow:10e2073a01080063", "v": 1}], "#", ("urn:dev:ow:10e2073a01080063", "value")),
        ([{"n": "urn:dev:ow:10e2073a01080063:t", "v": 1}], "#", ("urn:dev:ow:10e2073a01080063", "t")),
        ([{"n": "urn:dev:ops:32473-heat-7_t", "v": 1}], "#", ("urn:dev:ops:32473-heat-7", "t")),
        ([{"bn": "urn:dev:ow:10e2073a0108006", "n": "3_t", "v": 1}], "#", ("urn:dev:ow:10e2073a01080063", "t")),
        ([{"bn": "hall_", "n": "supply_t", "v": 1}], "#", ("hall", "supply_t")),
        ([{"n": "house/3/hall/t", "v": 1}], "#", ("house/3/hall", "t")),
        ([{"bn": "house/3/hall/", "n": "t", "v": 1}], "#", ("house/3/hall", "t")),
        ([{"bn": "t", "v": 1}], "packs/{device}", ("A1", "t")),
        ([{"bn": "urn:dev:ow:10e2073a01080063", "v": 1}], "packs/{device}", ("A1", "value")),
    ],
    ids=str,
)  # fmt: skip
def test_device_and_channel_are_told_apart(pack: Any, topic: str, place: tuple[str, str]) -> None:
    samples, flaws = read(pack, topic)
    assert flaws == []
    assert [(s.device, s.channel) for s in samples] == [place]


def test_booleans_are_numbers_and_texts_only_where_they_write_one() -> None:
    pack = [
        {"bn": "a:", "bu": "Cel", "n": "open", "vb": True},
        {"n": "label", "vs": "hall"}, {"n": "count", "vs": "12"}, {"n": "raw", "vd": "aGk"},
    ]  # fmt: skip
    samples, flaws = read(pack)
    assert [(s.channel, str(s.value), s.unit) for s in samples] == [
        ("open", "1", None), ("count", "12", "Cel"),
    ]  # fmt: skip
    assert flaws == []


@pytest.mark.parametrize(
    ("pack", "said"),
    [
        ("{}", "a pack of SenML is a list of records"), ("[]", "a pack without records"),
        ("[1]", "a pack of SenML is a list of records"), ("noise", "neither JSON nor CBOR"),
        ('[{"n": "a:t"}]', "a record without value"), ('[{"v": 1}]', "'' is no name of SenML"),
        ('[{"n": "a b", "v": 1}]', "'a b' is no name of SenML"),
        ('[{"n": "a:t", "v": 1, "vb": true}]', "a record has v and vb"),
        ('[{"n": "a:t", "v": "1"}]', "field 'v' is not a number"),
        ('[{"n": "a:t", "v": null}]', "field 'v' is not a number"),
        ('[{"n": 5, "v": 1}]', "field 'n' is not a text"),
        ('[{"n": "a:t", "v": 1, "x_": 2}]', "field 'x_' must be understood and is not known"),
        ('[{"bver": 11, "n": "a:t", "v": 1}]', "version 11 of SenML; allowed: 1 to 10"),
        ('[{"n": "a:t", "v": 1, "t": 9e15}]', "lies outside 1970 to 2199"),
        ('[{"n": "a:t", "bt": 1e99, "v": 1}]', "field 'bt' is 1.000e+99"),
    ],
)  # fmt: skip
def test_what_breaks_the_format_is_named(pack: str, said: str) -> None:
    samples, (flaw,) = Hearing("senml", "#")("packs/A1", pack)
    assert samples == []
    assert said in flaw.detail


def test_a_wrong_record_leaves_the_others() -> None:
    samples, flaws = read(
        [{"bn": "a:", "n": "t", "v": 1}, {"n": "p", "v": "x"}, {"n": "q", "v": 2}]
    )
    assert [s.channel for s in samples] == ["t", "q"]
    assert len(flaws) == 1
