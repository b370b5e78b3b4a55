"""`heatwatch outages`: stops of supply of stations, with their evidence, beside the records."""

from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any
from zoneinfo import ZoneInfo

import typer
from rich.console import Group

from domain.errors import WrongCall
from domain.quantity import Quantity
from domain.time import HOUR_US, MINUTE_US
from domain.tree import PlaceKind
from heatwatch.output import emit, grid, note
from heatwatch.wiring import DEFAULT_CONFIG, open_world

if TYPE_CHECKING:
    from analytics.heat.open_records import OpenRecord
    from analytics.heat.outage_reconciliation import Comparison
    from analytics.heat.outages import Window
    from heatwatch.services.stops import Stop
    from store.registry.series import Tree

EPILOG = """Examples:

heatwatch outages

heatwatch outages --place S1 --since 2025-01-10

heatwatch outages --off 22:00-06:00 --json      # heat is off every night by schedule

heatwatch outages --unrecorded --out found/outages.csv   # to be checked, then: registry import found/"""

NAMES = {
    "zh": ["站", "开始", "结束", "小时", "确认", "流量 L/h", "供水 °C", "调度记录"],
    "en": ["station", "since", "until", "hours", "verified", "L/h", "°C", "dispatch record"],
}  # fmt: skip
TITLES = {"zh": "停热", "en": "Stops of supply"}
LASTS = {"zh": "未恢复", "en": "not back"}
STATES = {
    "zh": {"recorded": "有", "not": "无"},
    "en": {"recorded": "recorded", "not": "not recorded"},
}
PARTS = {
    "zh": {"begins_late_min": "晚 {} 分", "ends_early_min": "早结束 {} 分", "between_min": "中间缺 {} 分"},
    "en": {
        "begins_late_min": "begins {} min late", "ends_early_min": "ends {} min early",
        "between_min": "{} min left out",
    },
}  # fmt: skip
CLOSE = {
    "zh": "记录无结束，而计量表明供热已恢复：请补记结束",
    "en": "Recorded without an end, though supply is back: close the record",
}
CLOSE_NAMES = {
    "zh": ["地点", "记录开始", "恢复", "站数"],
    "en": ["place", "recorded since", "back since", "stations"],
}
SOME = {"zh": "{} / {} 户", "en": "{} of {} homes"}


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
    unrecorded: Annotated[
        bool,
        typer.Option("--unrecorded", help="only those the dispatch's records don't hold whole"),
    ] = False,
    out: Annotated[
        Path | None,
        typer.Option(help="write what records lack as rows to check and import: .../outages.csv"),
    ] = None,
    lang: Annotated[str, typer.Option(help="zh or en")] = "",
    as_of: Annotated[int | None, typer.Option(help="flush number; default now")] = None,
    config: Annotated[Path, typer.Option("--config", "-c")] = DEFAULT_CONFIG,
    as_json: Annotated[bool, typer.Option("--json", help="as JSON")] = False,
) -> None:
    """Stops of supply found in the stations' flow and supply temperature, and whether recorded.

    A stop begins with verified loss and ends when supply is back and held for 60 minutes.
    A refund counts recorded stops only: what the records lack is for the dispatcher to check
    and import.
    """  # fmt: skip
    from heatwatch.cli.options import language_of, place_of
    from heatwatch.cli.spans import asked_flush, asked_span
    from heatwatch.services.stops import (
        Scope,
        closings,
        outage_limits,
        proposals,
        stops,
        to_close,
        write_proposals,
    )
    from store.registry.series import tree

    world = open_world(config)
    language = language_of(world, lang)
    limits = outage_limits(world.config.alerts.outage, _windows(off or []))
    span, zone = asked_span(world, season, since, until)
    as_of = asked_flush(world, as_of)
    network = tree(world.books)
    wanted = network.under(place_of(world, network, place), PlaceKind.STATION)
    if out is not None and as_of is None:
        as_of = world.readings.flush(world.now()).number
    scope = Scope(network, wanted, span, zone, limits, as_of)
    stations, found = stops(world, scope)
    asked = to_close(world, scope)
    if unrecorded:
        found = [each for each in found if each.beside.state.value != "recorded"]
    data: dict[str, Any] = {
        "since": span.since,
        "until": span.until,
        "stations": stations,
        "outages": [_told(each, network) for each in found],
        "to_close": [_asked(each, network) for each in asked],
    }
    if out is not None and as_of is not None:
        rows = proposals(found, network, limits, as_of, language)
        rows += closings(asked, network, limits, as_of, language)
        write_proposals(out, rows)
        data |= {"file": out, "rows": len(rows)}
        _explain(out, len(rows), found)
    emit(data, as_json=as_json, table=lambda answer: _table(answer, zone, language))


def _windows(off: list[str]) -> "list[Window]":
    from analytics.heat.outages import Window

    try:
        return [Window.of(each) for each in off]
    except ValueError as wrong:
        raise WrongCall(f"--off: {wrong}") from None


def _explain(out: Path, rows: int, found: "list[Stop]") -> None:
    note(
        f"{rows} stops that records lack in {out}: check them, then heatwatch registry import {out}"
    )
    if lasting := sum(not each.found.ended for each in found):
        note(f"{lasting} not written: supply is not back, so nobody knows their end yet")
    if cut := sum(each.cut for each in found):
        note(f"{cut} begun at or before the begin of the span asked for: ask from earlier")


def _told(stop: "Stop", network: "Tree") -> dict[str, Any]:
    found, beside = stop.found, stop.beside
    supply = found.lowest_supply
    return {
        "station": network.code(stop.station),
        "since": found.since,
        "until": found.until,
        "ended": found.ended,
        "hours": _hours((found.until - found.since).total_seconds() * 1e6),
        "hours_lost": _hours(found.lost_us),
        "hours_unknown": _hours(found.unknown_us),
        "hours_by_schedule": _hours(found.scheduled_us),
        "least_flow_l_h": found.lowest_flow,
        "least_supply_c": None if supply is None else Quantity.TEMPERATURE.from_ticks(supply),
        "recorded": beside.state,
        **_short(beside),
        "homes": beside.homes,
        "homes_short": beside.homes_short,
        "records": [
            {
                "place": network.code(each.place),
                "since": each.since,
                "until": each.until,
                "planned": each.planned,
                "cause": each.cause,
            }
            for each in beside.records
        ],
    }


def _asked(each: "OpenRecord", network: "Tree") -> dict[str, Any]:
    return {
        "place": network.code(each.record.place),
        "since": each.record.since,
        "back": each.back,
        "stations": each.stations,
    }


def _short(beside: "Comparison") -> dict[str, Decimal | None]:
    """Minutes that the records leave out; None where there is no record to begin late."""
    short = beside.short
    if beside.state.value == "not":
        return dict.fromkeys(PARTS["en"])
    left_out = zip(PARTS["en"], (short.late_us, short.early_us, short.between_us), strict=True)
    return {name: _minutes(us) for name, us in left_out}


def _hours(us: float) -> Decimal:
    return round(Decimal(us) / HOUR_US, 3)


def _minutes(us: int) -> Decimal:
    return round(Decimal(us) / MINUTE_US, 1)


def _table(data: dict[str, Any], zone: ZoneInfo, language: str) -> Any:
    def local(at: datetime) -> str:
        return at.astimezone(zone).strftime("%m-%d %H:%M")

    rows = [
        [
            row["station"], local(row["since"]),
            local(row["until"]) if row["ended"] else LASTS[language],
            row["hours"], row["hours_lost"], row["least_flow_l_h"], row["least_supply_c"],
            _record(row, language),
        ]
        for row in data["outages"]
    ]  # fmt: skip
    title = f"{TITLES[language]}  {data['since'].astimezone(zone):%Y-%m-%d} .. {data['until'].astimezone(zone):%Y-%m-%d %H:%M} {zone.key}"
    stops = grid(title, NAMES[language], rows)
    if not data["to_close"]:
        return stops
    asked = [
        [row["place"], local(row["since"]), local(row["back"]), row["stations"]]
        for row in data["to_close"]
    ]
    return Group(stops, grid(CLOSE[language], CLOSE_NAMES[language], asked))


def _record(row: dict[str, Any], language: str) -> str:
    """What the records say about a stop, in a few words."""
    if row["recorded"].value in STATES[language]:
        return STATES[language][row["recorded"].value]
    parts = [text.format(row[key]) for key, text in PARTS[language].items() if row[key]]
    if row["homes_short"] < row["homes"]:
        parts.append(SOME[language].format(row["homes_short"], row["homes"]))
    return ", ".join(parts)
