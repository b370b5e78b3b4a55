"""`heatwatch report`: what is filed with the authority."""

from datetime import date, timedelta
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from domain.errors import WrongCall
from domain.time import local_day
from heatwatch.output import emit, grid, writing
from heatwatch.wiring import DEFAULT_CONFIG, open_world
from reports.render.render import FORMATS

EPILOG = """Examples:

heatwatch report daily --date 2026-01-15

heatwatch report daily --format json --out filed --json"""

KINDS = ("daily",)


def register(app: typer.Typer) -> None:
    app.command(epilog=EPILOG)(report)


def report(
    kind: Annotated[str, typer.Argument(help=f"which report: {', '.join(KINDS)}")] = "daily",
    day: Annotated[
        str, typer.Option("--date", help="local day, YYYY-MM-DD; default yesterday")
    ] = "",
    formats: Annotated[
        list[str] | None, typer.Option("--format", help=f"{', '.join(FORMATS)}; default all")
    ] = None,
    out: Annotated[Path | None, typer.Option(help="folder; default from the configuration")] = None,
    config: Annotated[Path, typer.Option("--config", "-c")] = DEFAULT_CONFIG,
    as_json: Annotated[bool, typer.Option("--json", help="the files as JSON")] = False,
) -> None:
    """Write a company's compliance report of one day, in every configured language."""
    from heatwatch.services.reporting import write_daily

    if kind not in KINDS:
        raise WrongCall(f"report {kind!r} is not known; allowed: {', '.join(KINDS)}")
    chosen = tuple(formats or ())
    if unknown := [each for each in chosen if each not in FORMATS]:
        raise WrongCall(f"--format {unknown[0]!r} is not known; allowed: {', '.join(FORMATS)}")
    world = open_world(config)
    now = world.now()
    yesterday = local_day(now, ZoneInfo(world.config.city.zone)) - timedelta(days=1)
    folder = out or world.config.reports.folder
    with writing(folder, "--out" if out else "reports.folder ="):
        paths = write_daily(world, _day(day) if day else yesterday, folder, now, chosen)
    emit(
        {"files": [str(path) for path in paths]},
        as_json=as_json,
        table=lambda data: grid("Report", ["file"], [[file] for file in data["files"]]),
    )


def _day(text: str) -> date:
    from heatwatch.cli.spans import possible_day

    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise WrongCall(f"--date {text!r} is not a day; expected YYYY-MM-DD") from None
    return possible_day(day, "--date", text)
