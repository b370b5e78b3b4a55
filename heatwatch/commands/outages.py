"""`heatwatch outages`: stops of supply of stations, with their evidence."""

from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import typer

from domain.errors import WrongCall
from domain.quantity import Quantity
from domain.tree import PlaceKind
from heatwatch.output import emit, grid
from heatwatch.wiring import DEFAULT_CONFIG, World, open_world

EPILOG = """Examples:

heatwatch outages

heatwatch outages --place S1 --since 2025-01-10

heatwatch outages --off 22:00-06:00 --json      # heat is off every night by schedule"""

HOUR_US = Decimal(3_600_000_000)
NAMES = {
    "zh": ["站", "开始", "结束", "小时", "确认", "流量 L/h", "供水 °C"],
    "en": ["station", "since", "until", "hours", "verified", "L/h", "°C"],
}  # fmt: skip
TITLES = {"zh": "停热", "en": "Stops of supply"}
LASTS = {"zh": "未恢复", "en": "not back"}


def register(app: typer.Typer) -> None:
    app.command(epilog=EPILOG)(outages)


def outages(
    season: Annotated[str, typer.Option(help="code; default the running or last one")] = "",
    since: Annotated[str, typer.Option(help="local time, instead of a season")] = "",
    until: Annotated[str, typer.Option(help="local time, not in it; default now")] = "",
    place: Annotated[str, typer.Option(help="code of a place; default the company")] = "",
    off: Annotated[
        list[str] | None,
        typer.Option(help="HH:MM-HH:MM, local: heat is off by schedule; may be repeated"),
    ] = None,
    lang: Annotated[str, typer.Option(help="zh or en")] = "",
    as_of: Annotated[int | None, typer.Option(help="flush number; default now")] = None,
    config: Annotated[Path, typer.Option("--config", "-c")] = DEFAULT_CONFIG,
    as_json: Annotated[bool, typer.Option("--json", help="as JSON")] = False,
) -> None:
    """Stops of supply found in the stations' flow and supply temperature.

    A stop begins with verified loss and ends when supply is back and held for 60 minutes.
    """
    from analytics.stations import station_outages
    from heatwatch.spans import asked_span
    from heatwatch.whereabouts import language_of, place_of
    from store.series import tree

    world = open_world(config)
    language = language_of(world, lang)
    limits = limits_of(world, off or [])
    span, zone = asked_span(world, season, since, until)
    places = tree(world.books)
    wanted = places.under(place_of(world, places, place), PlaceKind.STATION)
    stations, found = station_outages(
        world.index, world.readings, wanted, span, zone, limits, as_of
    )
    data = {
        "since": span.since,
        "until": span.until,
        "stations": len(stations.place),
        "outages": [
            {
                "station": places.code(int(stations.place[each.station])),
                "since": each.since,
                "until": each.until,
                "ended": each.ended,
                "hours": _hours((each.until - each.since).total_seconds() * 1e6),
                "hours_lost": _hours(each.lost_us),
                "hours_unknown": _hours(each.unknown_us),
                "hours_by_schedule": _hours(each.scheduled_us),
                "least_flow_l_h": each.lowest_flow,
                "least_supply_c": None
                if each.lowest_supply is None
                else Quantity.TEMPERATURE.from_steps(each.lowest_supply),
            }
            for each in found
        ],
    }
    emit(data, as_json=as_json, table=lambda answer: _table(answer, zone, language))


def limits_of(world: World, off: list[str]) -> Any:
    """The limits the alerts use too, and the windows of this call."""
    from analytics.outages import Window
    from analytics.stations import Limits

    configured = world.config.alerts.outage
    try:
        windows = tuple(Window.of(each) for each in off)
    except ValueError as wrong:
        raise WrongCall(f"--off: {wrong}") from None
    return Limits(
        supply_floor=Quantity.TEMPERATURE.to_steps(configured.supply_c),
        flow_share=float(configured.flow_share),
        held_us=round(configured.recover_min * 60_000_000),
        least_us=round(configured.hold_min * 60_000_000),
        windows=windows,
    )


def _hours(us: float) -> Decimal:
    return round(Decimal(us) / HOUR_US, 3)


def _table(data: dict[str, Any], zone: ZoneInfo, language: str) -> Any:
    def local(at: datetime) -> str:
        return at.astimezone(zone).strftime("%m-%d %H:%M")

    rows = [
        [
            row["station"], local(row["since"]),
            local(row["until"]) if row["ended"] else LASTS[language],
            row["hours"], row["hours_lost"], row["least_flow_l_h"], row["least_supply_c"],
        ]
        for row in data["outages"]
    ]  # fmt: skip
    title = f"{TITLES[language]}  {data['since'].astimezone(zone):%Y-%m-%d} .. {data['until'].astimezone(zone):%Y-%m-%d %H:%M} {zone.key}"
    return grid(title, NAMES[language], rows)
