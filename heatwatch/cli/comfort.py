"""`heatwatch comfort`: hours and degree-hours below a base, per household or room."""

from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from heapq import nsmallest
from typing import TYPE_CHECKING, Annotated, Any

import typer

from domain.errors import WrongCall
from domain.formats import Formats
from domain.language import msg
from domain.quantity import Quantity
from domain.time import HOUR_US
from heatwatch.cli.options import AsOf, Company, Config, Place, SeasonOrLast, Since, Until
from heatwatch.output import emit, grid
from heatwatch.wiring import DEFAULT_CONFIG, open_world

if TYPE_CHECKING:
    from analytics.heat.homes import RoomsComfort
    from domain.columns import IntArray
    from domain.tree import Tree

EPILOG = """Examples:

heatwatch comfort                # below what the law of the season owes each room

heatwatch comfort --base 18      # below the same for all

heatwatch comfort --base 18 --since 2025-01-10 --until 2025-01-17 --place S1-03-B2

heatwatch comfort --base 20 --season 2024-25 --rooms --json"""


def register(app: typer.Typer) -> None:
    app.command(epilog=EPILOG)(comfort)


def comfort(
    base: Annotated[
        str,
        typer.Option(help="below it is cold [°C]; default what the season's law owes each room"),
    ] = "",
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
    """Hours and degree-hours below what each room is owed, or a base; missing time is neither warm nor cold.

    What a room is owed is as a settlement has it: by the law of the season, the kind of room and
    what the household's contract agrees on.
    """
    from analytics.heat.homes import all_comfort, room_comfort
    from domain.tree import PlaceKind
    from heatwatch.selection import chosen_span, chosen_version, place_of
    from heatwatch.services.evidence import owed_at
    from store.registry.series import tree

    ticks = celsius_ticks(base) if base else 0
    world = open_world(config)
    places = tree(world.books)
    chosen = place_of(world, places, place, company)
    span, _ = chosen_span(world, places.company(chosen), season, since, until)
    as_of = chosen_version(world, as_of)
    households = places.under(chosen, PlaceKind.HOUSEHOLD)
    policies: list[str] = []
    if base:
        found = room_comfort(world.books, world.readings, span, ticks, households, as_of)
    else:  # each home by the law that it is of: two parts of a company may be of two
        laws = owed_at(world, span.until, places.path(chosen)[0], households)
        found = all_comfort(
            room_comfort(world.books, world.readings, span, limits, homes, as_of)
            for limits, _, homes in laws
        )
        general = (Quantity.TEMPERATURE.from_ticks(limits.general) for limits, *_ in laws)
        base = ", ".join(dict.fromkeys(f"{each.normalize():f}" for each in general))
        policies = [policy.id for _, policy, _ in laws if policy is not None]
    if not rooms:
        found = found.worst()
    every = len(found)
    if not as_json:
        found = _coldest(found, places, limit or every)
    data = {
        "base": base,
        "policy": ", ".join(dict.fromkeys(policies)) or None,
        "since": span.since,
        "until": span.until,
        "homes" if not rooms else "rooms": _rows(found, places),
    }
    emit(data, as_json=as_json, table=lambda answer: _table(answer, every, world.formats))


def _rows(found: "RoomsComfort", places: "Tree") -> Iterator[dict[str, Any]]:
    """A row of the answer for each room, one after the other: a city has a million."""
    names = (
        "household", "room", "hours_below", "degree_hours", "hours_known", "hours_missing",
        "coverage",
    )  # fmt: skip
    columns = (
        places.codes_of(found.household),
        places.codes_of(found.room),
        decimals(found.below_us, HOUR_US),
        decimals(found.deficit, 1000 * HOUR_US),
        decimals(found.known_us, HOUR_US),
        decimals(found.missing_us, HOUR_US),
        decimals(found.known_us, found.known_us + found.missing_us, thousandths=2),
    )
    return (dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True))


def _coldest(found: "RoomsComfort", places: "Tree", most: int) -> "RoomsComfort":
    """Those that a table shows first, by what it shows."""
    cold = (-rounded(found.deficit, 1000 * HOUR_US), -rounded(found.below_us, HOUR_US))
    codes = places.codes_of(found.room)
    keys = zip(*(each.tolist() for each in cold), codes, range(len(found)), strict=True)
    return found.take([row for *_, row in nsmallest(most, keys)])


def rounded(over: "IntArray", under: "IntArray | int", thousandths: int = 1) -> "IntArray":
    """(n,) over / under of whole numbers from 0 on, in 0.001 (or 0.000001, ...), half-even."""
    whole, rest = divmod(over, under)
    for _ in range(thousandths):  # by steps, which fit 64 bits
        more, rest = divmod(rest * 1000, under)
        whole = whole * 1000 + more
    up: IntArray = (2 * rest > under) | ((2 * rest == under) & (whole % 2 == 1))
    return whole + up


def decimals(over: "IntArray", under: "IntArray | int", thousandths: int = 1) -> Iterator[Decimal]:
    """The same as decimals with three (or six, ...) places."""
    places = -3 * thousandths
    return (Decimal(each).scaleb(places) for each in rounded(over, under, thousandths).tolist())


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


def _table(data: dict[str, Any], every: int, shown_as: Formats) -> Any:
    """Of the coldest rooms, or of each household's, of so many."""
    shown = list(data["homes"] if "homes" in data else data["rooms"])
    below = msg("Below {base} °C", base=data["base"])
    if data["policy"] is not None:
        below = msg(
            "Below what {policy} owes each room ({base} °C where it names no other)",
            policy=data["policy"], base=data["base"],
        )  # fmt: skip
    title = msg(
        "{below}, {since} to {until} ({zone}), {shown} of {n}",
        below=below, since=shown_as.instant(data["since"]),
        until=shown_as.instant(data["until"]), zone=shown_as.zone.key,
        shown=shown_as.number(len(shown)), n=shown_as.number(every),
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
