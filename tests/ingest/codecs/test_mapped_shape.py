"""What of a mapping the compiled reader takes."""

from ingest.codecs.mapped_shape import shape
from ingest.codecs.shape import Key, Level, Path, Words
from ingest.config import FeedConfig
from ingest.mapping.paths import All, Member
from tests.ingest.batch.shapes import mapped


def test_names_are_levels_of_the_topic_or_keys_of_the_records() -> None:
    feed = mapped("{town}/{house}/+", each="$.flats.{flat}", device="{house}-{flat}", channel="t", time="$.ts")  # fmt: skip
    found = shape(feed)
    assert found is not None
    (kind,) = found.kinds
    assert kind.device == (Level(1), Words("-"), Key("flat"))
    assert kind.channel == (Words("t"),)
    assert kind.each == (Member("flats"), All("flat"))
    assert kind.many
    assert kind.time is not None
    assert (kind.time.at, kind.time.year_first) == (Path((Member("ts"),)), True)


def test_rules_by_topic_are_filters_and_rules_by_content_are_guards() -> None:
    rules = ({"topic": "s/{device}/x"}, {"path": "$.kind", "equals": ("event",)}, {"topic": "s/#", "path": "$.v", "absent": True})  # fmt: skip
    found = shape(mapped("s/{device}/+", channels={"t": "$.v"}, ignore=rules))
    assert found is not None
    assert found.ignored == ("s/+/x",)
    assert [(each.equals, each.absent) for each in found.guards] == [(("event",), False), ((), True)]  # fmt: skip


def test_a_feed_without_mapping_has_none() -> None:
    assert shape(FeedConfig(name="x", topic="a/{device}")) is None
