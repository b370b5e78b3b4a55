"""`heatwatch comfort`: hours and degree-hours below a base, per household or room."""

from decimal import Decimal, InvalidOperation
from typing import Annotated, Any

import typer

from domain.errors import WrongCall
from domain.formats import Formats
from domain.language import msg
from domain.quantity import Quantity
from heatwatch.cli.options import AsOf, Company, Config, Place, SeasonOrLast, Since, Until
from heatwatch.output import decimal, emit, grid
from heatwatch.wiring import DEFAULT_CONFIG, open_world

EPILOG = """Examples:

heatwatch comfort --base 18

heatwatch comfort --base 18 --since 2025-01-10 --until 2025-01-17 --place S1-03-B2

heatwatch comfort --base 20 --season 2024-25 --rooms --json"""


def register(app: typer.Typer) -> None:
    app.command(epilog=EPILOG)(comfort)


def comfort(
    base: Annotated[str, typer.Option(help="below it is cold [°C]")] = "18",
    season: SeasonOrLast = "",
    since: Since = "",
    until: Until = "",
    place: Place = "",
    rooms: Annotated[
        bool, typer.Option(help="every room, not only each household's worst")
    ] = False,
    limit: Annotated[
        int, typer.Option(min=0, help="rows of the table, coldest first; 0: all")
    ] = 50,
    as_of: AsOf = None,
    company: Company = "",
    config: Config = DEFAULT_CONFIG,
    as_json: Annotated[bool, typer.Option("--json", help="every row, exact, as JSON")] = False,
) -> None:
    """Hours and degree-hours below a base; missing time is neither warm nor cold."""
    from analytics.heat.homes import room_comfort, worst_rooms
    from domain.tree import PlaceKind
    from heatwatch.selection import chosen_span, chosen_version, place_of
    from store.registry.series import tree

    ticks = celsius_ticks(base)
    world = open_world(config)
    places = tree(world.books)
    chosen = place_of(world, places, place, company)
    span, _ = chosen_span(world, places.company(chosen), season, since, until)
    as_of = chosen_version(world, as_of)
    households = places.under(chosen, PlaceKind.HOUSEHOLD)
    found = room_comfort(world.books, world.readings, span, ticks, households, as_of)
    if not rooms:
        found = worst_rooms(found)
    data = {
        "base": base,
        "since": span.since,
        "until": span.until,
        "homes" if not rooms else "rooms": [
            {
                "household": places.code(each.household),
                "room": places.code(each.room),
                "hours_below": decimal(each.below),
                "degree_hours": decimal(each.degree_hours),
                "hours_known": decimal(each.known),
                "hours_missing": decimal(each.missing),
                "coverage": decimal(each.coverage, 6),
            }
            for each in found
        ],
    }
    emit(data, as_json=as_json, table=lambda answer: _table(answer, limit, world.formats))


def celsius_ticks(text: str) -> int:
    """A temperature [°C] as ticks of 0.001 °C; WrongCall where it is none."""
    try:
        value = Decimal(text)
        ticks = Quantity.TEMPERATURE.to_ticks(value)
    except (InvalidOperation, ValueError, OverflowError):
        raise WrongCall(
            msg("--base {text!r} is not a temperature in °C, e.g. 18 or 18.5", text=text)
        ) from None
    exact = Quantity.TEMPERATURE.from_ticks(ticks) == value
    if not exact or not Quantity.TEMPERATURE.plausible(ticks):
        raise WrongCall(
            msg("--base {text} is not allowed: -60 to 200 °C in ticks of 0.001", text=text)
        )
    return ticks


def _table(data: dict[str, Any], limit: int, shown_as: Formats) -> Any:
    every = data["homes"] if "homes" in data else data["rooms"]
    coldest = sorted(
        every, key=lambda row: (-row["degree_hours"], -row["hours_below"], row["room"])
    )
    shown = coldest[:limit] if limit else coldest
    title = msg(
        "Below {base} °C, {since} to {until} ({zone}), {shown} of {n}",
        base=data["base"], since=shown_as.instant(data["since"]),
        until=shown_as.instant(data["until"]), zone=shown_as.zone.key,
        shown=shown_as.number(len(shown)), n=shown_as.number(len(coldest)),
    )  # fmt: skip
    names = [
        msg("household"), msg("room"), msg("hours below"), msg("degree-hours [K·h]"),
        msg("hours known"), msg("hours missing"), msg("coverage [%]"),
    ]  # fmt: skip
    rows = [
        [
            row["household"], row["room"], round(row["hours_below"], 2),
            round(row["degree_hours"], 3), round(row["hours_known"], 2),
            round(row["hours_missing"], 2), round(row["coverage"] * 100, 2),
        ]
        for row in shown
    ]  # fmt: skip
    return grid(title, names, rows)
