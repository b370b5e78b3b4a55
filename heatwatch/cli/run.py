"""`heatwatch run` and `heatwatch config check`."""

from pathlib import Path
from typing import Annotated

import typer

from domain.language import msg
from heatwatch.cli.options import Config, Json
from heatwatch.output import emit, grid, note
from heatwatch.wiring import DEFAULT_CONFIG, open_world

RUN_EPILOG = """Examples:

heatwatch run                    # everything the configuration names

heatwatch run ingest             # one worker in the foreground

heatwatch run ingest maintenance -c city.toml"""

config_app = typer.Typer(no_args_is_help=True, help="The configuration file.")


def register(app: typer.Typer) -> None:
    app.command(epilog=RUN_EPILOG)(run)
    app.add_typer(config_app, name="config")


def run(
    workers: Annotated[
        list[str] | None,
        typer.Argument(help="ingest, maintenance, alerts, mirror, console; default all"),
    ] = None,
    config: Config = DEFAULT_CONFIG,
    logs: Annotated[
        Path | None,
        typer.Option(help="folder of the workers' logs; without it log/ beside the stores"),
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="show what runs as JSON, then run")
    ] = False,
) -> None:
    """Run the city until Ctrl-C: broker, ingest, maintenance, alerts, mirror and console."""
    from heatwatch.services.registry_codes import warn_of_unknown_codes
    from heatwatch.services.running import address, known_as, logs_of, programs_of, run_all, run_one
    from heatwatch.supervisor.disk_space import room

    names = [known_as(each) for each in workers or []]
    world = open_world(config)
    with room(world.config):
        programs = [program.name for program in programs_of(world.config, config, names)]
        if as_json:
            emit({"workers": programs, "console": address(world.config)}, as_json=True)
        warn_of_unknown_codes(world)
        if len(names) == 1:
            run_one(config, names[0])
        else:
            run_all(config, logs or logs_of(world), names)


@config_app.command("check", epilog="Example:\n\nheatwatch config check -c heatwatch.toml")
def check(
    config: Config = DEFAULT_CONFIG,
    as_json: Json = False,
) -> None:
    """Check the configuration and show its values; exit 2 names key, value and what is allowed."""
    from heatwatch.config_faults import lines_of, redacted
    from heatwatch.services.feed_samples import refuse_what_never_matches
    from heatwatch.services.registry_codes import refuse_unknown_codes
    from ingest.codecs import codec_of

    world = open_world(config)
    refuse_unknown_codes(world)
    for feed in world.config.ingest.feeds:
        codec_of(feed)  # reads what its format needs, such as keys
    refuse_what_never_matches(world.path, world.config.ingest.feeds)
    if not world.config.ingest.feeds:
        note(msg("no feed yet: ingest does not start; `heatwatch connect` proposes feeds"))
    values = redacted(world.config.model_dump(mode="json"))
    emit(
        values,
        as_json=as_json,
        table=lambda _: grid(
            f"{config}",
            [msg("part"), msg("key"), msg("value")],
            lines_of(values),
        ),
    )
