"""`heatwatch case object`, `uphold`, `dismiss` and `objections`: what residents object to, and the answer."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any
from zoneinfo import ZoneInfo

import typer

from domain.actor import By
from domain.formats import Formats
from domain.language import Text, msg
from heatwatch.cli.options import ByOption, Company, Config, Json, ReasonOption, actor_of
from heatwatch.output import emit, grid
from heatwatch.wiring import DEFAULT_CONFIG, HIGHEST_NUMBER, World, open_world

if TYPE_CHECKING:
    from domain.tree import Tree
    from heatwatch.services.objections import Objected

OBJECT_EPILOG = """Example:

heatwatch case object H1 --run 3 --received 2026-05-20 --text "the living room was never above 16" """

UPHOLD_EPILOG = """Example:

heatwatch case uphold H1 2026-05-20 --correction 4 --reason "measured again\""""

DISMISS_EPILOG = """Example:

heatwatch case dismiss H1 2026-05-20 --document "letter 12/2026" --reason "no request was made\""""

STATES = {"open": msg("open"), "upheld": msg("upheld"), "dismissed": msg("dismissed")}

Household = Annotated[str, typer.Argument(help="code of the household")]
Received = Annotated[str, typer.Argument(help="when it was received; local day or time")]


def register(case: typer.Typer) -> None:
    """Adds all to the command `case`."""
    case.command("object", epilog=OBJECT_EPILOG)(receive)
    case.command(epilog=UPHOLD_EPILOG)(uphold)
    case.command(epilog=DISMISS_EPILOG)(dismiss)
    case.command("objections", epilog="Example:\n\nheatwatch case objections --season 2025-26")(
        list_all
    )


def receive(
    household: Household,
    run: Annotated[int, typer.Option(min=1, max=HIGHEST_NUMBER, help="run that it objects to")],
    text: Annotated[str, typer.Option(help="what is wrong or missing, as the household says it")],
    received: Annotated[str, typer.Option(help="when; local day or time, default now")] = "",
    since: Annotated[str, typer.Option(help="begin of what it disputes; default all of it")] = "",
    until: Annotated[str, typer.Option(help="end of what it disputes")] = "",
    by: ByOption = "",
    reason: ReasonOption = "",
    company: Company = "",
    config: Config = DEFAULT_CONFIG,
    as_json: Json = False,
) -> None:
    """Record an objection to a run's result of a household. A late one is examined as well, and marked."""
    from heatwatch.services.objections import receive as record

    actor, world = actor_of(by), open_world(config)
    at = _time(world, received, "--received") or world.now().replace(microsecond=0)
    span = _time(world, since, "--since"), _time(world, until, "--until")
    who = By(actor, world.now(), reason)
    found = [record(world, _network(world, company), household, run, text, at, who, span)]
    _emit(world, found, as_json)


def uphold(
    household: Household,
    received: Received,
    correction: Annotated[
        int, typer.Option(min=1, max=HIGHEST_NUMBER, help="run that corrects it")
    ],
    by: ByOption = "",
    reason: ReasonOption = "",
    company: Company = "",
    config: Config = DEFAULT_CONFIG,
    as_json: Json = False,
) -> None:
    """Answer an objection: it was right, and a later run of the season, approved, corrects it."""
    from heatwatch.services.objections import answer

    actor, world = actor_of(by), open_world(config)
    who, at = By(actor, world.now(), reason), _required(world, received)
    network = _network(world, company)
    found = [answer(world, network, household, at, who, correction=correction)]
    _emit(world, found, as_json)


def dismiss(
    household: Household,
    received: Received,
    document: Annotated[str, typer.Option(help="the answer's document")],
    by: ByOption = "",
    reason: ReasonOption = "",
    company: Company = "",
    config: Config = DEFAULT_CONFIG,
    as_json: Json = False,
) -> None:
    """Answer an objection: it was not right, with the document that says why."""
    from heatwatch.services.objections import answer

    actor, world = actor_of(by), open_world(config)
    who, at = By(actor, world.now(), reason), _required(world, received)
    network = _network(world, company)
    _emit(world, [answer(world, network, household, at, who, document=document)], as_json)


def list_all(
    season: Annotated[str, typer.Option(help="code; default all seasons")] = "",
    company: Company = "",
    config: Config = DEFAULT_CONFIG,
    as_json: Json = False,
) -> None:
    """Objections with the last day to object, and by when each is answered; open ones first."""
    from heatwatch.services.objections import objections

    world = open_world(config)
    _emit(world, objections(world, _network(world, company), season), as_json)


def objections_table(found: "list[Objected]", f: Formats) -> Any:
    """What `case objections` and `settle review` show; in local time."""
    heads = [
        msg("household"), msg("run"), msg("received"), msg("last day to object"), msg("objection"),
        msg("state"), msg("answer due"), msg("correction"), msg("document"),
    ]  # fmt: skip
    rows = [
        [
            each.household, str(each.run), f.instant(each.received), f.day(each.limit.day),
            each.text, _state(each), "" if each.state != "open" else f.day(each.answer_due.day),
            "" if each.correction is None else str(each.correction), each.document,
        ]
        for each in found
    ]  # fmt: skip
    return grid(msg("Objections"), heads, rows)


def _state(each: "Objected") -> Text:
    state = STATES[each.state]
    return msg("{state}, received late", state=state) if each.late else state


def _emit(world: World, found: "list[Objected]", as_json: bool) -> None:
    emit(found, as_json=as_json, table=lambda data: objections_table(data, world.formats))


def _network(world: World, company: str) -> "Tree":
    from heatwatch.selection import company_of
    from heatwatch.services.companies import network_of

    return network_of(world, company_of(world.config, company).code)


def _time(world: World, text: str, option: str) -> datetime | None:
    from heatwatch.selection import local_time

    return local_time(text, option, ZoneInfo(world.config.city.zone)) if text else None


def _required(world: World, text: str) -> datetime:
    from heatwatch.selection import local_time

    return local_time(text, "RECEIVED", ZoneInfo(world.config.city.zone))
