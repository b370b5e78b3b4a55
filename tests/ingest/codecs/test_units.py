"""Units of values whose messages say none."""

import json
from typing import Any

import pytest

from ingest.batch.decode import Outcome
from ingest.codecs.units import UnitsConfig, no_unit, units_of
from ingest.config import FeedConfig
from tests.ingest.small import decode, rows

FEED = {"name": "tb", "topic": "tb/#", "format": "thingsboard"}


def test_the_table_of_units_may_be_left_out() -> None:
    assert units_of(FeedConfig.model_validate(FEED).mapping) == {}
    feed = FeedConfig.model_validate({**FEED, "mapping": {"units": {"e": "KWh"}}})
    assert isinstance(feed.mapping, UnitsConfig)
    assert units_of(feed.mapping) == {"e": "kW.h"}


def test_a_unit_that_is_not_known_is_refused() -> None:
    with pytest.raises(ValueError, match="unit 'furlong' is not known"):
        FeedConfig.model_validate({**FEED, "mapping": {"units": {"e": "furlong"}}})


#: Messages that say 5 on a channel of device A1 without a unit: format -> (topic, payload).
BARE: dict[str, tuple[str, Any]] = {
    "thingsboard": ("v1/gateway/telemetry", lambda c: {"A1": [{"ts": 1795327200000, "values": {c: 5}}]}),
    "chirpstack": ("a/7/device/1/event/up", lambda c: {"deviceInfo": {"devEui": "A1"}, "object": {c: 5}}),
    "ttn": ("v3/a/devices/A1/up", lambda c: {
        "end_device_ids": {"device_id": "A1"}, "uplink_message": {"decoded_payload": {c: 5}}}),
    "senml": ("s", lambda c: [{"n": f"A1/{c}", "v": 5}]),
    "wmbusmeters": ("w", lambda c: {"id": "A1", c: 5, "timestamp": "2026-11-22T06:00:00Z"}),
}  # fmt: skip


def sent(form: str, channel: str, **units: str) -> Outcome:
    topic, message = BARE[form]
    feed = {"name": "x", "topic": "#", "format": form, "mapping": {"units": units}}
    payload = json.dumps(message(channel)).encode()
    return decode([(topic, payload)], (FeedConfig.model_validate(feed),))


@pytest.mark.parametrize("form", BARE)
def test_what_comes_in_many_units_is_refused_without_one(form: str) -> None:
    (refused,) = sent(form, "e").refused
    assert refused.reason == "implausible"
    assert refused.detail == "channel e: no unit: name it in `units` of the feed"
    assert [r["value"] for r in rows(sent(form, "e", e="kWh"))] == [5000]
    (refused,) = sent(form, "p").refused
    assert refused.detail.startswith("channel p: no unit")


@pytest.mark.parametrize("form", BARE)
def test_temperature_and_humidity_need_no_unit(form: str) -> None:
    assert [r["value"] for r in rows(sent(form, "t"))] == [5000]
    assert [r["value"] for r in rows(sent(form, "rh"))] == [50]


def test_our_own_format_defines_the_unit() -> None:
    feed = FeedConfig(name="rooms", topic="heatwatch/v2/{device}")
    found = decode([("heatwatch/v2/A1", b'{"channel":"e","value":7}')], (feed,))
    assert [r["value"] for r in rows(found)] == [7]


def test_a_name_that_is_almost_the_channels_is_shown() -> None:
    assert no_unit("energy", {"enrgy": "kW.h"}).endswith("where 'enrgy' stands")
