"""Messages of one format on topics of one form, and the filters that take them."""

import pytest

from ingest.codecs.examples import example_of
from ingest.connect.groups import filters_of, groups_of, levels_of
from ingest.connect.seen import Seen
from tests.ingest.connect.messages import CHINESE, LEVELS, SCADA, sent


def test_what_no_format_knows_is_grouped_by_its_topics_form_and_kind() -> None:
    status = sent("plant/S1/status", {"state": "ok"})
    groups = groups_of([*SCADA, *LEVELS, *CHINESE, status, sent("misc/hello", "hi")])
    assert [(each.format, len(each.messages)) for each in groups] == [
        ("mapped", 2), ("mapped", 4), ("mapped", 2), ("mapped", 1), ("", 1),
    ]  # fmt: skip


def test_topics_that_discovery_names_are_of_its_format_too() -> None:
    golden = example_of("homeassistant")
    seen = [Seen(each.topic, each.payload) for each in golden.messages]
    (group,) = [each for each in groups_of([*seen, *LEVELS]) if each.format == "homeassistant"]
    assert "esp/flat12/temperature/state" in group.topics


@pytest.mark.parametrize(
    ("form", "topics", "expected"),
    [
        ("chirpstack", ["application/7/device/a/event/up"], ["application/+/device/+/event/+"]),
        ("senml", ["a/1/x", "a/2/x"], ["a/+/x"]),
        ("senml", ["a/1/x", "b"], ["a/1/x", "b"]),
        ("wmbus", ["radio/1", "radio/2/raw"], ["radio/#"]),
        ("tasmota", ["tele/a/SENSOR", "b/c/tele/SENSOR"], ["tele/+/SENSOR", "b/c/tele/SENSOR"]),
        ("thingsboard", ["v2/t", "v1/gateway/telemetry"], ["v1/gateway/telemetry", "v2/t"]),
    ],
)  # fmt: skip
def test_filters_are_the_documented_ones_or_as_narrow_as_the_topics(
    form: str, topics: list[str], expected: list[str]
) -> None:
    assert filters_of(form, topics) == expected


def test_a_level_that_differs_is_any() -> None:
    assert levels_of(["a/1/x", "a/2/x"]) == ["a", "+", "x"]
