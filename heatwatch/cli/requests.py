"""What `heatwatch evidence show requests` says beside the versions: the life of the request."""

from collections.abc import Callable
from dataclasses import fields
from datetime import datetime
from typing import TYPE_CHECKING, Any

from domain.formats import Formats
from domain.language import msg, sentence_of
from heatwatch.output import emit, grid, note
from heatwatch.wiring import World

if TYPE_CHECKING:
    from rich.console import Group

    from domain.requests import Life
    from store.evidence.versions import Version

KIND = "requests"

Table = Callable[["list[Version]", Formats], "Group"]


def show(
    world: World, company: str, found: "list[Version]", as_json: bool, versions: Table
) -> None:
    """The versions of a request, and its life; `versions` makes their table."""
    from rich.console import Group

    from heatwatch.services.requests import life_of
    from store.lake.lake import NoLake

    now = world.now()
    try:
        life = life_of(world, company, found[-1])
    except NoLake as error:
        life = None
        note(msg("without the life of the request: {why}", why=sentence_of(error)))
    body = None if life is None else life_body(life, now)
    answer = [
        {field.name: getattr(each, field.name) for field in fields(each)}
        | {"life": body if each is found[-1] else None}
        for each in found
    ]

    def table(_: Any) -> "Group":
        parts = [versions(found, world.formats)]
        return Group(*parts, *([] if life is None else [_life(life, now, world.formats)]))

    emit(answer, as_json=as_json, table=table)


def life_body(life: "Life", now: datetime) -> dict[str, Any]:
    """A request's life as JSON has it."""
    stage, cold = life.at(now), life.cold(now)
    return {
        "state": stage.state.value,
        "since": stage.since,
        "reason": stage.reason,
        "cold": None if cold is None else cold.value,
        "due": life.next_due(now),
        "limit": life.due,
        "came": life.came,
        "presumed": None if life.presumed is None else life.presumed._asdict(),
        "stages": [
            {"state": each.state.value, "since": each.since, "reason": each.reason}
            for each in life.stages
            if each.since <= now
        ],
    }


def _life(life: "Life", now: datetime, formats: Formats) -> "Group":
    from rich.console import Group

    from domain.requests import COLD, STATES

    stages: list[list[object]] = [
        [formats.instant(each.since), STATES[each.state], each.reason]
        for each in life.stages
        if each.since <= now
    ]
    cold = life.cold(now)
    rows: list[list[object]] = [
        [msg("state"), STATES[life.at(now).state]],
        [msg("visit due by"), "" if life.due is None else formats.instant(life.due)],
        [msg("somebody came"), "" if life.came is None else formats.instant(life.came)],
        [msg("temperature"), "" if cold is None else COLD[cold]],
    ]
    if life.presumed is not None:
        since = formats.instant(life.presumed.since)
        rows.append([msg("supplier late"), msg("presumed as the act says from {at} on", at=since)])
    heads = [msg("since"), msg("state"), msg("reason")]
    return Group(grid(msg("Life of the request"), ["", ""], rows), grid("", heads, stages))
