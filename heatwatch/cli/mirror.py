"""`heatwatch mirror`: the copy in InfluxDB that Grafana draws from."""

from typing import Annotated, Any

import typer
from rich.console import Console

from domain.actor import By
from domain.errors import WrongCall
from domain.language import msg
from domain.recognition import Recognition
from heatwatch.cli.options import ByOption, Config, actor_of
from heatwatch.output import emit, grid, said
from heatwatch.wiring import DEFAULT_CONFIG, World, open_world

EPILOG = """Examples:

heatwatch mirror status

heatwatch mirror rebuild --config city.toml"""

AsJson = Annotated[bool, typer.Option("--json", help="JSON on stdout")]


def register(app: typer.Typer) -> None:
    group = typer.Typer(help="The copy in InfluxDB that Grafana draws from.", no_args_is_help=True)
    group.command("status", epilog=EPILOG)(status)
    group.command("rebuild", epilog=EPILOG)(rebuild)
    app.add_typer(group, name="mirror")


def status(config: Config = DEFAULT_CONFIG, as_json: AsJson = False) -> None:
    """Points written, or the line why not."""
    from dataclasses import asdict

    from store.influx.mirror import mirror_status

    world = open_world(config)
    found = asdict(mirror_status(world.books, world.config.store.influx))
    emit(found, as_json=as_json, table=lambda _: _status(found))


#: What the mirror says of itself where it has not begun or does not get on.
WHY = Recognition(
    (
        msg("no [store.influx] in the configuration"),
        msg("the mirror has not run yet: heatwatch run mirror"),
        msg("influx-mirror: {why}"),
        msg("{what} is not there: {why}; trying again until it is there"),
        msg("PostgreSQL does not answer; trying again until it is there"),
        msg("batch not handled, will be tried again: {error}"),
    )
)


def _status(found: dict[str, Any]) -> Any:
    names = {
        "points": msg("points"), "batch": msg("last batch"), "why_not": msg("why it stands still"),
        "refused": msg("points refused"), "refusal": msg("reason"),
    }  # fmt: skip
    return grid(
        msg("InfluxDB mirror"),
        [names.get(k, k) for k in found],
        [[WHY(v) if isinstance(v, str) else v for v in found.values()]],
    )


def rebuild(by: ByOption = "", config: Config = DEFAULT_CONFIG, as_json: AsJson = False) -> None:
    """Empty the mirror and fill it again from the lake."""
    from rich.progress import track

    from store.books.changes import MIRROR_REBUILD, begun, ended
    from store.influx.mirror import rebuild as rebuilt

    actor, world = actor_of(by), open_world(config)
    influx = world.influx
    if influx is None:
        raise WrongCall(
            msg("store.influx is not in the configuration: there is no mirror to rebuild")
        )
    world.readings.flush(world.now())
    change = begun(world.books, By(actor, world.now()), MIRROR_REBUILD)
    steps = rebuilt(world.readings, world.books, influx)
    files = _files(world)
    points = sum(track(steps, said(msg("files")), total=files, console=_stderr(), transient=True))
    ended(world.books, change, {"files": files, "points": points})
    emit(
        {"files": files, "points": points},
        as_json=as_json,
        table=lambda answer: grid(
            msg("InfluxDB mirror"), [msg("files"), msg("points")], [[*answer.values()]]
        ),
    )


def _files(world: World) -> int:
    return len(world.lake.snapshot().files)


def _stderr() -> Console:
    return Console(stderr=True)
