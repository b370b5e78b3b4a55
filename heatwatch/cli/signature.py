"""`heatwatch signature` and `heatwatch degree-days`: heat and cold beside each other."""

from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING, Annotated, Any

import typer

from domain.errors import WrongCall
from domain.formats import Formats
from domain.language import Text, msg, not_known
from domain.quantity import Role
from heatwatch.cli.energy import kind_of
from heatwatch.cli.options import (
    AsOf,
    Company,
    Config,
    Json,
    OfKind,
    Per,
    Place,
    SeasonOrLast,
    Since,
    Until,
)
from heatwatch.output import emit, grid, note
from heatwatch.wiring import DEFAULT_CONFIG, World, open_world

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from analytics.heat.degree_days import DegreeDays
    from domain.columns import IntArray
    from domain.time import Span
    from domain.tree import Tree

SIGNATURE_EPILOG = """Examples:

heatwatch signature --place S1-01-B2 --season 2025-26

heatwatch signature --of building --since 2025-05-01 --until 2026-04-30 --json"""

DEGREE_DAYS_EPILOG = """Examples:

heatwatch degree-days --season 2025-26

heatwatch degree-days --rule GTZ20/15 --per month --since 2025-07-01 --until 2026-06-30 --json"""


def register(app: typer.Typer) -> None:
    app.command(epilog=SIGNATURE_EPILOG)(signature)
    app.command("degree-days", epilog=DEGREE_DAYS_EPILOG)(degree_days)


def signature(
    of: OfKind = "",
    season: SeasonOrLast = "",
    since: Since = "",
    until: Until = "",
    place: Place = "",
    as_of: AsOf = None,
    company: Company = "",
    config: Config = DEFAULT_CONFIG,
    as_json: Json = False,
) -> None:
    """Heat power against outdoor temperature: slope, base load and balance temperature, from measured days.

    Where no day is warm enough base load and balance temperature stay open.
    """
    from analytics.heat.place_signatures import signatures
    from heatwatch.selection import chosen_version, meters_of

    world = open_world(config)
    places, chosen, span, zone, edges = _chosen(world, place, company, season, since, until)
    meters = meters_of(world, places, Role.ENERGY, chosen_version(world, as_of))
    share = world.config.reports.known_share
    found = signatures(meters, chosen, kind_of(of, places, chosen), edges, share, zone)
    rows = [
        {
            "place": places.code(each),
            "days": 0 if fit is None else fit.days,
            "slope_w_k": None if fit is None else fit.slope,
            "at_zero_w": None if fit is None else fit.at_zero,
            "base_w": None if fit is None else fit.base,
            "balance_c": None if fit is None else fit.balance,
            "r2": None if fit is None else fit.r2,
        }
        for each, fit in found
    ]
    data = {"since": span.since, "until": span.until, "rows": rows}
    shown_as = replace(world.formats, zone=zone)
    emit(data, as_json=as_json, table=lambda answer: _signatures(answer, shown_as))
    if not any(row["days"] for row in rows) and _mast(world, places, chosen, span) is None:
        note(_no_outdoor(None, places.code(chosen)))


def degree_days(
    rule: Annotated[
        str, typer.Option(help="HDD18, GTZ20/15, HGT15 or HDD18/15: base and limit of a standard")
    ] = "HDD18",
    per: Per = "month",
    season: SeasonOrLast = "",
    since: Since = "",
    until: Until = "",
    place: Place = "",
    as_of: AsOf = None,
    company: Company = "",
    config: Config = DEFAULT_CONFIG,
    as_json: Json = False,
) -> None:
    """Heating degree-days at the outdoor mast of a place; unknown days add nothing and are told."""
    import numpy as np

    from analytics.heat.degree_days import RULES
    from analytics.heat.energy import edges_of, whole_days
    from analytics.heat.outdoor import outdoor_of_places
    from domain.time import from_us
    from heatwatch.selection import chosen_version

    if rule not in RULES:
        raise WrongCall(not_known("--rule", rule, list(RULES)))
    world = open_world(config)
    places, chosen, span, zone, edges = _chosen(world, place, company, season, since, until)
    outdoor = outdoor_of_places(
        world.index, world.readings, places, np.array([chosen], dtype=np.int32), edges,
        world.config.reports.known_share, chosen_version(world, as_of),
    )[0]  # fmt: skip
    outdoor[~whole_days(edges, zone)] = np.nan
    bins = edges_of(span, zone, per)
    at = [from_us(each) for each in bins.tolist()]
    rows = [
        {
            "since": at[i], "until": at[i + 1],
            "degree_days": round(found.sum, 2) if found.known else None,
            "heating_days": found.heating if found.known else None,
            "days_known": found.known, "days": found.days,
        }
        for i, found in enumerate(_by_bin(outdoor, edges, bins, rule))
    ]  # fmt: skip
    about = RULES[rule]
    mast = _mast(world, places, chosen, span)
    data = {
        "place": places.code(chosen), "outdoor_at": mast, "rule": rule, "base": about.base, "limit": about.limit,
        "source": about.source, "rows": rows,
    }  # fmt: skip
    shown_as = replace(world.formats, zone=zone)
    emit(data, as_json=as_json, table=lambda answer: _degree_days(answer, shown_as))
    if not any(row["days_known"] for row in rows):
        note(_no_outdoor(mast, places.code(chosen)))


def _mast(world: World, places: "Tree", chosen: int, span: "Span") -> str | None:
    """Code of the place whose outdoor sensor counts for one; None: there is none."""
    import numpy as np

    from analytics.heat.outdoor import masts_of

    [at] = masts_of(world.index, places, np.array([chosen], dtype=np.int32), span).tolist()
    return None if at < 0 else places.code(at)


def _no_outdoor(mast: str | None, place: str) -> Text:
    """Why no day of a period is known."""
    if mast is None:
        return msg(
            "no outdoor temperature: neither {place} nor a place above or below it has a series of role "
            "outdoor_temperature in that time; register one, and import its readings",
            place=place,
        )
    return msg(
        "no outdoor temperature: the sensor at {place} has too few readings of that time on every day; "
        "`heatwatch readings coverage --place {place}` shows which",
        place=mast,
    )


def _by_bin(outdoor: Any, edges: "IntArray", bins: "IntArray", rule: str) -> list["DegreeDays"]:
    import numpy as np

    from analytics.heat.degree_days import RULES, degree_days

    cuts = np.searchsorted(edges, bins)
    return [degree_days(outdoor[a:b], RULES[rule]) for a, b in pairwise(cuts.tolist())]


def _chosen(
    world: World, place: str, company: str, season: str, since: str, until: str
) -> tuple["Tree", int, "Span", "ZoneInfo", "IntArray"]:
    """The network, a place, and a period with its local days."""
    from analytics.heat.energy import edges_of
    from heatwatch.selection import chosen_span, place_of
    from store.registry.places import tree

    places = tree(world.books)
    chosen = place_of(world, places, place, company)
    span, zone = chosen_span(world, places.company(chosen), season, since, until)
    return places, chosen, span, zone, edges_of(span, zone, "day")


def _signatures(data: dict[str, Any], shown_as: Formats) -> Any:
    title = msg(
        "Energy signature, {since} to {until} ({zone})",
        since=shown_as.instant(data["since"]), until=shown_as.instant(data["until"]),
        zone=shown_as.zone.key,
    )  # fmt: skip
    names: list[Any] = [
        msg("place"), msg("days fitted"), msg("slope [kW/K]"), msg("power at 0 °C [kW]"),
        msg("base load [kW]"), msg("balance temperature [°C]"), "R²",
    ]  # fmt: skip
    rows = [
        [
            row["place"], row["days"], _kilo(row["slope_w_k"]), _kilo(row["at_zero_w"]),
            _kilo(row["base_w"]), "" if row["balance_c"] is None else round(row["balance_c"], 1),
            "" if row["r2"] is None else round(row["r2"], 3),
        ]
        for row in data["rows"]
    ]  # fmt: skip
    return grid(title, names, rows)


def _kilo(watts: float | None) -> object:
    return "" if watts is None else round(watts / 1000, 3)


def _degree_days(data: dict[str, Any], shown_as: Formats) -> Any:
    title = msg(
        "Degree-days {rule} at {place}: base {base} °C, limit {limit} °C ({source})",
        rule=data["rule"], place=data["place"], base=f"{data['base']:g}",
        limit=f"{data['limit']:g}", source=data["source"],
    )  # fmt: skip
    names: list[Any] = [
        msg("since"), msg("degree-days [K·d]"), msg("heating days"), msg("days known"),
    ]  # fmt: skip
    rows = [
        [
            f"{row['since'].astimezone(shown_as.zone).date()}",
            "" if row["degree_days"] is None else row["degree_days"],
            "" if row["heating_days"] is None else row["heating_days"],
            msg("{n} of {all}", n=row["days_known"], all=row["days"]),
        ]
        for row in data["rows"]
    ]  # fmt: skip
    return grid(title, names, rows)
