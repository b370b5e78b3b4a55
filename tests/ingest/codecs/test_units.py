"""Units of values whose messages say none."""

import pytest

from ingest.codecs.units import UnitsConfig, units_of
from ingest.config import FeedConfig

FEED = {"name": "tb", "topic": "tb/#", "format": "thingsboard"}


def test_the_table_of_units_may_be_left_out() -> None:
    assert units_of(FeedConfig.model_validate(FEED).mapping) == {}
    feed = FeedConfig.model_validate({**FEED, "mapping": {"units": {"e": "KWh"}}})
    assert isinstance(feed.mapping, UnitsConfig)
    assert units_of(feed.mapping) == {"e": "kW.h"}


def test_a_unit_that_is_not_known_is_refused() -> None:
    with pytest.raises(ValueError, match="unit 'furlong' is not known"):
        FeedConfig.model_validate({**FEED, "mapping": {"units": {"e": "furlong"}}})
