"""`heatwatch report`: what is filed with the authority."""

from pathlib import Path
from typing import Annotated

import typer

from domain.actor import By
from domain.errors import WrongCall
from domain.language import msg, not_known
from heatwatch.cli.options import ByOption, Company, Config, actor_of
from heatwatch.output import emit, grid, writing
from heatwatch.wiring import DEFAULT_CONFIG, HIGHEST_NUMBER, open_world
from reports.kinds import KINDS, kind_of
from reports.render.render import FORMATS

EPILOG = """Examples:

heatwatch report daily --date 2026-01-15

heatwatch report half_month --date 2026-01-15 --company heat-co

heatwatch report weekly --format json --out filed --json"""


def register(app: typer.Typer) -> None:
    app.command(epilog=EPILOG)(report)


def report(
    kind: Annotated[
        str, typer.Argument(help="which report", metavar=f"[{'|'.join(KINDS)}]")
    ] = KINDS[0],
    day: Annotated[
        str,
        typer.Option("--date", help="any local day of its period, YYYY-MM-DD; default the newest"),
    ] = "",
    as_of: Annotated[
        int | None,
        typer.Option(min=1, max=HIGHEST_NUMBER, help="data version; default the newest"),
    ] = None,
    formats: Annotated[
        list[str] | None,
        typer.Option(
            "--format", help="format of the files; default all", metavar=f"[{'|'.join(FORMATS)}]"
        ),
    ] = None,
    out: Annotated[Path | None, typer.Option(help="folder; default from the configuration")] = None,
    company: Company = "",
    by: ByOption = "",
    config: Config = DEFAULT_CONFIG,
    as_json: Annotated[bool, typer.Option("--json", help="the files as JSON")] = False,
) -> None:
    """Write a company's report of one period that is over, in every configured language.

    Where one season follows another inside the period, each has a report of its own days.
    """
    from heatwatch.selection import company_of, given_day
    from heatwatch.services.reporting import Order, default_day, write_report

    kind_of(kind)
    chosen = tuple(formats or ())
    if unknown := [each for each in chosen if each not in FORMATS]:
        raise WrongCall(not_known("--format", unknown[0], FORMATS))
    world = open_world(config)
    now, whose = world.now(), company_of(world.config, company)
    wanted = given_day(day, "--date") if day else default_day(world, kind, whose, now)
    folder = out or world.config.reports.folder
    if chosen and folder.resolve() == world.config.reports.folder.resolve():
        raise WrongCall(
            msg("--format needs --out: what is filed in {folder} has every format", folder=folder)
        )
    with writing(folder, "--out" if out else "reports.folder ="):
        made = By(actor_of(by), now)
        paths = write_report(world, Order(kind, whose, wanted, as_of, chosen), folder, made)
    emit(
        {"files": [str(path) for path in paths]},
        as_json=as_json,
        table=lambda data: grid(msg("Report"), [msg("file")], [[file] for file in data["files"]]),
    )
