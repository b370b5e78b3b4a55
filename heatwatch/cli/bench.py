"""`heatwatch bench`: speed, side by side with named peers in one run."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from domain.errors import WrongCall
from domain.language import msg
from heatwatch.cli.bench_tables import day_table, energy_table, settle_table, store_table
from heatwatch.output import emit, note

INGEST_EPILOG = """Examples:

heatwatch bench ingest

heatwatch bench ingest --messages 50000 --rounds 5 --json"""

SETTLE_EPILOG = """Examples:

heatwatch bench settle                        # 50,000 households, 145 million readings

heatwatch bench settle --households 5000 --json

heatwatch bench settle --households 10000,100000   # does a household cost the same in both?"""

DAY_EPILOG = """Examples:

heatwatch bench day                           # 50,000 households, 14 million readings

heatwatch bench day --households 500000 --json"""

ENERGY_EPILOG = """Examples:

heatwatch bench energy                        # 2,000 meters, 17.5 million readings

heatwatch bench energy --meters 500 --json"""

STORE_EPILOG = """Examples:

heatwatch bench store                         # 2,000 flushes, then a season of 8,000 homes

heatwatch bench store --flushes 20000 --json"""

app = typer.Typer(no_args_is_help=True, help="Speed, side by side with peers in one run.")
AsJson = Annotated[bool, typer.Option("--json", help="JSON on stdout")]
CityFolder = Annotated[
    Path | None, typer.Option(help="where the city is made; default a temporary folder")
]


def register(root: typer.Typer) -> None:
    root.add_typer(app, name="bench")


@app.command(epilog=INGEST_EPILOG)
def ingest(
    messages: Annotated[
        int, typer.Option(min=1000, help="one-reading messages in the queue")
    ] = 100_000,
    rounds: Annotated[int, typer.Option(min=1, help="each consumer drains it this often")] = 3,
    rate: Annotated[int, typer.Option(min=1, help="messages a second for the latency")] = 1700,
    seconds: Annotated[float, typer.Option(min=1.0, help="how long the latency is taken")] = 10.0,
    as_json: AsJson = False,
) -> None:
    """Messages kept durably per second, against paho-mqtt that only counts and Telegraf into a file."""
    from heatwatch.bench.ingest import bench_ingest, table

    answer = bench_ingest(note, messages=messages, rounds=rounds, rate=rate, seconds=seconds)
    emit(answer, as_json=as_json, table=table)


@app.command(epilog=SETTLE_EPILOG)
def settle(
    households: Annotated[
        str, typer.Option(help="households, one hourly sensor each; several sizes with commas")
    ] = "50000",
    folder: CityFolder = None,
    as_json: AsJson = False,
) -> None:
    """A season from the lake to draft lines, against polars doing only the degree-hours.

    Then the comfort of one day of the season, and two corrections of one home in a hundred: of homes
    chosen at random, of which one in ten is cold as in the city, and of gateways all of whose homes read
    cold since. What was wished for and what was found stand below.
    """
    sizes = _sizes(households)
    with _peers("bench settle"):
        from heatwatch.bench.settle import bench_sizes
    with _for_cities(folder) as made:
        answer = bench_sizes(sizes, made, _made)
    from heatwatch.bench.settle import flatness

    told = answer[0] if len(answer) == 1 else {"sizes": answer, "flat": flatness(answer)}
    emit(told, as_json=as_json, table=settle_table)


@app.command(epilog=DAY_EPILOG)
def day(
    households: Annotated[
        int, typer.Option(min=200, help="homes, a room sensor each that reports every 5 minutes")
    ] = 50_000,
    folder: CityFolder = None,
    as_json: AsJson = False,
) -> None:
    """What is asked for every day: comfort, outages and the daily report of one day, as processes."""
    with _peers("bench day"):
        from heatwatch.bench.day import bench_day
    from heatwatch.bench.day_city import DayCity

    with _for_cities(folder) as made:
        answer = bench_day(DayCity(households), made, _made)
    emit(answer, as_json=as_json, table=day_table)


@app.command(epilog=ENERGY_EPILOG)
def energy(
    meters: Annotated[
        int, typer.Option(min=1, help="heat meters that are read every hour for a year")
    ] = 2_000,
    folder: CityFolder = None,
    as_json: AsJson = False,
) -> None:
    """A year of one meter and of a city's daily sums, against polars and DuckDB doing only the plain delta."""
    with _peers("bench energy"):
        from heatwatch.bench.energy import MeterCity, bench_energy
    with _for_cities(folder) as made:
        answer = bench_energy(MeterCity(meters), made, _metered)
    emit(answer, as_json=as_json, table=energy_table)


@app.command(epilog=STORE_EPILOG)
def store(
    flushes: Annotated[
        int, typer.Option(min=20, help="flushes of 400 readings each, one after the other")
    ] = 2_000,
    households: Annotated[
        int, typer.Option(min=50, help="homes whose season is scanned, one hourly sensor each")
    ] = 8_000,
    folder: CityFolder = None,
    as_json: AsJson = False,
) -> None:
    """What commits, flushes and trims cost as the store grows; a season scanned, against polars and DuckDB."""
    with _peers("bench store"):
        from heatwatch.bench.store import bench_store
    with _for_cities(folder) as made:
        answer = bench_store(made, flushes, households, _flushed, _made)
    emit(answer, as_json=as_json, table=store_table)


@contextmanager
def _peers(command: str) -> Iterator[None]:
    """WrongCall where a peer that the command measures against is not installed."""
    try:
        yield
    except ModuleNotFoundError as missing:
        raise WrongCall(
            msg(
                "{command} needs {module}: install heatwatch[bench]",
                command=command,
                module=missing.name,
            )
        ) from None


@contextmanager
def _for_cities(folder: Path | None) -> Iterator[Path]:
    """A folder in `folder`, or where temporary ones are, that goes away behind the bench."""
    if folder is not None:
        folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="heatwatch-bench-", dir=folder) as made:
        yield Path(made)


def _made(done: int) -> None:
    note(msg("{done} households made", done=done))


def _metered(done: int) -> None:
    note(msg("{done} meters made", done=done))


def _flushed(done: int) -> None:
    note(msg("{done} flushes made", done=done))


LEAST_HOUSEHOLDS = 50


def _sizes(text: str) -> list[int]:
    """WrongCall where it is no list of sizes."""
    parts = [part.strip() for part in text.split(",")]
    if not all(
        part.isascii() and part.isdigit() and int(part) >= LEAST_HOUSEHOLDS for part in parts
    ):
        raise WrongCall(
            msg(
                "--households {text!r}; allowed: {least} and more, several sizes with commas: "
                "10000,100000",
                text=text, least=LEAST_HOUSEHOLDS,
            )
        )  # fmt: skip
    return [int(part) for part in parts]
