"""Lines of cold days pay what an outage left of each day (regulations.md section 9, H6)."""

from tests.analytics.settlement.test_golden_refunds import settled
from tests.analytics.worked import outage_and_cold


def test_h6_outage_first_then_the_rest_of_each_day_never_over_a_day() -> None:
    result = settled(outage_and_cold())
    assert str(result.total) == "80.00"
    assert [(line.kind, str(line.days)) for line in result.lines] == [
        ("outage", "5/4"),
        ("temperature", "1/4"),
        ("temperature", "1/2"),
        ("temperature", "2"),
    ]
