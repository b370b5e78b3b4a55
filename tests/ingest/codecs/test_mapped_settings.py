"""What in a mapping can never match is refused with its key."""

from typing import Any

import pytest
from pydantic import ValidationError

from ingest.config import FeedConfig

T = {"t": "$.t"}


@pytest.mark.parametrize(
    ("topic", "mapping", "says"),
    [
        ("x/{device}", {"topic": "y/{device}", "channels": T}, "takes no topic of 'x/{device}'"),
        ("x/{device}", {"device": "{flat}", "channels": T}, "has the name 'flat'; allowed: device"),
        ("x/{device}", {"channels": {"t": {"path": "$.t", "unit": "{u}"}}}, "channels.t.unit = '{u}'"),
        ("x/{device}", {"channels": {"t": {"unit": "Cel"}}}, "channels.t needs a path"),
        ("x/{device}", {"channels": {"t": {"path": "$.t", "name": "T"}}}, "needs a path and no name"),
        ("x/{device}", {"channels": {"t": {"path": "$.t", "unit": "kwatt"}}}, "unit 'kwatt' is not known"),
        ("x/{device}", {"each": "$.a[", "channels": T}, "can't be read"),
        ("x/{device}", {"each": "$.a[?(@.b ==)]", "channels": T}, "can't be read"),
        ("x/{device}", {"each": "$.a[?(@.b =~ '(')]", "channels": T}, "can't be read"),
        ("x/{device}", {"ignore": [{}], "channels": T}, "allowed: topic, or path"),
        ("x/{device}", {"ignore": [{"topic": "a", "absent": True}], "channels": T}, "allowed: topic, or path"),
        ("x/{device}", {"status": {"path": "$.s"}, "channels": T}, "at least one of good, bad"),
        ("x/{device}", {"on_missing_time": "now", "channels": T}, "'refuse' or 'receipt'"),
        ("x/{device}", {"status": {"path": "status", "bad": ["x"]}, "channels": T}, "'status' is a fixed text; allowed: a path such as $.status"),
        ("x/{device}", {"time": "ts", "channels": T}, "'ts' is a fixed text"),
        ("x/{device}", {"revision": "1", "channels": T}, "'1' is a fixed text"),
        ("x/{device}", {"records": [{"each": "$.r"}]}, r"needs a table [channels]"),
        ("x/y", {"channels": T, "records": [{"each": "$.{device}", "channels": T}]}, "says no device"),
        ("x/{device}", {"time_format": "%d.%m %H:%M", "channels": T}, "allowed: a whole date"),
        ("x/{device}", {"time_format": "%d.%m.%y", "time_unit": "s", "channels": T}, "time_unit for numbers"),
    ],
    ids=range(20),
)  # fmt: skip
def test_a_mapping_that_can_not_match_is_refused(
    topic: str, mapping: dict[str, Any], says: str
) -> None:
    values = {"name": "s", "topic": topic, "format": "mapped", "mapping": mapping}
    with pytest.raises(ValidationError) as wrong:
        FeedConfig.model_validate(values)
    assert says in str(wrong.value)


def test_kinds_of_records_take_what_they_leave_out_from_the_mapping() -> None:
    records = [{"each": "$.r", "channels": T}, {"each": "$.q", "time": "$.at", "channels": T}]
    mapping = {"time": "$.ts", "device": "$.id", "records": records}
    values = {"name": "s", "topic": "x/#", "format": "mapped", "mapping": mapping}
    kinds = FeedConfig.model_validate(values).mapping.readers()  # type: ignore[union-attr]
    assert [(k.each, k.device, k.time) for k in kinds] == [
        ("$.r", "$.id", "$.ts"),
        ("$.q", "$.id", "$.at"),
    ]
