"""What `heatwatch connect` says of a feed: how much it reads, why it refuses, and whose time counts."""

import io
from decimal import Decimal

import pytest
from rich.console import Console

from domain.formats import Formats
from domain.language import msg
from domain.time import from_us
from heatwatch.cli.connect_table import MOST_REASONS, SHOWN, answer_of, measured, table
from heatwatch.output import formats, speak
from heatwatch.services.connecting import Connected
from ingest.codecs.message import Sample
from ingest.connect.kept import KeptValue, NotThen
from ingest.connect.propose import propose
from tests.ingest.connect.messages import LEVELS, NOW_US, sent

SHOWN_AS: Formats = formats("Asia/Shanghai")


def shown(connected: Connected) -> str:
    answer = answer_of(connected, 10, 5)
    out = io.StringIO()
    Console(file=out, width=160).print(table(answer, SHOWN_AS))
    return out.getvalue()


def test_the_most_frequent_reasons_of_a_feed_are_said() -> None:
    wrong = [sent("house/103/humidity", "--")] * 3 + [sent("house/104/humidity", "off")]
    (one,) = propose([*LEVELS, *wrong], [], "UTC", NOW_US).proposed
    (feed,) = answer_of(Connected(propose([*LEVELS, *wrong], [], "UTC", NOW_US), [], {}), 8, 6)[
        "feeds"
    ]
    assert (feed["read"], feed["refused"]) == (one.read, one.refused)
    assert 0 <= len(feed["reasons"]) <= MOST_REASONS


def test_values_and_unregistered_channels_are_shown_up_to_so_many_rows() -> None:
    at = from_us(NOW_US)
    values = [
        KeptValue(f"D{n}", "t", at, Decimal("21.500"), "Cel", "GOOD") for n in range(SHOWN + 5)
    ]
    values[1] = KeptValue("D1", "t", at, None, "Cel", "MISSING")
    missing = {
        "new\x1b[31m": [
            Sample("new", "t", NOW_US, None, "Cel"),
            Sample("new", "p", None, Decimal("4.5")),
        ]
    }
    text = shown(Connected(propose(LEVELS, [], "UTC", NOW_US), values, missing))
    assert "the newest of 30 registered channels" in text
    assert ("D24" in text, "D25" in text) == (True, False)
    assert "2026-11-22 14:00" in text
    assert "t = missing, p = 4.5" in text
    assert "\x1b" not in text
    assert "house: messages say no time" in text


@pytest.mark.parametrize(
    ("value", "unit", "expected"),
    [
        ("21.104", "m3", ("21.104", "m³")),
        ("21104", "L", ("21.104", "m³")),
        ("21.099999999999998", "Cel", ("21.1", "°C")),
        ("21.099999999999998", None, ("21.1", "")),
        ("70", "[degF]", ("21.111", "°C")),
        ("5", "rpm", ("5", "rpm")),
        ("NaN", "Cel", ("NaN", "Cel")),
        ("1E+300", None, ("1E+300", "")),
    ],
)
def test_a_value_is_shown_as_it_is_kept_in_the_unit_of_all_screens(
    value: str, unit: str | None, expected: tuple[str, str]
) -> None:
    assert measured(Decimal(value), unit, SHOWN_AS) == expected


def test_devices_without_a_time_are_named_where_another_has_one() -> None:
    sent_by = [
        sent("zigbee2mqtt/flat 1", {"temperature": 21, "last_seen": "2026-11-22T06:00:00Z", "linkquality": 5}),
        sent("zigbee2mqtt/flat 2", {"temperature": 21, "linkquality": 5}),
    ]  # fmt: skip
    found = propose(sent_by, [], "UTC", NOW_US)
    text = shown(Connected(found, [], {}))
    assert "zigbee2mqtt: messages of 1 device say no time, so their receipt counts: flat 2" in text
    assert "messages say no time;" not in text


def test_without_feeds_there_is_no_table_of_them_and_lines_are_one() -> None:
    text = shown(Connected(propose([sent("a/b", "x\n\n y")], [], "UTC", NOW_US), [], {}))
    assert "with readings" not in text
    assert "│ x y " in text


def test_a_channel_whose_messages_say_no_unit_is_named_with_what_it_is_taken_for() -> None:
    one = [sent("plant/M1/data", {"energy": 123.4, "temp": 45, "time": "2026-11-22T06:00:00Z"})]
    text = " ".join(shown(Connected(propose(one, [], "UTC", NOW_US), [], {})).split())
    assert "plant: no unit is said of energy: they are taken as heat energy in Wh" in text
    assert 'energy = { path = "$.energy", unit = "kWh" }' in text
    about = {"devEui": "24e124136b502217"}
    lora = sent(
        "application/7/device/24e124136b502217/event/up",
        {"deviceInfo": about, "object": {"energy": 5}},
    )
    text = " ".join(shown(Connected(propose([lora], [], "UTC", NOW_US), [], {})).split())
    assert "no unit is said of energy: what is no temperature" in text
    assert 'units = { energy = "kWh" }' in text


def test_reasons_and_what_is_set_aside_are_said_in_the_readers_language() -> None:
    about = {"devEui": "24e124136b502217", "deviceProfileName": "x"}
    topic = "application/7/device/24e124136b502217/event/"
    messages = [
        sent(f"{topic}up", {"deviceInfo": about, "fPort": 5, "data": "//8="}),
        sent(f"{topic}status", {"deviceInfo": about, "batteryLevel": 75.5}),
    ]
    found = Connected(propose(messages, [], "UTC", NOW_US), [], {})
    assert answer_of(found, 2, 2)["unread"][0]["reasons"][0].startswith("unmapped: nothing decodes")
    assert answer_of(found, 2, 2)["aside"] == {"chirpstack": 1}
    speak("zh")
    try:
        text = shown(found)
    finally:
        speak("en")
    assert "drivers" in text
    assert "nothing decodes" not in text
    assert "chirpstack" in text.splitlines()[-1]


def test_a_channel_whose_row_has_ended_is_named_by_local_time() -> None:
    why = msg("its row begins at {since}", since="2026-11-22T06:00:00Z")
    found = propose(LEVELS, [], "UTC", NOW_US)
    ended = [NotThen("A1", f"t{n}", from_us(NOW_US), why) for n in range(SHOWN + 2)]
    text = shown(Connected(found, [], {}, ended))
    assert "its row begins at 2026-11-22 14:00" in text
    assert "and 2 more channels without a row" in text
