"""`heatwatch outages`: outages of stations, with their evidence, beside the outage records."""

import functools
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Group

from domain.errors import WrongCall
from domain.formats import Formats
from domain.language import Text, joined, msg, plural, sentence_of
from domain.quantity import Quantity
from domain.time import HOUR_US, MINUTE_US
from heatwatch.cli.options import AsOf, Company, Config, Place, SeasonOrLast, Since, Until
from heatwatch.output import emit, grid, note, spoken_language
from heatwatch.wiring import DEFAULT_CONFIG, open_world

if TYPE_CHECKING:
    from analytics.heat.judged import DeadMeter
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

#: What a record leaves out -> how it is said.
PARTS = {
    "begins_late_min": msg("begins {minutes} min late"),
    "ends_early_min": msg("ends {minutes} min early"),
    "between_min": msg("{minutes} min missing in between"),
}


def register(app: typer.Typer) -> None:
    app.command(epilog=EPILOG)(outages)


def outages(
    season: SeasonOrLast = "",
    since: Since = "",
    until: Until = "",
    place: Place = "",
    off: Annotated[
        list[str] | None,
        typer.Option(help="HH:MM-HH:MM, local: heat is off by schedule; may be repeated"),
    ] = None,
    unrecorded: Annotated[
        bool,
        typer.Option("--unrecorded", help="only those that the outage records don't hold whole"),
    ] = False,
    out: Annotated[
        Path | None,
        typer.Option(help="write what records lack as rows to check and import: .../outages.csv"),
    ] = None,
    as_of: AsOf = None,
    company: Company = "",
    config: Config = DEFAULT_CONFIG,
    as_json: Annotated[bool, typer.Option("--json", help="as JSON")] = False,
) -> None:
    """Outages found in the stations' flow and supply temperature, and whether they are recorded.

    An outage begins with verified loss and ends when supply is back and held for 60 minutes; what
    is lost supply comes from the season's policy, from its table [supply], or is heatwatch's default. A refund counts outage records only: what
    they lack is proposed, for the dispatcher to check and import.
    """
    from analytics.heat.judgement import Answer
    from domain.tree import PlaceKind
    from heatwatch.selection import chosen_span, chosen_version, place_of
    from heatwatch.services.evidence import differing_alarms, policy_at, supply_rules
    from heatwatch.services.outages import (
        Scope,
        all_outages,
        closed_by_meters,
        closings,
        dead,
        proposals,
        write_proposals,
    )
    from store.registry.series import tree

    world = open_world(config)
    network = tree(world.books)
    chosen = place_of(world, network, place, company)
    span, zone = chosen_span(world, network.company(chosen), season, since, until)
    as_of = chosen_version(world, as_of)
    wanted = network.under(chosen, PlaceKind.STATION)
    owner = network.path(chosen)[0]
    policy = policy_at(world, span.until, owner, chosen)
    for warning in differing_alarms(world.config.alerts, policy):
        note(warning)
    if out is not None and as_of is None:
        as_of = world.readings.flush(world.now()).number
    rules = supply_rules(world, span.until, owner, wanted, _windows(off or []))
    scopes = [Scope(network, own, span, zone, rule, as_of) for rule, own in rules]
    stations, found = all_outages(world, scopes)
    back = [each for scope in scopes for each in closed_by_meters(world, scope)]
    other = [each for each in found if each.judgement.answer is not Answer.NO_HEAT]
    found = [each for each in found if each.judgement.answer is Answer.NO_HEAT]
    if unrecorded:
        found = [each for each in found if each.beside.state.value != "recorded"]
    data: dict[str, Any] = {
        "since": span.since,
        "until": span.until,
        "stations": stations,
        "outages": [_answer(each, network) for each in found],
        "to_close": [_back(each, network) for each in back],
        "no_outages": [
            *(_other(each, network) for each in other),
            *(_dead(each, network) for scope in scopes for each in dead(world, scope)),
        ],
    }
    if out is not None and as_of is not None:
        rows = [
            row
            for scope in scopes
            for row in proposals(scope.of(found), network, scope.rule, as_of, spoken_language())
        ]
        rows += closings(back, network, as_of, spoken_language())
        write_proposals(out, rows, zone)
        data |= {"file": out, "rows": len(rows)}
        _explain(out, len(rows), found)
    emit(data, as_json=as_json, table=lambda answer: _table(answer, world.formats))


def _windows(off: list[str]) -> "list[Window]":
    from analytics.heat.supply import Window

    try:
        return [Window.of(each) for each in off]
    except ValueError as wrong:
        raise WrongCall(msg("--off: {why}", why=sentence_of(wrong))) from None


def _explain(out: Path, rows: int, found: "list[SeenOutage]") -> None:
    said = [
        plural(
            "{n} proposed outage is in {file}: write confirmed or rejected into its column decision, then "
            "run heatwatch registry import {file}",
            "{n} proposed outages are in {file}: write confirmed or rejected into the column decision of "
            "each, then run heatwatch registry import {file}",
            n=rows,
            file=out,
        ),
        msg("rows that change a recorded outage are corrections: import them with --reason"),
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
        note(each)


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
        "proposal": _proposal(seen, network),
        "speaks_for": list(seen.judgement.speaks_for),
        "speaks_against": list(seen.judgement.speaks_against),
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


def _proposal(seen: "SeenOutage", network: "Tree") -> str | None:
    """Its id; None: it is on record already, or not over."""
    from analytics.heat.outage_reconciliation import RecordState
    from store.registry.proposals import proposal_id

    if seen.beside.state is RecordState.RECORDED or not seen.found.ended:
        return None
    return proposal_id(network.code(seen.station), seen.found.since, seen.found.until)


def _other(seen: "SeenOutage", network: "Tree") -> dict[str, Any]:
    """A loss of supply that was no outage, or may have been none, with why."""
    return {
        "station": network.code(seen.station),
        "since": seen.found.since,
        "until": seen.found.until,
        "hours": _hours((seen.found.until - seen.found.since).total_seconds() * 1e6),
        "answer": seen.judgement.answer,
        "reason": seen.judgement.reason,
    }


def _dead(each: "DeadMeter", network: "Tree") -> dict[str, Any]:
    from analytics.heat.judged import dead_reason

    judgement = dead_reason(each)
    return {
        "station": network.code(each.place),
        "since": each.since,
        "until": each.until,
        "hours": _hours((each.until - each.since).total_seconds() * 1e6),
        "answer": judgement.answer,
        "reason": judgement.reason,
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
        return dict.fromkeys(PARTS)
    left_out = zip(PARTS, (short.late_us, short.early_us, short.between_us), strict=True)
    return {name: _minutes(us) for name, us in left_out}


def _hours(us: float) -> Decimal:
    return round(Decimal(us) / HOUR_US, 3)


def _minutes(us: int) -> Decimal:
    return round(Decimal(us) / MINUTE_US, 1)


def _plain(minutes: Decimal) -> str:
    return format(minutes.normalize(), "f")


def _table(data: dict[str, Any], shown_as: Formats) -> Any:
    rows = [
        [
            row["station"], shown_as.instant(row["since"]),
            shown_as.instant(row["until"]) if row["ended"] else msg("not back"),
            row["hours"], row["hours_lost"], _flow(row["least_flow_l_h"], shown_as),
            row["least_supply_c"], _record(row),
        ]
        for row in data["outages"]
    ]  # fmt: skip
    title = msg(
        "Outages, {since} to {until} ({zone})",
        since=shown_as.instant(data["since"]), until=shown_as.instant(data["until"]),
        zone=shown_as.zone.key,
    )  # fmt: skip
    names = [
        msg("station"), msg("since"), msg("until"), msg("hours"), msg("hours verified"),
        msg("flow [m³/h]"), msg("supply [°C]"), msg("outage record"),
    ]  # fmt: skip
    outages = grid(title, names, rows)
    parts = [outages, *_evidence(data["outages"]), *_no_outages(data["no_outages"])]
    if not data["to_close"]:
        return Group(*parts)
    asked = [
        [
            row["place"],
            shown_as.instant(row["since"]),
            shown_as.instant(row["back"]),
            row["stations"],
        ]
        for row in data["to_close"]
    ]
    names = [msg("place"), msg("recorded since"), msg("back since"), msg("stations")]
    return Group(
        *parts,
        grid(
            msg("Open records although supply is back: record their end, imported with --reason"),
            names,
            asked,
        ),
    )


def _evidence(found: list[dict[str, Any]]) -> list[Any]:
    """What speaks for and against each proposal, with the id that a decision names."""
    rows = [
        [row["proposal"], joined("; ", row["speaks_for"]), joined("; ", row["speaks_against"])]
        for row in found
        if row["proposal"] is not None
    ]
    title = msg("Proposals: heatwatch evidence confirm ID, or reject")
    names = [msg("proposal"), msg("speaks for it"), msg("speaks against it")]
    return [grid(title, names, rows)] if rows else []


def _no_outages(found: list[dict[str, Any]]) -> list[Any]:
    """What the meters showed and was no outage, together by station, answer and reason."""
    from analytics.heat.judgement import ANSWERS

    together: dict[tuple[Any, ...], list[dict[str, Any]]] = {}
    for each in found:
        key = each["station"], each["answer"], each["reason"].message
        together.setdefault(key, []).append(each)
    if not together:
        return []
    rows = [
        [
            same[0]["station"], ANSWERS[same[0]["answer"]], same[0]["reason"], len(same),
            sum(each["hours"] for each in same),
        ]
        for same in together.values()
    ]  # fmt: skip
    names = [msg("station"), msg("answer"), msg("reason"), msg("times"), msg("hours")]
    title = msg("Looked like outages and were none, or may have been (reason of the first)")
    return [grid(title, names, rows)]


def _flow(ticks: int | None, shown_as: Formats) -> str | None:
    return None if ticks is None else shown_as.value(ticks, Quantity.FLOW)


def _record(row: dict[str, Any]) -> Text:
    """What the records say about an outage, in a few words."""
    known = {"recorded": msg("recorded"), "not": msg("not recorded")}
    if found := known.get(row["recorded"].value):
        return found
    parts = [
        Text(text.message, {"minutes": _plain(row[key])}) for key, text in PARTS.items() if row[key]
    ]
    if row["homes_short"] < row["homes"]:
        parts.append(msg("{short} of {n} households", short=row["homes_short"], n=row["homes"]))
    return functools.reduce(lambda a, b: msg("{one}, {other}", one=a, other=b), parts)
