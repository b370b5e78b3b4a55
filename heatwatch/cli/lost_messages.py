"""`heatwatch readings lost`: times of which messages may be missing."""

from typing import Annotated, Any

import typer

from domain.formats import Formats
from domain.language import msg
from heatwatch.cli.options import Config
from heatwatch.cli.readings_import import SHOWN, AsJson
from heatwatch.output import emit, grid
from heatwatch.wiring import DEFAULT_CONFIG, open_world

LOST_EPILOG = """Examples:

heatwatch readings lost

heatwatch readings lost --limit 5 --json"""


def lost(
    limit: Annotated[int, typer.Option(min=0, help="faults listed, newest first; 0: all")] = SHOWN,
    config: Config = DEFAULT_CONFIG,
    as_json: AsJson = False,
) -> None:
    """Times of which messages may be missing: lost by a broker, or by their numbers, and why."""
    from ingest.mqtt.delivery import faults_of, sessions_of

    world = open_world(config)
    faults = [
        {
            "kind": each.kind, "since": each.since, "until": each.until, "at_most": each.at_most,
            "about": each.about, "client_id": each.client_id, "broker": each.broker,
            "told_at": each.told_at,
        }
        for each in faults_of(world.books, limit or None)
    ]  # fmt: skip
    broker = world.config.broker
    endless = {f"{broker.host}:{broker.port}"} if broker.unlimited else set()
    sessions = [
        {
            "broker": each.broker, "client_id": each.client_id, "since": each.since,
            "dropped": 0 if each.broker in endless else dropped,
        }
        for each, dropped in sessions_of(world.books)
    ]  # fmt: skip
    answer = {"faults": faults, "sessions": sessions}
    emit(answer, as_json=as_json, table=lambda data: _tables(data, world.formats))


def _tables(data: dict[str, Any], shown_as: Formats) -> Any:
    from rich.console import Group

    faults = _faults(data["faults"], shown_as)
    return Group(faults, _sessions(data["sessions"], shown_as)) if data["sessions"] else faults


def _sessions(found: list[dict[str, Any]], shown_as: Formats) -> Any:
    title = msg("Sessions on brokers ({zone})", zone=shown_as.zone.key)
    names = [
        msg("broker"), msg("client id"), msg("from"), msg("dropped by the broker since it started"),
    ]  # fmt: skip
    unsaid = msg("the broker does not say: nobody notices where its queue overflows")
    rows = [
        [
            each["broker"], each["client_id"], shown_as.instant(each["since"]),
            unsaid if each["dropped"] is None else each["dropped"],
        ]
        for each in found
    ]  # fmt: skip
    return grid(title, names, rows)


def _faults(found: list[dict[str, Any]], shown_as: Formats) -> Any:
    from domain.delivery_faults import words_of

    title = msg("Messages may be missing ({zone})", zone=shown_as.zone.key)
    names = [
        msg("from"), msg("until"), msg("reason"), msg("messages at most"), msg("topic or sender"),
        msg("client id"), msg("broker"), msg("what to do"),
    ]  # fmt: skip
    rows = []
    for each in found:
        told = words_of(each["kind"])
        ended = shown_as.instant(each["until"]) if each["until"] else msg("goes on")
        rows.append(
            [
                shown_as.instant(each["since"]), ended, told.title,
                msg("not known") if each["at_most"] is None else each["at_most"],
                each["about"] or msg("all"), each["client_id"], each["broker"], told.advice,
            ]
        )  # fmt: skip
    return grid(title, names, rows)
