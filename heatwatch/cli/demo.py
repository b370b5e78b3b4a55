"""`heatwatch demo`: the whole system on a simulated city."""

from pathlib import Path
from typing import Annotated

import typer

from heatwatch.cli.codes import ANSWER_IS_NO
from heatwatch.demo.options import CONSOLE_PORT, Options
from heatwatch.output import emit

EPILOG = """Examples:

heatwatch demo                       # until Ctrl-C, console on 127.0.0.1:8080

heatwatch demo --once                # until the clock has caught up, then a summary

heatwatch demo --once --json --households 500 --seconds 30"""


def register(app: typer.Typer) -> None:
    app.command(epilog=EPILOG)(demo)


def demo(
    once: Annotated[bool, typer.Option("--once", help="end when the clock has caught up")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="the summary as JSON alone")] = False,
    households: Annotated[
        int, typer.Option(help="how many households", min=200, max=200_000)
    ] = 2000,
    seed: Annotated[int, typer.Option(help="same seed, same city", min=0)] = 20_261,
    hours: Annotated[float, typer.Option(help="live hours of the city", min=3.0, max=72.0)] = 12.0,
    seconds: Annotated[
        float, typer.Option(help="seconds in which they are played", min=5.0, max=3600.0)
    ] = 75.0,
    port: Annotated[int, typer.Option(help="port of the console", min=1, max=65535)] = CONSOLE_PORT,
    folder: Annotated[Path, typer.Option(help="emptied at each start")] = Path("var/demo"),
    influx: Annotated[bool, typer.Option(help="mirror into InfluxDB where it is installed")] = True,
) -> None:
    """Run the whole system on a simulated city: three weeks of history, then live over MQTT.

    The city's clock starts in the past and catches up, so that outages and cold spells that
    begin can also end. Exit 5 when the summary finds anything lost, doubled, settled otherwise
    than the injected truth, a fault that no alert reported, or an alert without a fault.
    """
    from heatwatch.demo.demo import run_demo
    from heatwatch.demo.summary import tables

    options = Options(
        folder=folder,
        households=households,
        seed=seed,
        live_hours=hours,
        seconds=seconds,
        port=port,
        once=once,
        influx=influx,
    )
    summary = run_demo(options)
    if summary is not None:
        emit(summary, as_json=as_json, table=tables)
        if not summary.ok:
            raise typer.Exit(ANSWER_IS_NO)
