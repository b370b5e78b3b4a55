"""A household's temperature chart: rooms, the standard, and the stops of supply."""

import math
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from dashboards.views.city import Curve
from domain.language import msg, msg_in
from domain.time import Span

#: What stands below the time axis, by how fine its steps are.
DATES = {
    "year": "{yyyy}-{MM}-{dd}", "month": "{MM}-{dd}", "day": "{MM}-{dd}", "hour": "{HH}:{mm}",
}  # fmt: skip
COLOURS = ("#c4501b", "#1f5fa8", "#6b4fa0", "#1c7c54")


def temperature_chart(
    curves: Sequence[Curve],
    standard_c: float,
    stops: Sequence[Span],
    zone: ZoneInfo,
    language: str,
) -> dict[str, Any]:
    """ECharts options; times in the city's local time, gaps stay gaps.

    `standard_c` is the room standard [°C].
    """
    return {
        "animation": False,
        "color": list(COLOURS),
        "grid": {"left": 44, "right": 18, "top": 34, "bottom": 32},
        "tooltip": {"trigger": "axis"},
        "legend": {"top": 0, "icon": "roundRect", "itemHeight": 3},
        "xAxis": {"type": "time", "axisLabel": {"formatter": DATES, "hideOverlap": True}},
        "yAxis": _axis(curves, standard_c),
        "series": [
            _room(curve, zone) | (_marks(standard_c, stops, zone, language) if i == 0 else {})
            for i, curve in enumerate(curves)
        ],
    }


def _axis(curves: Sequence[Curve], standard_c: float) -> dict[str, Any]:
    """Whole degrees around what was measured and the standard, which is always in sight."""
    values = [value for curve in curves for _, value in curve.points if value is not None]
    return {
        "type": "value",
        "min": math.floor(min([*values, standard_c])) - 1,
        "max": math.ceil(max([*values, standard_c])) + 1,
        "axisLabel": {"formatter": "{value} °C"},
    }


def _local(at: datetime, zone: ZoneInfo) -> str:
    return at.astimezone(zone).strftime("%Y-%m-%dT%H:%M:%S")


def _room(curve: Curve, zone: ZoneInfo) -> dict[str, Any]:
    return {
        "name": curve.room,
        "type": "line",
        "symbol": "none",
        "showAllSymbol": True,
        "connectNulls": False,
        "lineStyle": {"width": 1.5},
        "data": _data(curve, zone),
    }


def _data(curve: Curve, zone: ZoneInfo) -> list[dict[str, Any]]:
    """The points; one between two gaps has no line, so it gets a dot."""
    known = [False, *(value is not None for _, value in curve.points), False]
    data: list[dict[str, Any]] = []
    for i, (at, value) in enumerate(curve.points):
        alone = known[i + 1] and not known[i] and not known[i + 2]
        dot = {"symbol": "circle", "symbolSize": 5} if alone else {}
        data.append({"value": [_local(at, zone), value], **dot})
    return data


def _marks(
    standard_c: float, stops: Sequence[Span], zone: ZoneInfo, language: str
) -> dict[str, Any]:
    line = {
        "silent": True,
        "symbol": "none",
        "lineStyle": {"color": "#b3261e", "type": "dashed"},
        "label": {
            "formatter": msg("Standard {celsius} °C", celsius=f"{standard_c:g}").to(language),
            "position": "insideEndTop",
        },
        "data": [{"yAxis": standard_c}],
    }
    area = {
        "silent": True,
        "itemStyle": {"color": "rgba(179,38,30,0.10)"},
        "data": [
            [
                {
                    "xAxis": _local(stop.since, zone),
                    "name": msg_in("console", "Outage").to(language),
                },
                {"xAxis": _local(stop.until, zone)},
            ]
            for stop in stops
        ],
    }
    return {"markLine": line, "markArea": area}
