"""A wrong configuration is refused with the key, the value and what is allowed."""

from decimal import Decimal
from typing import Any

import pytest
from pydantic import ValidationError

from ingest.config import BrokerConfig, FeedConfig, IngestConfig
from ingest.formats import CODECS

MAPPED = {"name": "s", "topic": "scada/{device}/x", "format": "mapped"}


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ({"name": "a b", "topic": "t"}, "letters, digits"),
        ({"name": "a", "topic": "t/#/x"}, "last level only"),
        ({"name": "a", "topic": "t/x+"}, "whole levels"),
        ({"name": "a", "topic": "t", "format": "xml"}, f"allowed: {', '.join(CODECS)}"),
        ({"name": "a", "topic": "t", "clock": "sundial"}, "'meter', 'gateway', 'server' or 'receiver'"),
        ({"name": "a", "topic": "t", "zone": "Mars"}, "IANA time zone"),
        ({"name": "a", "topic": "t", "zone": "Etc/GMT+8"}, "the other way round"),
        ({"name": "a", "topic": "t", "colour": 1}, "Extra inputs"),
        ({"name": "a", "topic": "t", "mapping": {"channels": {"a": "$.a"}}}, "only used with format"),
        (MAPPED, r"needs a table \[mapping\]"),
        ({**MAPPED, "mapping": {"channels": {}}}, r"needs a table \[channels\]"),
        ({**MAPPED, "mapping": {"channels": {"a": "$.a["}}}, r"JSON path '\$.a\[' can't be read"),
        ({**MAPPED, "mapping": {"channels": {"a": {"path": "$.a", "unit": "ell"}}}}, "unit 'ell' is not known"),
        ({**MAPPED, "topic": "x", "mapping": {"channels": {"a": "$.a"}}}, "says no device"),
        ({"name": "a", "topic": "t", "format": "mbus", "keys_file": "k"}, "keys_file is only used with"),
    ],
    ids=range(15),
)  # fmt: skip
def test_a_wrong_feed_says_what_is_allowed(values: dict[str, Any], says: str) -> None:
    with pytest.raises(ValidationError, match=says):
        FeedConfig.model_validate(values)


BAD_TOPICS = {
    "s/{device}/{device}/t": "{device} stands twice; allowed: each name once",
    "s/#/t": "last level only",
    "s/a+/t": "'a+': '+', '#' and {name} stand for whole levels",
    "s/{}/t": "allowed in a name: a-z",
    "s/{Device}": "allowed in a name: a-z",
    "s/{device": "whole levels",
    "s/a#": "whole levels",
    "s/\0/t": "without NUL",
    "": "",
    "x" * 70_000: "65,535 bytes",
    "$share/g": "$share/GROUP/FILTER",
    "$share/g/": "$share/GROUP/FILTER",
    "$share//h/{device}": "$share/GROUP/FILTER",
    "$share/+/h/{device}": "$share/GROUP/FILTER",
    "$share/{group}/h/{device}": "$share/GROUP/FILTER",
    "$Share/g/h/{device}": "$share/GROUP/FILTER",
    "$queue/h/{device}": "allowed: $share/GROUP/FILTER",
}


@pytest.mark.parametrize("at", [("topic",), ("mapping", "topic")], ids=["feed", "mapping"])
@pytest.mark.parametrize("topic", BAD_TOPICS, ids=range(len(BAD_TOPICS)))
def test_a_topic_that_is_no_filter_is_refused_with_its_key(topic: str, at: tuple[str, ...]) -> None:
    mapping: dict[str, Any] = {"device": "$.id", "channels": {"a": "$.a"}}
    values = {**MAPPED, "mapping": mapping}
    (mapping if len(at) == 2 else values)["topic"] = topic
    with pytest.raises(ValidationError) as wrong:
        FeedConfig.model_validate(values)
    (error,) = wrong.value.errors()
    assert (error["loc"], error["input"]) == (at, topic)
    assert BAD_TOPICS[topic] in error["msg"]


@pytest.mark.parametrize(
    "topic", ["hall 3/{device}/t", "/{device}", "a//{device}", "楼/{device}/#"]
)
def test_blanks_empty_levels_and_other_scripts_are_topics(topic: str) -> None:
    feed = FeedConfig.model_validate(
        {**MAPPED, "topic": topic, "mapping": {"channels": {"a": "$.a"}}}
    )
    assert feed.filter == topic.replace("{device}", "+")


def test_two_feeds_of_one_name_or_topic_are_refused() -> None:
    one = {"name": "a", "topic": "t/{device}"}
    for other in (
        {"name": "a", "topic": "u"},
        {"name": "b", "topic": "t/+"},
        {"name": "b", "topic": "$share/g/t/+"},
    ):
        with pytest.raises(ValidationError, match="distinct"):
            IngestConfig.model_validate({"feeds": [one, other]})


@pytest.mark.parametrize(
    ("before", "after"), [("#", "t/{device}"), ("t/#", "$share/g/t/{device}"), ("t/+/#", "t/a/b")]
)
def test_a_feed_that_an_earlier_one_leaves_nothing_is_refused(before: str, after: str) -> None:
    feeds = [{"name": "all", "topic": before}, {"name": "rooms", "topic": after}]
    with pytest.raises(ValidationError, match="feed 'rooms' gets no message: feed 'all' before it"):
        IngestConfig.model_validate({"feeds": feeds})
    assert IngestConfig.model_validate({"feeds": feeds[::-1]}).feeds[1].name == "all"


def test_a_feed_that_remembers_is_not_shared() -> None:
    with pytest.raises(ValidationError, match="remembers what came before"):
        FeedConfig(name="edges", topic="$share/g/spBv1.0/heat/+/#", format="sparkplug_b")


@pytest.mark.parametrize(
    "values",
    [
        {"tls": True},
        {"mode": "external", "password": "x"},
        {"username": "li"},
        {"username": "li", "password": "x"},
        {"mode": "external", "ca_file": "x"},
        {"port": 0},
    ],
    ids=str,
)
def test_a_broker_that_can_not_be_is_refused(values: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        BrokerConfig.model_validate(values)


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.5", "broker.example", ""], ids=str)
def test_an_embedded_broker_beyond_loopback_is_refused(host: str) -> None:
    with pytest.raises(ValidationError) as wrong:
        BrokerConfig(host=host)
    (error,) = wrong.value.errors()
    assert (error["loc"], error["input"]) == (("host",), host)
    assert host == "" or "allowed: 127.0.0.0/8, localhost, ::1" in error["msg"]
    assert host == "" or BrokerConfig(mode="external", host=host).host == host


@pytest.mark.parametrize("host", ["127.0.0.1", "127.3.2.1", "localhost", "::1"], ids=str)
def test_an_embedded_broker_may_be_anywhere_on_loopback(host: str) -> None:
    assert BrokerConfig(host=host).host == host


def test_a_password_is_never_printed() -> None:
    broker = BrokerConfig(mode="external", username="u", password="secret-word")
    assert "secret-word" not in repr(broker)


def test_sentinels_of_toml_floats_are_the_decimals_that_were_written() -> None:
    feed = FeedConfig.model_validate({"name": "a", "topic": "t", "sentinels": {"*": [-1010.1, 85]}})
    assert feed.sentinels == {"*": (Decimal("-1010.1"), Decimal(85))}


def test_clocks_may_keep_standard_time_all_year() -> None:
    def feed(**more: str) -> FeedConfig:
        return FeedConfig.model_validate({"name": "m", "topic": "m/+", "format": "mbus", **more})

    assert feed().clocks is None
    named = [feed(zone="Europe/Belgrade", summer_time=each).clocks for each in ("zone", "never")]
    assert [each and each.key for each in named] == ["Europe/Belgrade", "Etc/GMT-1"]
    with pytest.raises(ValidationError, match="only used with a zone"):
        feed(summer_time="never")
    with pytest.raises(ValidationError, match="allowed: whole hours"):
        feed(zone="Asia/Kolkata", summer_time="never")
