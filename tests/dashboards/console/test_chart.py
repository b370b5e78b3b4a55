"""What the temperature chart hands to ECharts."""

from datetime import timedelta
from zoneinfo import ZoneInfo

from dashboards.console.chart import temperature_chart
from dashboards.views.city import Curve
from tests.tiny import MIDNIGHT

ZONE = ZoneInfo("Asia/Shanghai")


def drawn(*values: float | None) -> list[bool]:
    """Whether each point of a curve has a dot."""
    points = tuple((MIDNIGHT + timedelta(hours=i), value) for i, value in enumerate(values))
    chart = temperature_chart([Curve("bed", points)], 18.0, [], ZONE, "en")
    (room,) = chart["series"]
    assert [each["value"][1] for each in room["data"]] == list(values)
    return [each.get("symbol", room["symbol"]) != "none" for each in room["data"]]


def test_a_point_without_a_neighbour_has_a_dot_and_others_have_none() -> None:
    assert drawn(20.0) == [True]
    assert drawn(20.0, 21.0) == [False, False]
    assert drawn(20.0, None, 21.0, None, 19.0, 20.0) == [True, False, True, False, False, False]
    assert drawn(19.0, 20.0, None, 21.0) == [False, False, False, True]
    assert drawn(None) == [False]


def test_the_days_below_the_chart_have_their_month() -> None:
    chart = temperature_chart([], 18.0, [], ZONE, "en")
    dates = chart["xAxis"]["axisLabel"]["formatter"]
    assert {dates["day"], dates["month"]} == {"{MM}-{dd}"}
