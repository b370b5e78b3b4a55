"""`heatwatch energy`: heat or water that meters counted, per place and day, month or period."""

import csv
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, TextIO

import typer

from domain.errors import WrongCall
from domain.formats import Formats
from domain.language import joined, msg, not_known
from domain.names import place_kind_name
from domain.quantity import Quantity, Role
from heatwatch.cli.options import (
    AsOf,
    Company,
    Config,
    OfKind,
    Per,
    Place,
    SeasonOrLast,
    Since,
    Until,
)
from heatwatch.output import emit, grid, note, writing
from heatwatch.wiring import DEFAULT_CONFIG, open_world

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from analytics.heat.energy import Consumption
    from domain.tree import PlaceKind, Tree

EPILOG = """Examples:

heatwatch energy --place S1-01 --since 2025-01-01 --until 2025-02-01

heatwatch energy --of building --per month --season 2024-25

heatwatch energy --of station --from-volume return --per month     # where no meter works the heat out

heatwatch energy --of household --since 2025-01-10 --until 2025-01-11 --out day.csv --json"""

STATES = {
    "measured": msg("by readings"), "estimated": msg("estimated"),
    "unknown": msg("unknown"),
}  # fmt: skip
COLUMNS = (
    "place", "kind", "since", "until", "amount", "unit", "estimated", "at_least", "state", "meters",
    "meters_known", "source", "why",
)  # fmt: skip


def register(app: typer.Typer) -> None:
    app.command(epilog=EPILOG)(energy)


def energy(
    of: OfKind = "",
    per: Per = "day",
    water: Annotated[bool, typer.Option("--water", help="litres of the volume registers")] = False,
    from_volume: Annotated[
        Literal["return", "supply"] | None,
        typer.Option(
            help="heat from volume registers and temperatures (EN 1434-1), with the flow sensor in this pipe"
        ),
    ] = None,
    season: SeasonOrLast = "",
    since: Since = "",
    until: Until = "",
    place: Place = "",
    limit: Annotated[int, typer.Option(min=0, help="rows of the table; 0: all")] = 100,
    out: Annotated[Path | None, typer.Option(help="every row into this CSV file, too")] = None,
    as_of: AsOf = None,
    company: Company = "",
    config: Config = DEFAULT_CONFIG,
    as_json: Annotated[bool, typer.Option("--json", help="every row, exact, as JSON")] = False,
) -> None:
    """Heat that meters counted, and how each number is known: measured, estimated or unknown, and why.

    A place without a meter is the sum of the meters below it. What was counted over a gap is shared out by time and
    marked as estimated; a fall or leap of a register, a silent or missing meter leave it unknown. Nothing is negative.
    """
    from analytics.heat.energy import consumption, edges_of
    from analytics.heat.volume_heat import Pipe, heat_from_volume
    from domain.tree import PlaceKind
    from heatwatch.selection import chosen_span, chosen_version, meters_of, place_of
    from store.registry.places import tree

    if water and from_volume:
        raise WrongCall(msg("--water and --from-volume exclude each other: give one of them"))
    world = open_world(config)
    places = tree(world.books, PlaceKind.HOUSEHOLD)
    chosen = place_of(world, places, place, company)
    span, zone = chosen_span(world, places.company(chosen), season, since, until)
    kind = kind_of(of, places, chosen)
    role = Role.VOLUME if water else Role.ENERGY
    read = Role.VOLUME if from_volume else role
    meters = meters_of(world, places, read, chosen_version(world, as_of))
    edges = edges_of(span, zone, per)
    if from_volume is None:
        found = consumption(meters, chosen, kind, edges)
    else:
        found = heat_from_volume(meters, chosen, kind, edges, Pipe(from_volume))
    shown_as = replace(world.formats, zone=zone)
    with _file(out, zone) as file:
        parts = (list(rows_of(part, places, role)) for part in found)
        rows = (row for part in map(file.take, parts) for row in part)  # never whole in memory
        data = {"since": span.since, "until": span.until, "quantity": role.code, "rows": rows}
        emit(data, as_json=as_json, table=lambda answer: _table(answer, limit, per, shown_as))
    if out is not None:
        note(msg("{n} rows written to {file}", n=file.rows, file=out))


def kind_of(text: str, places: "Tree", chosen: int) -> "PlaceKind":
    """A kind of place that can have a meter, by default that of a place; WrongCall names them."""
    from analytics.heat.energy import LEVELS
    from domain.tree import PlaceKind

    if not text:
        return tuple(PlaceKind)[int(places.kind[places.row(chosen)])]
    for each in LEVELS:
        if each.value == text:
            return each
    raise WrongCall(not_known("--of", text, [each.value for each in LEVELS]))


def rows_of(found: "Consumption", places: "Tree", role: Role) -> Iterator[dict[str, Any]]:
    """A row of the answer for each place and bin; amounts are whole Wh or L."""
    from analytics.heat.registers import State, reasons
    from domain.time import from_us
    from domain.tree import PlaceKind

    state = found.state
    edges = [from_us(each) for each in found.edges_us.tolist()]
    for i, code in enumerate(places.codes_of(found.place)):
        kind = tuple(PlaceKind)[places.kind[places.row(int(found.place[i]))]].value
        for b in range(len(edges) - 1):
            known = state[i, b] != State.UNKNOWN
            amount = int(found.amount[i, b])
            yield {
                "place": code, "kind": kind, "since": edges[b], "until": edges[b + 1],
                "amount": amount if known else None, "unit": role.quantity.unit,
                "estimated": int(found.shared[i, b]), "at_least": amount,
                "state": State(state[i, b]).name.lower(), "meters": int(found.meters[i, b]),
                "meters_known": int(found.known[i, b]),
                "source": "meter" if found.own[i, b] else "sum",
                "why": [code for code, _ in reasons(int(found.marks[i, b]))],
            }  # fmt: skip


class _Csv:
    """Rows on their way into a file, which need not be there.

    Times are local with their offset, so that a day is the day in a spreadsheet, too.
    """

    def __init__(self, out: Path, zone: "ZoneInfo", file: TextIO | None) -> None:
        self._out, self._zone, self.rows = out, zone, 0
        self._writer = None if file is None else csv.writer(file, lineterminator="\r\n")

    def take(self, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Writes the rows, and passes them on."""
        if self._writer is not None:
            with writing(self._out.parent, "--out"):
                self._writer.writerows(map(self._cells, rows))
            self.rows += len(rows)
        return rows

    def _cells(self, row: dict[str, Any]) -> list[object]:
        cells = row | {
            **{name: row[name].astimezone(self._zone).isoformat() for name in ("since", "until")},
            "why": " ".join(row["why"]),
        }
        return ["" if cells[name] is None else cells[name] for name in COLUMNS]


@contextmanager
def _file(out: Path | None, zone: "ZoneInfo") -> Iterator[_Csv]:
    """Where rows go beside the answer: whole, or not at all."""
    from reports.filing.files import whole

    if out is None:
        yield _Csv(Path(), zone, None)
        return
    with ExitStack() as held:
        with writing(out.parent, "--out"):
            (part,) = held.enter_context(whole([out]))
            file = held.enter_context(part.open("w", encoding="utf-8-sig", newline=""))
            csv.writer(file, lineterminator="\r\n").writerow(COLUMNS)
        yield _Csv(out, zone, file)


def _table(data: dict[str, Any], limit: int, per: str, shown_as: Formats) -> Any:
    from analytics.heat.registers import WHY

    words = dict(WHY.values())
    quantity = Role.of(data["quantity"]).quantity
    unit = shown_as.unit(quantity)
    every: Iterator[dict[str, Any]] = data["rows"]
    shown = list(islice(every, limit or None))
    n = len(shown) + sum(1 for _ in every)
    title = msg(
        "{what}, {since} to {until} ({zone}), {shown} of {n}",
        what=msg("Heat used") if quantity is Quantity.ENERGY else msg("Water that flowed through"),
        since=shown_as.instant(data["since"]), until=shown_as.instant(data["until"]),
        zone=shown_as.zone.key, shown=shown_as.number(len(shown)), n=shown_as.number(n),
    )  # fmt: skip
    names = [
        msg("place"), msg("kind"), msg("since"), msg("used [{unit}]", unit=unit),
        msg("of it estimated [{unit}]", unit=unit), msg("at least [{unit}]", unit=unit),
        msg("known how"), msg("meters known"), msg("why"),
    ]  # fmt: skip
    rows = [
        [
            row["place"], place_kind_name(row["kind"]),
            shown_as.instant(row["since"]) if per == "period" else _day(row["since"], shown_as),
            "" if row["amount"] is None else shown_as.value(row["amount"], quantity),
            shown_as.value(row["estimated"], quantity) if row["estimated"] else "",
            shown_as.value(row["at_least"], quantity) if row["amount"] is None else "",
            STATES[row["state"]], msg("{n} of {all}", n=row["meters_known"], all=row["meters"]),
            joined("; ", [words[each] for each in row["why"]]),
        ]
        for row in shown
    ]  # fmt: skip
    return grid(title, names, rows)


def _day(at: Any, shown_as: Formats) -> str:
    return f"{at.astimezone(shown_as.zone).date()}"
