"""The history's mapping is one that imports take."""

import tomllib

from ingest.files.mapping import check_mapping
from simulators.world.mapping import HISTORY_MAPPING


def test_the_history_is_read_by_device_and_channel_in_its_own_units() -> None:
    mapping = check_mapping(tomllib.loads(HISTORY_MAPPING), "history.toml")
    assert mapping.layout == "long"
    assert mapping.columns.device == "device"
