"""`heatwatch bench`: speed, side by side with named peers in one run."""

import tempfile
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Group
from rich.text import Text as Styled

from domain.errors import WrongCall
from domain.language import Text, msg
from heatwatch.output import emit, formats, grid, note, said

INGEST_EPILOG = """Examples:

heatwatch bench ingest

heatwatch bench ingest --messages 50000 --rounds 5 --json"""

SETTLE_EPILOG = """Examples:

heatwatch bench settle                        # 50,000 households, 145 million readings

heatwatch bench settle --households 5000 --json

heatwatch bench settle --households 10000,100000   # does a household cost the same in both?"""

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
        str, typer.Option(help="households, one hourly sensor each; several sizes with commas")
    ] = "50000",
    folder: Annotated[
        Path | None, typer.Option(help="where the city is made; default a temporary folder")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """A season from the lake to draft lines, against polars doing only the degree-hours.

    Then two corrections of one home in a hundred: of homes chosen at random, of which one in ten is
    cold as in the city, and of gateways all of whose homes read cold since.
    """
    sizes = _sizes(households)
    try:
        from heatwatch.bench.settle import bench_sizes
    except ModuleNotFoundError as missing:
        raise WrongCall(
            msg("bench settle needs {module}: install heatwatch[bench]", module=missing.name)
        ) from None
    if folder is not None:
        folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="heatwatch-bench-", dir=folder) as made:
        answer = bench_sizes(
            sizes, Path(made), lambda done: note(msg("{done} households made", done=done))
        )
    emit(answer[0] if len(answer) == 1 else {"sizes": answer}, as_json=as_json, table=_settle_table)


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


def _settle_table(answer: dict[str, Any]) -> Any:
    from heatwatch.bench.settle import sides_of

    number = formats().number
    sizes = answer.get("sizes", [answer])
    title = msg(
        "{readings} readings of {interval} s, {cores} cores",
        readings=" + ".join(number(each["readings"]) for each in sizes),
        interval=number(sizes[0]["interval_s"]), cores=sizes[0]["cores"],
    )  # fmt: skip
    rows = [
        [
            number(each["households"]), _named(name), round(side["seconds"], 2),
            round(side["wall_seconds"], 2), round(side["cpu_seconds"], 2),
            round(side["cpu_us_per_household"], 1), round(side["times_first"], 2),
            round(side["peak_mb"]),
        ]
        for each in sizes
        for name, side in sides_of(each).items()
    ]  # fmt: skip
    names = [
        msg("households"), msg("program"), msg("seconds"), msg("seconds with start"),
        msg("CPU seconds"), msg("CPU µs a household"), msg("times the first size"), msg("peak [MB]"),
    ]  # fmt: skip
    timed = sizes[0]["explicit_times"]
    beside = msg(
        "Readings with times of their own: {rate} GB/s, {share} % of what memory is read at",
        rate=number(Decimal(f"{timed['sift_gb_s']:.1f}")), share=number(round(100 * timed["of_read"])),
    )  # fmt: skip
    return Group(grid(title, names, rows), Styled(said(beside)))


#: Corrections, in words.
CORRECTIONS = {
    "correction_as_city": msg("correction, 1 in 10 cold"), "correction": msg("correction, all cold"),
}  # fmt: skip


def _named(side: str) -> str | Text:
    """A program by its own name, a correction in words."""
    return CORRECTIONS.get(side, side)
