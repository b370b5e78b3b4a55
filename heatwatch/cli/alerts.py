"""`heatwatch alerts`: what is open, what was sent to whom, what came back, and who has taken it on."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any
from zoneinfo import ZoneInfo

import typer

from domain.errors import WrongCall
from domain.formats import Formats
from domain.language import Text, msg, msg_in, not_known
from heatwatch.cli.options import ByOption, Company, Config, actor_of
from heatwatch.output import emit, grid, note, spoken_language
from heatwatch.wiring import DEFAULT_CONFIG, HIGHEST_NUMBER, World, open_world

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from alerts.episodes.views import EpisodeView, MessageView, Own, ReceivedView

EPILOG = """Examples:

heatwatch alerts list

heatwatch alerts list --all --kind make_up_leak --json

heatwatch alerts messages

heatwatch alerts received

heatwatch alerts ack 174 --by "Li Wei\""""

OLD_EPILOG = "Example, now `alerts ack`:\n\nheatwatch alerts acknowledge 17 --by Li"

AsJson = Annotated[bool, typer.Option("--json", help="JSON on stdout")]
Limit = Annotated[int, typer.Option(min=1, max=100_000, help="newest ones")]


def register(app: typer.Typer) -> None:
    group = typer.Typer(help="Open alerts, messages, acknowledgement.", no_args_is_help=True)
    group.command("list", epilog=EPILOG)(list_)
    group.command("messages", epilog=EPILOG)(messages)
    group.command("received", epilog=EPILOG)(received)
    group.command("ack", epilog=EPILOG)(ack)
    group.command("acknowledge", epilog=OLD_EPILOG, hidden=True)(acknowledge)
    app.add_typer(group, name="alerts")


def list_(
    kind: Annotated[list[str] | None, typer.Option(help="only this kind; may be repeated")] = None,
    every: Annotated[bool, typer.Option("--all", help="also alerts that are over")] = False,
    children: Annotated[bool, typer.Option(help="also those that another alert explains")] = False,
    company: Company = "",
    config: Config = DEFAULT_CONFIG,
    as_json: AsJson = False,
) -> None:
    """Alerts, newest first, with who has acknowledged them."""
    from alerts.episodes import views

    kinds = _kinds(kind or [])

    def query(session: "Session", own: "Own") -> "list[EpisodeView]":
        if not every:
            return views.open_episodes(session, kinds=kinds, children=children, own=own)
        found = views.episodes(session, kinds=kinds, own=own)
        return found if children else [each for each in found if each.parent_id is None]

    _show(query, _episodes, company, config, as_json)


def messages(
    limit: Limit = 50,
    inhibited: Annotated[bool, typer.Option(help="also those that another message counts")] = False,
    company: Company = "",
    config: Config = DEFAULT_CONFIG,
    as_json: AsJson = False,
) -> None:
    """Outgoing SMS with how far each is, newest first."""
    from alerts.episodes import views

    query = partial(views.in_tray, limit=limit, inhibited=inhibited)
    _show(query, _messages, company, config, as_json)


def received(
    limit: Limit = 50,
    company: Company = "",
    config: Config = DEFAULT_CONFIG,
    as_json: AsJson = False,
) -> None:
    """SMS that came in with who sent them and what became of them, newest first."""
    from alerts.episodes import views

    _show(partial(views.received, limit=limit), _received, company, config, as_json)


def ack(
    code: Annotated[str, typer.Argument(help="code, as in the list and at the end of its SMS")],
    by: ByOption = "",
    company: Company = "",
    config: Config = DEFAULT_CONFIG,
    as_json: AsJson = False,
) -> None:
    """Acknowledge an alert: its repeats stop. It stays open until it is over."""
    from sqlalchemy.orm import Session

    from alerts.episodes import views
    from alerts.episodes.acknowledge import Declined, alert_of
    from alerts.episodes.acknowledge import acknowledge as take_on

    actor = actor_of(by)
    world = open_world(config)
    formats = _formats(world)
    with Session(world.books) as session, session.begin():
        try:
            episode = alert_of(session, code, _own(world, company))
            take_on(session, episode, actor, world.now(), formats.zone)
        except Declined as declined:
            raise WrongCall(declined.text) from None
        taken = views.episode(session, episode.id)
    emit(taken, as_json=as_json, table=lambda answer: _episodes([answer], formats))


def acknowledge(
    episode: Annotated[int, typer.Argument(min=1, max=HIGHEST_NUMBER, help="its number")],
    by: ByOption,
    company: Company = "",
    config: Config = DEFAULT_CONFIG,
    as_json: AsJson = False,
) -> None:
    """The old form of `ack`, by number."""
    from alerts.messages.codes import code_of

    code = code_of(episode)
    note(
        msg(
            "warning: `alerts acknowledge {episode}` is `alerts ack {code}` now, by the alert's code",
            episode=episode,
            code=code,
        )
    )
    ack(code, by, company, config, as_json)


def _kinds(given: list[str]) -> list[str]:
    from alerts.detectors import kinds

    for each in given:
        if each not in kinds():
            raise WrongCall(not_known("--kind", each, kinds()))
    return given


def _show(
    query: Callable[..., list[Any]],
    table: Callable[[list[Any], Formats], Any],
    company: str,
    config: Path,
    as_json: bool,
) -> None:
    """What `query(session, own=...)` finds of the company's, as a table or JSON."""
    from sqlalchemy.orm import Session

    world = open_world(config)
    with Session(world.books) as session:
        found = query(session, own=_own(world, company))
    emit(found, as_json=as_json, table=lambda answer: table(answer, _formats(world)))


def _own(world: World, company: str) -> "Own":
    """Which places are the company's, for a query."""
    from heatwatch.selection import company_of
    from store.registry.places import of_company

    code = company_of(world.config, company).code
    return lambda place: of_company(world.books, code, place)


def _formats(world: World) -> Formats:
    return Formats(spoken_language(), ZoneInfo(world.config.alerts.zone))


def _name(actor: str | None) -> str:
    return "" if actor is None else actor.partition(":")[2]


def _grid(title: Text, columns: list[Any], rows: list[list[Any]], formats: Formats) -> Any:
    return grid(msg("{title} ({zone})", title=title, zone=formats.zone.key), columns, rows)


def _episodes(found: "list[EpisodeView]", formats: Formats) -> Any:
    from alerts.detectors.names import title_of

    columns = [
        msg_in("alerts", "code"), msg_in("alerts", "alert"), msg_in("alerts", "place"), msg_in("alerts", "opened, over"), msg_in("alerts", "explains"),
        msg_in("alerts", "acknowledged"),
    ]  # fmt: skip
    rows = [
        [
            each.code, title_of(each.kind), each.place,
            _lasting(each, formats), each.children,
            f"{_name(each.acknowledged_by)} {_at(each.acknowledged_at, formats)}".strip(),
        ]
        for each in found
    ]  # fmt: skip
    return _grid(msg("Alerts"), columns, rows, formats)


def _lasting(each: "EpisodeView", formats: Formats) -> Text | str:
    opened = formats.instant(each.opened_at)
    if each.cleared_at is None:
        return opened
    return msg("{low} to {high}", low=opened, high=formats.instant(each.cleared_at))


def _at(at: Any, formats: Formats) -> str:
    return "" if at is None else formats.instant(at)


def _messages(found: "list[MessageView]", formats: Formats) -> Any:
    from alerts.messages.words import delivery_of, problem_of, state_of

    columns = [
        msg_in("alerts", "created"), msg_in("alerts", "to"), msg_in("alerts", "state"), msg_in("alerts", "channel"), msg_in("alerts", "delivery"), msg_in("alerts", "text"),
        msg_in("alerts", "problem"),
    ]  # fmt: skip
    rows = [
        [
            formats.instant(each.created_at),
            each.recipient,
            state_of(each.state),
            each.channel,
            delivery_of(each.delivery), each.text, problem_of(each.problem),
        ]
        for each in found
    ]  # fmt: skip
    return _grid(msg_in("console", "Outgoing SMS"), columns, rows, formats)


def _received(found: "list[ReceivedView]", formats: Formats) -> Any:
    from alerts.inbound.words import reason_of, state_of

    columns = [
        msg_in("alerts", "received"), msg_in("alerts", "from"), msg_in("alerts", "phone"), msg_in("alerts", "state"), msg_in("alerts", "alert"), msg_in("alerts", "text"),
        msg_in("alerts", "reason"),
    ]  # fmt: skip
    rows = [
        [
            formats.instant(each.received_at), _name(each.actor), each.sender,
            state_of(each.state), each.code, each.text,
            reason_of(each.reason),
        ]
        for each in found
    ]  # fmt: skip
    return _grid(msg("Received SMS"), columns, rows, formats)
