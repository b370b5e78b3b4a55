"""`heatwatch alerts`: what is open, what was told to whom, and who has taken it over."""

from datetime import datetime
from pathlib import Path
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import typer

from domain.errors import WrongCall
from heatwatch.output import emit, grid
from heatwatch.wiring import DEFAULT_CONFIG, HIGHEST_NUMBER, open_world

EPILOG = """Examples:

heatwatch alerts list

heatwatch alerts list --all --kind make_up_leak --json

heatwatch alerts messages

heatwatch alerts acknowledge 17 --by "Li Wei\""""

Config = Annotated[Path, typer.Option("--config", "-c", help="configuration file")]
AsJson = Annotated[bool, typer.Option("--json", help="JSON on stdout")]


LONGEST_NAME = 80  # of who takes an episode over, in characters


def register(app: typer.Typer) -> None:
    group = typer.Typer(help="Open alerts, messages, acknowledgement.", no_args_is_help=True)
    group.command("list", epilog=EPILOG)(list_)
    group.command("messages", epilog=EPILOG)(messages)
    group.command("acknowledge", epilog=EPILOG)(acknowledge)
    app.add_typer(group, name="alerts")


def list_(
    kind: Annotated[list[str] | None, typer.Option(help="only this kind; may be repeated")] = None,
    every: Annotated[bool, typer.Option("--all", help="also those that are over")] = False,
    children: Annotated[bool, typer.Option(help="also those another one explains")] = False,
    config: Config = DEFAULT_CONFIG,
    as_json: AsJson = False,
) -> None:
    """Episodes, newest first."""
    from sqlalchemy.orm import Session

    from alerts.episodes import views

    kinds, world = _kinds(kind or []), open_world(config)
    with Session(world.books) as session:
        if every:
            found = views.episodes(session, kinds=kinds)
            found = found if children else [each for each in found if each.parent_id is None]
        else:
            found = views.open_episodes(session, kinds=kinds, children=children)
    zone = ZoneInfo(world.config.alerts.zone)
    emit(found, as_json=as_json, table=lambda answer: _episodes(answer, zone))


def messages(
    limit: Annotated[int, typer.Option(min=1, max=100_000, help="newest ones")] = 50,
    inhibited: Annotated[bool, typer.Option(help="also those another message counts")] = False,
    config: Config = DEFAULT_CONFIG,
    as_json: AsJson = False,
) -> None:
    """The in-tray: messages with what became of them, newest first."""
    from sqlalchemy.orm import Session

    from alerts.episodes import views

    world = open_world(config)
    with Session(world.books) as session:
        found = views.in_tray(session, limit=limit, inhibited=inhibited)
    zone = ZoneInfo(world.config.alerts.zone)
    emit(found, as_json=as_json, table=lambda answer: _messages(answer, zone))


def acknowledge(
    episode: Annotated[
        int,
        typer.Argument(
            min=1, max=HIGHEST_NUMBER, help="number, as in the list and at the end of its SMS"
        ),
    ],
    by: Annotated[str, typer.Option(help="name of who takes it over, 1 to 80 characters")],
    config: Config = DEFAULT_CONFIG,
    as_json: AsJson = False,
) -> None:
    """Notes who has taken an episode over. It stays open until it is over."""
    from sqlalchemy.orm import Session

    from alerts.episodes import views

    name = by.strip()
    if not 0 < len(name) <= LONGEST_NAME:
        shown = name if len(name) <= LONGEST_NAME else f"{name[:20]}... of {len(name)} characters"
        raise WrongCall(f"--by {shown!r}; allowed: 1 to {LONGEST_NAME} characters")
    world = open_world(config)
    with Session(world.books) as session, session.begin():
        taken = views.acknowledge(session, episode, name)
    zone = ZoneInfo(world.config.alerts.zone)
    emit(taken, as_json=as_json, table=lambda answer: _episodes([answer], zone))


def _kinds(given: list[str]) -> list[str]:
    from alerts.kinds import Kind

    known = [each.value for each in Kind]
    for each in given:
        if each not in known:
            raise WrongCall(f"--kind {each!r} is not known; allowed: {', '.join(known)}")
    return given


def _local(at: datetime | None, zone: ZoneInfo) -> str:
    return "" if at is None else at.astimezone(zone).strftime("%m-%d %H:%M")


def _episodes(found: list[Any], zone: ZoneInfo) -> Any:
    columns = ["no", "kind", "place", "opened", "over", "below", "by"]
    rows = [
        [
            each.id, each.kind, each.place, _local(each.opened_at, zone),
            _local(each.cleared_at, zone), each.children, each.acknowledged_by,
        ]
        for each in found
    ]  # fmt: skip
    return grid(f"Alerts ({zone.key})", columns, rows)


def _messages(found: list[Any], zone: ZoneInfo) -> Any:
    columns = ["created", "to", "state", "channel", "delivery", "text", "problem"]
    rows = [
        [
            _local(each.created_at, zone), each.recipient, each.state, each.channel,
            each.delivery, each.text, each.problem,
        ]
        for each in found
    ]  # fmt: skip
    return grid(f"Messages ({zone.key})", columns, rows)
