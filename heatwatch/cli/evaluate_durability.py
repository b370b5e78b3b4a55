"""`heatwatch evaluate durability`: nothing acknowledged is lost, found out by killing."""

import tempfile
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any, Literal

import typer
from rich.console import Group

from domain.language import msg
from heatwatch.cli.codes import ANSWER_IS_NO
from heatwatch.cli.options import Json
from heatwatch.cli.settle_verify import progress_bar
from heatwatch.output import emit, formats, grid

EPILOG = """Examples:

heatwatch evaluate durability                            # 200 faults, RabbitMQ, some minutes

heatwatch evaluate durability --engine mosquitto --kills 50 --seed 7

heatwatch evaluate durability --folder /mnt/disk --json  # on the disk to be tried"""

Engine = Literal["rabbitmq", "mosquitto"]


def register(app: typer.Typer) -> None:
    app.command(epilog=EPILOG)(durability)


def durability(
    kills: Annotated[int, typer.Option(min=1, help="how many faults are injected")] = 200,
    seed: Annotated[int, typer.Option(min=0, help="same seed, same faults")] = 1,
    engine: Annotated[Engine, typer.Option(help="the embedded broker")] = "rabbitmq",
    rate: Annotated[int, typer.Option(min=1, max=20_000, help="messages a second")] = 1_000,
    folder: Annotated[
        Path | None, typer.Option(help="where the run's stores lie; default a temporary folder")
    ] = None,
    as_json: Json = False,
) -> None:
    """Whether anything acknowledged is lost or counted twice while workers and broker are killed.

    A run of its own with 500 sensors: ingest, maintenance, alerts and the broker are killed (-9),
    ended or paused, also together, at any moment of their work, and start again. What
    the broker acknowledged to the publisher is held against what DuckDB finds in the lake. Telegraf into
    InfluxDB reads beside it and gets the faults of ingest, where both are on PATH. Exit 5 where
    something is missing that the broker promises to keep.
    """
    from heatwatch.durability.run import Plan
    from heatwatch.durability.run import durability as score

    with tempfile.TemporaryDirectory(prefix="heatwatch-durability-", dir=folder) as made:
        plan = Plan(kills, seed, engine, rate)
        with progress_bar(msg("faults injected")) as progress:
            found = score(Path(made), plan, progress)
    emit({**asdict(found), "holds": found.holds}, as_json=as_json, table=_table)
    if not found.holds:
        raise typer.Exit(ANSWER_IS_NO)


def _table(answer: dict[str, Any]) -> Any:
    number = formats().number
    none, lost = msg("none"), answer["lost"]
    absent = msg("not compared: telegraf and influxd are not both on PATH")
    rows = [
        [msg("broker"), answer["engine"]],
        [msg("messages acknowledged"), number(answer["acknowledged"])],
        [msg("kept in the lake"), number(answer["kept"])],
        [msg("acknowledged and lost"), number(lost) if lost else none],
        [msg("longest before the broker's end [s]"), answer["oldest_lost_s"] if lost else none],
        [msg("lost though the broker promises to keep it"), number(answer["outside"]) or none],
        [msg("counted twice"), number(answer["doubled"]) or none],
        [msg("stored again, counted once"), number(answer["stored_again"]) or none],
        [msg("left in the broker"), number(answer["queued"]) or none],
        [msg("lost by Telegraf"), absent if answer["telegraf_lost"] is None else number(answer["telegraf_lost"])],
        [msg("starts of ingest to ready, slowest [s]"), max(answer["restarts_s"], default=msg("none"))],
        [msg("duration [s]"), answer["seconds"]],
    ]  # fmt: skip
    title = (
        msg("The broker's promise holds") if answer["holds"] else msg("The promise does not hold")
    )
    hits = [[what, count] for what, count in answer["hits"].items()]
    return Group(
        grid(title, [msg("what"), msg("value")], rows), grid(msg("Faults injected"), [msg("how and whom"), msg("times")], hits)
    )  # fmt: skip
