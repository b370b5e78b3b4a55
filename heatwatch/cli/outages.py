"""`heatwatch outages`: outages of stations, with their evidence, beside the outage records."""

from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any
from zoneinfo import ZoneInfo

import typer
from rich.console import Group

from domain.errors import WrongCall
from domain.formats import Formats
from domain.language import msg, plural
from domain.quantity import Quantity
from domain.time import HOUR_US, MINUTE_US
from domain.tree import PlaceKind
from heatwatch.output import emit, grid, note
from heatwatch.wiring import DEFAULT_CONFIG, open_world

if TYPE_CHECKING:
    from analytics.heat.open_records import OpenRecord
    from analytics.heat.outage_reconciliation import Comparison
    from analytics.heat.supply import Window
    from heatwatch.services.outages import SeenOutage
    from store.registry.series import Tree

EPILOG = """Examples:

heatwatch outages

heatwatch outages --place S1 --since 2025-01-10

heatwatch outages --off 22:00-06:00 --json      # heat is off every night by schedule

heatwatch outages --unrecorded --out found/outages.csv   # to be checked, then: registry import found/"""

#: What a record leaves out: key of the answer -> its words.
LEFT_OUT = ("begins_late_min", "ends_early_min", "between_min")


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
    """Outages found in the stations' flow and supply temperature, and whether they are recorded.

    An outage begins with verified loss and ends when supply is back and held for 60 minutes; what
    is lost supply comes from the policy of the season. A refund counts outage records only: what
    they lack is proposed, for the dispatcher to check and import.
    """
    from heatwatch.cli.options import language_of, place_of
    from heatwatch.cli.spans import asked_flush, asked_span
    from heatwatch.services.evidence import differing_alarms, policy_at, supply_rule
    from heatwatch.services.outages import (
        Scope,
        closed_by_meters,
        closings,
        proposals,
        seen_outages,
        write_proposals,
    )
    from store.registry.series import tree

    world = open_world(config)
    language = language_of(world, lang)
    span, zone = asked_span(world, season, since, until)
    as_of = asked_flush(world, as_of)
    network = tree(world.books)
    chosen = place_of(world, network, place)
    wanted = network.under(chosen, PlaceKind.STATION)
    policy = policy_at(world.books, span.until, network.path(chosen)[0])
    for warning in differing_alarms(world.config.alerts, policy):
        note(warning.to(language))
    rule = supply_rule(policy, _windows(off or []))
    if out is not None and as_of is None:
        as_of = world.readings.flush(world.now()).number
    scope = Scope(network, wanted, span, zone, rule, as_of)
    stations, found = seen_outages(world, scope)
    back = closed_by_meters(world, scope)
    if unrecorded:
        found = [each for each in found if each.beside.state.value != "recorded"]
    data: dict[str, Any] = {
        "since": span.since,
        "until": span.until,
        "stations": stations,
        "outages": [_answer(each, network) for each in found],
        "to_close": [_back(each, network) for each in back],
    }
    if out is not None and as_of is not None:
        rows = proposals(found, network, rule, as_of, language)
        rows += closings(back, network, as_of, language)
        write_proposals(out, rows)
        data |= {"file": out, "rows": len(rows)}
        _explain(out, len(rows), found, language)
    emit(data, as_json=as_json, table=lambda answer: _table(answer, zone, language))


def _windows(off: list[str]) -> "list[Window]":
    from analytics.heat.supply import Window

    try:
        return [Window.of(each) for each in off]
    except ValueError as wrong:
        raise WrongCall(f"--off: {wrong}") from None


def _explain(out: Path, rows: int, found: "list[SeenOutage]", language: str) -> None:
    said = [
        plural(
            "{n} proposed outage is in {out}: check it, then run heatwatch registry import {out}",
            "{n} proposed outages are in {out}: check them, then run heatwatch registry import {out}",
            n=rows,
            out=out,
        )
    ]
    if lasting := sum(not each.found.ended for each in found):
        said.append(
            msg(
                "{lasting} not written: supply is not back, so the end is not known yet",
                lasting=lasting,
            )
        )
    if cut := sum(each.cut for each in found):
        said.append(
            msg("{cut} had begun at or before the start of the period: ask from earlier", cut=cut)
        )
    for each in said:
        note(each.to(language))


def _answer(seen: "SeenOutage", network: "Tree") -> dict[str, Any]:
    found, beside = seen.found, seen.beside
    supply = found.lowest_supply
    return {
        "station": network.code(seen.station),
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


def _back(each: "OpenRecord", network: "Tree") -> dict[str, Any]:
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
        return dict.fromkeys(LEFT_OUT)
    left_out = zip(LEFT_OUT, (short.late_us, short.early_us, short.between_us), strict=True)
    return {name: _minutes(us) for name, us in left_out}


def _hours(us: float) -> Decimal:
    return round(Decimal(us) / HOUR_US, 3)


def _minutes(us: int) -> Decimal:
    return round(Decimal(us) / MINUTE_US, 1)


def _table(data: dict[str, Any], zone: ZoneInfo, language: str) -> Any:
    formats = Formats(language, zone)
    rows = [
        [
            row["station"], formats.instant(row["since"]),
            formats.instant(row["until"]) if row["ended"] else msg("not back").to(language),
            row["hours"], row["hours_lost"], row["least_flow_l_h"], row["least_supply_c"],
            _record(row, language),
        ]
        for row in data["outages"]
    ]  # fmt: skip
    title = msg(
        "Outages, {since} to {until}, {zone}",
        since=formats.instant(data["since"]), until=formats.instant(data["until"]), zone=zone.key,
    )  # fmt: skip
    names = [
        msg("station"), msg("since"), msg("until"), msg("hours"), msg("verified"),
        msg("lowest L/h"), msg("lowest °C"), msg("outage record"),
    ]  # fmt: skip
    found = grid(title.to(language), [each.to(language) for each in names], rows)
    if not data["to_close"]:
        return found
    back = [
        [row["place"], formats.instant(row["since"]), formats.instant(row["back"]), row["stations"]]
        for row in data["to_close"]
    ]
    title = msg("Open records whose supply is back: enter their end")
    names = [msg("place"), msg("recorded since"), msg("back since"), msg("stations")]
    return Group(found, grid(title.to(language), [each.to(language) for each in names], back))


def _record(row: dict[str, Any], language: str) -> str:
    """What the records say about an outage, in a few words."""
    if row["recorded"].value == "recorded":
        return msg("recorded").to(language)
    if row["recorded"].value == "not":
        return msg("not recorded").to(language)
    late, early, between = (row[key] for key in LEFT_OUT)
    parts = [
        msg("begins {min} min late", min=late) if late else None,
        msg("ends {min} min early", min=early) if early else None,
        msg("{min} min left out in between", min=between) if between else None,
    ]
    if row["homes_short"] < row["homes"]:
        parts.append(msg("{some} of {homes} homes", some=row["homes_short"], homes=row["homes"]))
    return ", ".join(each.to(language) for each in parts if each)
