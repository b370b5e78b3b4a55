"""`heatwatch balance`: what a station's meter counted beside its buildings, and what is lost between."""

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import typer

from domain.formats import Formats
from domain.language import msg
from domain.quantity import Quantity, Role
from heatwatch.cli.energy import STATES
from heatwatch.cli.options import (
    AsOf,
    Company,
    Config,
    Json,
    Per,
    Place,
    SeasonOrLast,
    Since,
    Until,
)
from heatwatch.output import decimal, emit, grid
from heatwatch.wiring import DEFAULT_CONFIG, open_world

if TYPE_CHECKING:
    from analytics.heat.balance import Balance
    from domain.tree import Tree

EPILOG = """Examples:

heatwatch balance --season 2025-26

heatwatch balance --place S1-01 --per day --since 2026-01-01 --until 2026-02-01 --json"""


def register(app: typer.Typer) -> None:
    app.command(epilog=EPILOG)(balance)


def balance(
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
    """Heat that stations supplied beside what their buildings used; undetermined while a meter is missing.

    A building without a meter counts by the meters of its homes.
    """
    from analytics.heat.balance import balance as balance_of
    from analytics.heat.energy import edges_of
    from domain.tree import PlaceKind
    from heatwatch.selection import chosen_span, chosen_version, meters_of, place_of
    from store.registry.places import tree

    world = open_world(config)
    places = tree(world.books, PlaceKind.HOUSEHOLD)
    chosen = place_of(world, places, place, company)
    span, zone = chosen_span(world, places.company(chosen), season, since, until)
    meters = meters_of(world, places, Role.ENERGY, chosen_version(world, as_of))
    found = balance_of(meters, chosen, edges_of(span, zone, per))
    data = {"since": span.since, "until": span.until, "rows": list(rows_of(found, places))}
    shown_as = replace(world.formats, zone=zone)
    emit(data, as_json=as_json, table=lambda answer: _table(answer, shown_as))


def rows_of(found: "Balance", places: "Tree") -> Iterator[dict[str, Any]]:
    """A row for each station and bin; amounts are whole Wh, those that are unknown open, with what is known of them."""
    from analytics.heat.registers import State
    from domain.time import from_us

    edges = [from_us(each) for each in found.edges_us.tolist()]
    determined, loss = found.determined, found.loss
    for i, code in enumerate(places.codes_of(found.station)):
        for b in range(len(edges) - 1):
            supplied, used = int(found.supplied[i, b]), int(found.used[i, b])
            states = [State(each[i, b]) for each in (found.supplied_state, found.used_state)]
            of_station, of_buildings = (state is not State.UNKNOWN for state in states)
            sure = bool(determined[i, b])
            lost = int(loss[i, b]) if sure else None
            yield {
                "station": code, "since": edges[b], "until": edges[b + 1],
                "supplied": supplied if of_station else None, "supplied_at_least": supplied,
                "supplied_state": states[0].name.lower(),
                "used": used if of_buildings else None, "used_at_least": used,
                "used_state": states[1].name.lower(),
                "meters": int(found.meters[i, b]), "meters_known": int(found.known[i, b]),
                "loss": lost,
                "loss_share": None if lost is None or not supplied else decimal(Fraction(lost, supplied), 6),
                "determined": sure, "unit": Quantity.ENERGY.unit,
            }  # fmt: skip


def _table(data: dict[str, Any], shown_as: Formats) -> Any:
    heat, unit = Quantity.ENERGY, shown_as.unit(Quantity.ENERGY)
    title = msg(
        "Balance of stations, {since} to {until} ({zone})",
        since=shown_as.instant(data["since"]), until=shown_as.instant(data["until"]),
        zone=shown_as.zone.key,
    )  # fmt: skip
    names = [
        msg("station"), msg("since"), msg("supplied [{unit}]", unit=unit), msg("known how"),
        msg("used by buildings [{unit}]", unit=unit), msg("known how"), msg("meters known"),
        msg("loss [{unit}]", unit=unit), msg("loss [%]"),
    ]  # fmt: skip
    rows = [
        [
            row["station"], f"{row['since'].astimezone(shown_as.zone).date()}",
            _amount(row, "supplied", shown_as), STATES[row["supplied_state"]],
            _amount(row, "used", shown_as), STATES[row["used_state"]],
            msg("{n} of {all}", n=row["meters_known"], all=row["meters"]),
            msg("undetermined") if row["loss"] is None else shown_as.value(row["loss"], heat),
            "" if row["loss_share"] is None else round(100 * row["loss_share"], 1),
        ]
        for row in data["rows"]
    ]  # fmt: skip
    return grid(title, names, rows)


def _amount(row: dict[str, Any], name: str, shown_as: Formats) -> str:
    """What is known; of an unknown amount the least, where that says something."""
    known, least = row[name], row[f"{name}_at_least"]
    if known is not None:
        return shown_as.value(known, Quantity.ENERGY)
    return f"≥ {shown_as.value(least, Quantity.ENERGY)}" if least else ""
