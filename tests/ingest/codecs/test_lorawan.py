"""An uplink, as the codecs of both networks hand it over."""

import base64
from typing import Any

import pytest

from domain.language import in_language
from domain.quality import TimeKind
from ingest.codecs.foreign import Wrong
from ingest.codecs.lorawan import (
    MOST_BYTES,
    LorawanConfig,
    drivers_for,
    payload_of,
    port_of,
    readings,
)
from ingest.codecs.message import Sample
from ingest.codecs.payloads.uplink import Uplink
from ingest.codecs.words import detail_words

KINDS = ("elsys/ers", "elsys")


def uplink(data: bytes, decoded: Any, profiles: tuple[str, ...] = KINDS) -> Uplink:
    return Uplink("A1", "", 2, data, decoded, (5, False, False), TimeKind.SERVER, "k", profiles)


def test_what_the_network_decoded_counts_in_the_units_of_the_feed() -> None:
    settings = LorawanConfig.model_validate({"units": {"e": "MWh"}})
    found = [*readings(uplink(b"\1", {"e": 1, "t": [2, "x"], "ok": True}), settings)]
    assert [(s.channel, str(s.value), s.unit) for s in found if isinstance(s, Sample)] == [
        ("e", "1", "MW.h"), ("t.0", "2", None), ("ok", "1", None),
    ]  # fmt: skip


def test_a_driver_is_named_by_device_kind_or_for_all_and_comes_before_what_the_network_decoded() -> (
    None
):
    sent = uplink(bytes.fromhex("0367d200"), {"t": 5})
    for named in (
        {"A1": "milesight"},
        {"elsys/ers": "milesight"},
        {"*": "milesight", "A2": "elsys"},
    ):
        settings = LorawanConfig.model_validate({"drivers": named})
        found = [*readings(sent, settings)]
        assert [(s.channel, str(s.value), s.unit) for s in found if isinstance(s, Sample)] == [
            ("temperature", "21.0", "Cel")
        ]
    assert [s.channel for s in readings(sent, None) if isinstance(s, Sample)] == ["t"]
    with pytest.raises(ValueError, match="'morse' is not known"):
        LorawanConfig.model_validate({"drivers": {"*": "morse"}})


def test_without_a_name_the_kind_of_device_says_the_driver_where_nothing_is_decoded() -> None:
    found = [*readings(uplink(bytes.fromhex("0100d2"), None), None)]
    assert [(s.channel, str(s.value)) for s in found if isinstance(s, Sample)] == [
        ("temperature", "21.0")
    ]


def test_a_payload_that_nothing_decodes_is_refused_by_the_kind_of_its_device() -> None:
    assert [*readings(uplink(b"", None), None)] == []
    with pytest.raises(Wrong, match="nothing decodes the payload of 'acme/t, acme'"):
        list(readings(uplink(b"\1", None, ("acme/t", "acme")), None))


def test_a_refusal_names_what_to_write_and_where() -> None:
    with pytest.raises(Wrong) as refused:
        list(readings(uplink(b"\1", None, ("room sensor", "p1")), None))
    said = str(refused.value)
    assert 'drivers = { "room sensor" = "..." }, one of elsys, milesight' in said
    in_chinese = in_language(detail_words(said), "zh")
    assert 'drivers = { "room sensor" = "..." }' in in_chinese
    assert "nothing" not in in_chinese
    with pytest.raises(Wrong, match=r'drivers = { "A1" = '):
        list(readings(uplink(b"\1", None, ()), None))


@pytest.mark.parametrize("model", ["EM300-TH", "em500 CO2", "AM319", "WT101", "AM107-868M"])
def test_a_milesight_is_known_by_its_model_alone(model: str) -> None:
    sent = uplink(bytes.fromhex("0367d200"), None, (model, "p1"))
    assert [s.channel for s in readings(sent, None) if isinstance(s, Sample)] == ["temperature"]


def test_a_driver_is_only_suggested_where_it_alone_reads_all_that_a_kind_of_device_sent() -> None:
    one, two = bytes.fromhex("0175640367ee0004687b"), bytes.fromhex("0367d200")
    table, (said,) = drivers_for([uplink(each, None, ("th", "p")) for each in (one, two)])
    assert table == {"drivers": {"th": "milesight"}}
    assert "milesight alone reads" in str(said)
    either = bytes.fromhex("0100d2 0229")  # temperature and humidity of an ELSYS, and nothing else
    table, (said,) = drivers_for([uplink(either, None, ("th",)), uplink(two, None, ("th",))])
    assert table == {}
    assert 'drivers = { "th" = "..." }, one of elsys, milesight' in str(said)
    assert drivers_for([uplink(one, None), uplink(one, {"t": 1}, ("th",))]) == ({}, ())


def test_a_payload_is_base64_or_left_out() -> None:
    assert (payload_of(None), payload_of(""), payload_of("AQI=")) == (b"", b"", b"\1\2")
    foreign: tuple[Any, ...] = ("AQI", 5, [], "ü")
    for wrong in foreign:
        with pytest.raises(Wrong, match="no base64"):
            payload_of(wrong)
    longest = base64.b64encode(bytes(MOST_BYTES))
    assert len(payload_of(longest.decode())) == 255
    with pytest.raises(Wrong, match="a message of 256 bytes; allowed: 255"):
        payload_of(base64.b64encode(bytes(256)).decode())


def test_a_port_is_a_number_or_a_text_of_one() -> None:
    assert [port_of(raw) for raw in (None, 0, 100, "100", "0")] == [0, 0, 100, 100, 0]
    foreign: tuple[Any, ...] = ("x", "", "-1", True, 256, 2.5, [], "２")
    for wrong in foreign:
        with pytest.raises(Wrong, match="is no port; allowed: 0 to 255"):
            port_of(wrong)
