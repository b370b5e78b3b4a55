"""Plans: what is too large for one is said, and words stand once."""

import pytest

from ingest.batch.plan import TooLarge, plan_of
from ingest.codecs import shape_of
from ingest.codecs.shape import Channel, Kind, Level, Shape
from ingest.kernels import plan as p
from ingest.mapping.paths import All, Member
from tests.ingest.batch.shapes import SHAPES

DEVICE = (Level(0),)


@pytest.mark.parametrize(
    ("kind", "levels"),
    [
        (Kind(DEVICE, each=(Member("a"),) * 13), "s/+"),
        (Kind(DEVICE, each=tuple(All(f"k{i}") for i in range(9))), "s/+"),
        (Kind(DEVICE), "/".join("s" * 33)),
    ],
    ids=["steps", "kept keys", "levels"],
)
def test_what_has_no_room_is_said(kind: Kind, levels: str) -> None:
    with pytest.raises(TooLarge):
        plan_of(Shape((kind,)), levels, None)


def test_a_word_stands_once_and_every_channel_counts_for_the_room() -> None:
    channels = tuple(Channel("t", f"c{i}", (Member("value"),)) for i in range(5))
    plan = plan_of(Shape((Kind(DEVICE, channels=channels),)), "s/+", None)
    assert bytes(plan.words).count(b"value") == 1
    assert plan.most_channels == 5
    assert plan.numbers[p.ZONE] == plan.numbers[p.MISSING] == plan.numbers[p.GUARDS] == -1


@pytest.mark.parametrize("name", SHAPES)
def test_every_offset_lies_in_its_plan(name: str) -> None:
    feed = SHAPES[name].feed
    shape = shape_of(feed)
    assert shape is not None
    plan = plan_of(shape, feed.levels, feed.clocks)
    assert plan.numbers[: p.HEAD].max() < plan.numbers.size
    kinds = plan.numbers[p.KINDS]
    assert plan.numbers[kinds] == len(shape.kinds)
