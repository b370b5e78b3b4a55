"""`heatwatch charges`: what metered households owe by a two-part tariff, as a proposal to look at."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from domain.formats import Formats
from domain.language import joined, msg
from heatwatch.cli.energy import STATES
from heatwatch.cli.options import AsOf, Company, Config, Json, Place
from heatwatch.output import emit, grid, note
from heatwatch.wiring import DEFAULT_CONFIG, open_world

if TYPE_CHECKING:
    from heatwatch.services.charges import Charge

EPILOG = """Examples:

heatwatch charges --season 2025-26

heatwatch charges --season 2025-26 --out found/contracts.csv   # to be checked, then: registry import found/ --reason ..."""


def register(app: typer.Typer) -> None:
    app.command(epilog=EPILOG)(charges)


def charges(
    season: Annotated[
        str, typer.Option("--season", "-s", help="code; default the running or last one")
    ] = "",
    place: Place = "",
    out: Annotated[
        Path | None,
        typer.Option(
            help="write fees that are known as rows to check and import: .../contracts.csv"
        ),
    ] = None,
    as_of: AsOf = None,
    company: Company = "",
    config: Config = DEFAULT_CONFIG,
    as_json: Json = False,
) -> None:
    """What metered households owe: the basic fee, and what their meters counted times the price on record.

    A household is metered where its terms have a heat_price. Nothing is kept: with --out the fees of whole seasons
    whose heat is known are written for a person to check and to bring in as contracts.
    """
    from zoneinfo import ZoneInfo

    from domain.tree import PlaceKind
    from heatwatch.selection import chosen_version, place_of
    from heatwatch.services.charges import charges as charges_of
    from heatwatch.services.charges import write_charges
    from heatwatch.services.companies import chosen_season
    from store.registry.places import tree

    world = open_world(config)
    places = tree(world.books, PlaceKind.HOUSEHOLD)
    chosen = place_of(world, places, place, company)
    of = chosen_season(world, places.company(chosen), season)
    found = list(charges_of(world, of, places, chosen, chosen_version(world, as_of)))
    if out is not None:
        n = write_charges(out, found)
        note(msg("{n} rows written to {file}", n=n, file=out))
    data = {"season": of.code, "proposal": True, "households": rows_of(found)}
    shown_as = replace(world.formats, zone=ZoneInfo(of.zone))
    emit(data, as_json=as_json, table=lambda answer: _table(answer, shown_as))


def rows_of(found: "Sequence[Charge]") -> list[dict[str, Any]]:
    """A row of the answer for each household; heat in whole Wh, money as text."""
    from domain.time import from_us

    return [
        {
            "household": each.household,
            "currency": each.currency,
            "basic_fee": each.basic_fee,
            "heat_wh": sum(part.wh for part in each.parts),
            "metered_charge": each.metered,
            "total": each.total,
            "state": each.state.name.lower(),
            "why": list(dict.fromkeys(code for part in each.parts for code in part.why)),
            "on_record": each.on_record,
            "proposed": each.proposed,
            "parts": [
                {
                    "since": from_us(part.since), "until": from_us(part.until),
                    "heat_wh": part.wh, "heat_price": part.price, "charge": part.charge,
                    "state": part.state.name.lower(),
                }
                for part in each.parts
            ],
        }
        for each in found
    ]  # fmt: skip


def _table(data: dict[str, Any], shown_as: Formats) -> Any:
    from analytics.heat.registers import WHY

    words = dict(WHY.values())
    title = msg(
        "Charges of metered households, season {season}: a proposal, {n} households",
        season=data["season"], n=shown_as.number(len(data["households"])),
    )  # fmt: skip
    names = [
        msg("household"), msg("basic fee"), msg("heat [kWh]"), msg("metered charge"), msg("total"),
        msg("on record"), msg("known how"), msg("why"),
    ]  # fmt: skip
    rows = [
        [
            row["household"], _money(row["basic_fee"], row, shown_as),
            _least(row) + shown_as.number((Decimal(row["heat_wh"]) / 1000).quantize(Decimal(1))),
            _least(row) + _money(row["metered_charge"], row, shown_as), _money(row["total"], row, shown_as),
            _money(row["on_record"], row, shown_as), STATES[row["state"]],
            joined("; ", [words[each] for each in row["why"]]),
        ]
        for row in data["households"]
    ]  # fmt: skip
    return grid(title, names, rows)


def _money(amount: Decimal | None, row: dict[str, Any], shown_as: Formats) -> str:
    return "" if amount is None else shown_as.money(amount, row["currency"])


def _least(row: dict[str, Any]) -> str:
    """Before what is known at least of an unknown amount."""
    return "≥ " if row["state"] == "unknown" and row["metered_charge"] is not None else ""
