"""Topics against filters: as the regular expressions of `ingest.mapping.topics` have it."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.batch.plan import plan_of
from ingest.codecs.shape import Kind, Level, Shape
from ingest.kernels import plan as p
from ingest.kernels.topics import matches, read_levels
from ingest.mapping.topics import topic_pattern

LEVELS = st.sampled_from(["a", "b", "ab", "", "楼"])
FILTERS = st.tuples(
    st.lists(st.one_of(LEVELS, st.just("+")), min_size=1, max_size=4), st.booleans()
).map(lambda found: "/".join([*found[0], *(["#"] if found[1] else [])]))


@settings(max_examples=400, deadline=None, database=None)
@given(FILTERS, st.lists(LEVELS, min_size=1, max_size=5).map("/".join))
def test_a_filter_takes_what_its_pattern_takes(wanted: str, topic: str) -> None:
    plan = plan_of(Shape((Kind((Level(0),)),)), wanted, None)
    data = np.frombuffer(topic.encode() or b"\0", dtype=np.uint8)
    room = np.zeros(p.ROOM, dtype=np.int64)
    assert read_levels(data, 0, len(topic.encode()), room)
    found = matches(data, room, plan.numbers, plan.words, plan.numbers[p.FILTER])
    assert found == (topic_pattern(wanted).match(topic) is not None)


@pytest.mark.parametrize("levels", [32, 33])
def test_more_levels_than_there_is_room_for_are_not_read(levels: int) -> None:
    data = np.frombuffer(b"/" * (levels - 1), dtype=np.uint8)
    assert read_levels(data, 0, data.size, np.zeros(p.ROOM, dtype=np.int64)) == (levels <= 32)
