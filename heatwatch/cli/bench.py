"""`heatwatch bench`: speed, side by side with named peers in one run."""

import tempfile
from pathlib import Path
from typing import Annotated, Any

import typer

from domain.errors import WrongCall
from domain.language import msg
from heatwatch.output import emit, formats, grid, note

INGEST_EPILOG = """Examples:

heatwatch bench ingest

heatwatch bench ingest --messages 50000 --rounds 5 --json"""

SETTLE_EPILOG = """Examples:

heatwatch bench settle                        # 50,000 households, 145 million readings

heatwatch bench settle --households 5000 --json"""

app = typer.Typer(no_args_is_help=True, help="Speed, side by side with peers in one run.")
AsJson = Annotated[bool, typer.Option("--json", help="JSON on stdout")]


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
        int, typer.Option(min=50, help="households, one hourly sensor each")
    ] = 50_000,
    folder: Annotated[
        Path | None, typer.Option(help="where the city is made; default a temporary folder")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """A season from the lake to draft lines, against polars doing only the degree-hours."""
    try:
        from heatwatch.bench.settle import City, bench
    except ModuleNotFoundError as missing:
        raise WrongCall(
            msg("bench settle needs {module}: install heatwatch[bench]", module=missing.name)
        ) from None
    with tempfile.TemporaryDirectory(prefix="heatwatch-bench-", dir=folder) as made:
        answer = bench(
            City(households),
            Path(made),
            lambda done: note(msg("{done} of {n} households made", done=done, n=households)),
        )
    emit(answer, as_json=as_json, table=_settle_table)


def _settle_table(answer: dict[str, Any]) -> Any:
    number = formats().number
    title = msg(
        "{households} households, {readings} readings, {cores} cores",
        households=number(answer["households"]), readings=number(answer["readings"]),
        cores=answer["cores"],
    )  # fmt: skip
    rows = [
        [name, round(side["seconds"], 2), round(side["peak_mb"]), round(side["wall_seconds"], 2)]
        for name, side in answer["sides"].items()
    ]
    names = [msg("program"), msg("seconds"), msg("peak [MB]"), msg("seconds with start")]
    return grid(title, names, rows)
