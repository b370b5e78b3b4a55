"""`heatwatch doctor`: what is wrong with broker, stores, clocks and disks, and how to fix it."""

from typing import Any

import typer

from domain.language import msg, msg_in
from heatwatch.cli.codes import ANSWER_IS_NO
from heatwatch.cli.options import Config, Json
from heatwatch.cli.settle_verify import progress_bar
from heatwatch.output import emit, grid
from heatwatch.wiring import DEFAULT_CONFIG, open_world

EPILOG = """Examples:

heatwatch doctor

heatwatch doctor -c city.toml --json | jq '.[] | select(.state == "fault")'"""


def register(app: typer.Typer) -> None:
    app.command(epilog=EPILOG)(doctor)


def doctor(config: Config = DEFAULT_CONFIG, as_json: Json = False) -> None:
    """What is wrong with disks, clocks, broker, stores, workers and InfluxDB, and how to fix it.

    Changes nothing and makes no store; it can be asked while everything runs. Exit 5 where
    something does not work.
    """
    from heatwatch.diagnosis.checks import diagnose
    from heatwatch.diagnosis.finding import State

    world = open_world(config)
    with progress_bar(msg("checks")) as progress:
        found = list(diagnose(world, progress))
    emit([each.told() for each in found], as_json=as_json, table=_table)
    if any(each.state is State.FAULT for each in found):
        raise typer.Exit(ANSWER_IS_NO)


def _table(answer: list[dict[str, Any]]) -> Any:
    from heatwatch.diagnosis.finding import State

    count = {state: sum(each["state"] == state for each in answer) for state in State}
    title = msg(
        "This installation: faults {faults}, warnings {warnings}",
        faults=count[State.FAULT], warnings=count[State.WARNING],
    )  # fmt: skip
    heads = [msg_in("doctor", "part"), msg("state"), msg_in("doctor", "found"), msg("what to do")]
    rows = [
        [each["what"], State(each["state"]).words, each["found"], each["advice"]]
        for each in answer
    ]  # fmt: skip
    return grid(title, heads, rows)
