"""`heatwatch readings refused` and `dismiss`: messages that became no readings, and what becomes of them."""

from typing import TYPE_CHECKING, Annotated, Any, Literal
from zoneinfo import ZoneInfo

import typer

from domain.actor import By
from domain.errors import WrongCall
from domain.formats import Formats
from domain.language import msg, not_known, sentence_of
from heatwatch.cli.options import ByOption, Config, actor_of
from heatwatch.cli.readings_import import SHOWN, AsJson, instant
from heatwatch.output import emit, grid, said
from heatwatch.selection import local_time
from heatwatch.wiring import DEFAULT_CONFIG, World, open_world

if TYPE_CHECKING:
    from ingest.quarantine import Selection
    from store.journal.quarantine import Quarantined, State

REFUSED_EPILOG = """Examples:

heatwatch readings refused

heatwatch readings refused --reason unmapped --device A4C138 --since 2025-01-10

heatwatch readings refused --topic 'zigbee2mqtt/#' --state all --json"""
DISMISS_EPILOG = """Examples:

heatwatch readings dismiss --topic 'test/#' --why "the installer's trial" --by "Li Wei"

heatwatch readings dismiss 17 18 --why "a broken gateway, replaced on 12 January" --by "Li Wei" """

Reasons = Annotated[str, typer.Option(help="undecodable, unmapped, implausible, part_...")]
Topic = Annotated[str, typer.Option(help="MQTT filter, such as 'plant/+/up'")]
Device = Annotated[str, typer.Option(help="a level of the topic, or a text of the payload")]
Received = Annotated[
    str, typer.Option(help="received from this day or time on, in the city's zone")
]
Before = Annotated[str, typer.Option(help="received before this day or time")]
OfState = Literal["open", "fixed", "dismissed", "all"]


def refused(
    reason: Reasons = "",
    topic: Topic = "",
    device: Device = "",
    since: Received = "",
    until: Before = "",
    state: Annotated[OfState, typer.Option(help="what became of them")] = "open",
    limit: Annotated[int, typer.Option(min=0, help="messages listed, newest last; 0: all")] = SHOWN,
    config: Config = DEFAULT_CONFIG,
    as_json: AsJson = False,
) -> None:
    """Messages that were kept whole because they could not become readings.

    They are open until a replay makes readings of them (fixed) or a person dismisses them.
    """
    from collections import Counter, deque

    from store.journal.quarantine import State

    world = open_world(config)
    wanted = None if state == "all" else State(state)
    states: Counter[str] = Counter()
    newest: deque[Quarantined] = deque(maxlen=limit or None)
    for each in selection(world, reason, topic, device, since, until, wanted).of(world.journal):
        states[each.state.value] += 1
        newest.append(each)
    answer = {
        "counts": world.journal.counts().refused,
        "found": dict(states),
        "messages": [_told(each) for each in newest],
    }
    emit(answer, as_json=as_json, table=lambda data: _table(data, world.formats))


def dismiss(
    why: Annotated[str, typer.Option(help="why nothing is to come of them")],
    numbers: Annotated[
        list[int] | None, typer.Argument(help="of messages, as `readings refused` lists them")
    ] = None,
    reason: Reasons = "",
    topic: Topic = "",
    device: Device = "",
    since: Received = "",
    until: Before = "",
    by: ByOption = "",
    config: Config = DEFAULT_CONFIG,
    as_json: AsJson = False,
) -> None:
    """Say of open refused messages that nothing is to come of them: no list and no replay has them any more.

    They are kept as long as the others, and `readings refused --state dismissed` shows them with who and why.
    """
    from store.journal.quarantine import State

    if not why.strip():
        raise WrongCall(msg("--why is empty; say why nothing is to come of them"))
    if not (numbers or reason or topic or device or since or until):
        raise WrongCall(
            msg(
                "name the messages: their numbers, or --reason, --topic, --device, --since, --until"
            )
        )
    world = open_world(config)
    who = By(actor_of(by), world.now())
    chosen = selection(world, reason, topic, device, since, until, State.OPEN)
    open_ = [each.number for each in chosen.of(world.journal)]
    if unknown := sorted(set(numbers or ()) - set(open_)):
        raise WrongCall(
            msg(
                "no open refused message has the number {number}",
                number=", ".join(map(str, unknown)),
            )
        )
    done = world.journal.close_refused(numbers or open_, State.DISMISSED, who, why.strip())
    emit({"dismissed": done}, as_json=as_json, table=_dismissed)


def selection(
    world: World, reason: str, topic: str, device: str, since: str, until: str,
    state: "State | None",
) -> "Selection":  # fmt: skip
    """What these options mean; WrongCall where one of them means nothing."""
    from ingest.mapping.topics import checked_topic
    from ingest.quarantine import Selection
    from store.journal.quarantine import Wanted

    zone = ZoneInfo(world.config.city.zone)
    if topic:
        try:
            checked_topic(topic)
        except ValueError as wrong:
            why = sentence_of(wrong)
            raise WrongCall(msg("--topic {topic!r}: {why}", topic=topic, why=why)) from None
    wanted = Wanted(
        _reason(reason),
        local_time(since, "--since", zone) if since else None,
        local_time(until, "--until", zone) if until else None,
        state,
    )
    return Selection(wanted, topic, device)


def _told(each: "Quarantined") -> dict[str, Any]:
    message = each.message
    return {
        "number": each.number, "received_at": message.received_at, "feed": message.feed,
        "topic": message.topic, "reason": message.reason, "detail": message.detail,
        "payload": message.payload.decode("utf-8", "backslashreplace"),
        "state": each.state.value, "by": each.by, "why": each.why, "at": each.at,
    }  # fmt: skip


def _reason(text: str) -> str | None:
    """A reason of the closed list, None where none was asked for; WrongCall otherwise."""
    from ingest.codecs.message import PART, Reason

    allowed = [*Reason, *(f"{PART}{each}" for each in Reason)]
    if text and text not in allowed:
        raise WrongCall(not_known("--reason", text, allowed))
    return text or None


def _detail(kept: str, shown_as: Formats) -> str:
    from ingest.codecs.words import detail_words

    return shown_as.with_local(said(detail_words(kept)))


def _table(answer: dict[str, Any], shown_as: Formats) -> Any:
    from rich.console import Group

    from ingest.codecs.words import reason_words
    from store.journal.quarantine import State

    closed = any(each["state"] != "open" for each in answer["messages"])
    rows = [
        [
            each["number"], instant(each["received_at"], shown_as), each["feed"], each["topic"],
            reason_words(each["reason"]), _detail(each["detail"], shown_as)[:200], each["payload"][:80],
            *([State(each["state"]).words, f"{each['by']} {each['why']}".strip()] if closed else []),
        ]
        for each in answer["messages"]
    ]  # fmt: skip
    names = [
        msg("no."), msg("received"), msg("feed"), msg("topic"), msg("reason"), msg("detail"), msg("payload"),
        *([msg("state"), msg("by whom and why")] if closed else []),
    ]  # fmt: skip
    counts = [[reason_words(code), count] for code, count in answer["counts"].items()]
    found = ", ".join(
        f"{said(State(state).words)} {count}" for state, count in answer["found"].items()
    )
    title = msg("The newest of those found ({found})", found=found or said(msg("none")))
    return Group(
        grid(msg("Refused so far"), [msg("reason"), msg("messages")], counts),
        grid(title, names, rows),
    )


def _dismissed(answer: dict[str, int]) -> Any:
    return grid(msg("Dismissed"), [msg("messages")], [[answer["dismissed"]]])
