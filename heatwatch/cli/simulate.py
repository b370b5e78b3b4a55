"""`heatwatch simulate`: a city with known truth, as files and as an MQTT publisher."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any
from zoneinfo import ZoneInfo

import typer

from domain.errors import WrongCall
from domain.language import Text, msg, not_known
from heatwatch.cli.options import Config, Json
from heatwatch.demo.words import ending_words
from heatwatch.output import emit, formats, grid, note, writing
from heatwatch.selection import possible_day
from heatwatch.wiring import DEFAULT_CONFIG, open_world

if TYPE_CHECKING:
    from simulators.live.publish import Target

EPILOG = """Examples:

heatwatch simulate --out world                          # registry, history, plan and truth

heatwatch simulate --out world --households 600 --present 2026-01-15T08:00:00+08:00

heatwatch simulate --out world --scenario calm --fault pump-stop:S2-03:30:180 --fault leak:S1-04:60:120:4

heatwatch simulate --out world --publish --config heatwatch.toml   # its live part over MQTT"""

SCENARIOS = ("demo", "calm")  # calm: no live faults but those on command
FEWEST_HOUSEHOLDS = 240
MOST_LIVE_HOURS = 8760.0


def register(app: typer.Typer) -> None:
    app.command(epilog=EPILOG)(simulate)


def simulate(
    out: Annotated[Path, typer.Option(help="folder of the world")],
    scenario: Annotated[
        str, typer.Option(help="calm: no live faults but those on command", metavar="[demo|calm]")
    ] = "demo",
    households: Annotated[
        int, typer.Option(help="how many households", min=FEWEST_HOUSEHOLDS, max=200_000)
    ] = 2000,
    seed: Annotated[int, typer.Option(help="same seed and present, same world", min=0)] = 20_261,
    present: Annotated[
        str, typer.Option(help="end of the history, ISO 8601 with offset; default --live-hours ago")
    ] = "",
    live_hours: Annotated[float, typer.Option(help="hours in which live faults lie")] = 12.0,
    fault: Annotated[
        list[str] | None,
        typer.Option(
            help="a live fault on command: KIND:PLACE:AFTER[:FOR[:SIZE]], minutes; kinds: leak, "
            "pump-stop, cold-flat, silent-sensor, wrong-clock"
        ),
    ] = None,
    publish: Annotated[
        bool, typer.Option("--publish", help="publish the live part of the world that is in --out")
    ] = False,
    until: Annotated[
        str, typer.Option(help="with --publish: last instant, ISO 8601, or 'plan'; default never")
    ] = "",
    counts: Annotated[
        Path | None, typer.Option(help="with --publish: file that is kept up to date")
    ] = None,
    config: Config = DEFAULT_CONFIG,
    as_json: Json = False,
) -> None:
    """Write a simulated city (files and truth), or publish its live part over MQTT."""
    if scenario not in SCENARIOS:
        raise WrongCall(not_known("--scenario", scenario, SCENARIOS))
    if publish:
        emit(_publish(out, until, counts, config), as_json=as_json, table=_counts_table)
        return
    if not 1.0 <= live_hours <= MOST_LIVE_HOURS:
        raise WrongCall(
            msg(
                "--live-hours {hours:g}: at least 1 is needed, at most {most:g}",
                hours=live_hours, most=MOST_LIVE_HOURS,
            )
        )  # fmt: skip
    if until or counts:
        option = "--until" if until else "--counts"
        raise WrongCall(msg("{option} is only used with --publish", option=option))
    ends = _time(present, "--present") or datetime.now(UTC) - timedelta(hours=live_hours)
    options = {"calm": scenario == "calm", "faults": tuple(fault or ())}
    size = {"households": households, "live_hours": live_hours} | options
    emit(_write(out, ends, seed, size), as_json=as_json, table=_world_table)


def _time(text: str, option: str) -> datetime | None:
    if not text:
        return None
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        at = datetime.min  # noqa: DTZ901 - naive on purpose: refused below
    if at.tzinfo is None:
        raise WrongCall(
            msg(
                "{option} {text!r}: expected ISO 8601 with offset, 2026-01-15T08:00+08:00",
                option=option, text=text,
            )
        )  # fmt: skip
    possible_day(at.date(), option, text)
    return at


def _write(out: Path, present: datetime, seed: int, size: dict[str, Any]) -> Any:
    from simulators.city.city import Size
    from simulators.world.world import write_world

    with writing(out, "--out"):
        return write_world(out, present, seed, Size(**size), note)


def _publish(out: Path, until: str, counts: Path | None, config: Path) -> dict[str, Any]:
    from heatwatch.services.workers import stop_on_signals
    from simulators.live.publish import publish_world
    from simulators.world.world import read_plan

    stop = stop_on_signals()
    world = open_world(config)
    end = _time(read_plan(out)["live_until"] if until == "plan" else until, "--until")
    target = _target(world.config.broker)

    def now() -> datetime:
        world.start_clock()  # asked for the first time once the city stands and is connected
        return world.now()

    made = publish_world(out, target, None, until_time=end, counts_file=counts, stop=stop, wall=now)
    return made.as_json()


def _target(broker: Any) -> "Target":
    from simulators.live.publish import Target

    return Target(
        broker.host, broker.port, broker.username, broker.password, broker.tls, broker.ca_file
    )


def _world_table(world: Any) -> Any:
    rows: list[tuple[str | Text, object]] = [
        (f"{name}.csv", rows) for name, rows in world.registry.items()
    ]
    rows += [(msg("readings of history"), world.readings)]
    rows += [
        (msg("households: {ending}", ending=ending_words(ending)), count)
        for ending, count in world.endings.items()
    ]
    shown_as = formats(
        str(world.present.tzinfo) if isinstance(world.present.tzinfo, ZoneInfo) else "UTC"
    )
    title = msg(
        "{folder}: history to {present}, live to {until} ({zone})",
        folder=world.folder, present=shown_as.instant(world.present),
        until=shown_as.instant(world.live_until), zone=shown_as.zone.key,
    )  # fmt: skip
    return grid(title, [msg("what"), msg("count")], rows)


def _counts_table(counts: dict[str, Any]) -> Any:
    names = {
        "messages": msg("messages"), "readings": msg("readings"), "bad": msg("bad on purpose"),
        "handed": msg("handed to the broker"), "acknowledged": msg("acknowledged"),
        "reconnects": msg("reconnects"), "sim_time": msg("simulated time"),
    }  # fmt: skip
    rows = [(name, counts[key]) for key, name in names.items()]
    return grid(msg("Published"), [msg("what"), msg("count")], rows)
