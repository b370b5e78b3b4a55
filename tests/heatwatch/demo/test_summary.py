"""What a demo run came to, counted from the stores."""

from pathlib import Path

from heatwatch.demo.config import Ports, write_config
from heatwatch.demo.summary import sms_counts, stored_counts
from heatwatch.wiring import open_world
from tests.tiny import tiny_city


def test_history_is_counted_apart_from_what_came_live(tmp_path: Path) -> None:
    tiny_city(tmp_path)
    world = open_world(write_config(tmp_path, Ports(1, 2)))
    assert stored_counts(world, live=False)["readings"] == 492
    assert stored_counts(world, live=True)["readings"] == 0
    assert sms_counts(world)["handed_over"] == 0
