"""`heatwatch evidence open`: what is missing in a season's evidence, and what it puts at stake."""

import csv
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import fields
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any
from zoneinfo import ZoneInfo

import typer
from rich.console import Group
from rich.text import Text as Styled

from domain.errors import WrongCall
from domain.formats import Formats
from domain.language import Text, msg
from domain.visible import as_cell
from heatwatch.cli.open_actions import command_for
from heatwatch.cli.options import Company, Config, Json, SeasonOrLast
from heatwatch.output import emit, grid, note, said, writing
from heatwatch.wiring import DEFAULT_CONFIG, open_world

if TYPE_CHECKING:
    from analytics.facts.outstanding import Outstanding

MISSING = {
    "outage_end": msg("end of an outage"), "answer": msg("answer to a request"),
    "certificate": msg("current certificate"), "sensor": msg("sensor in a room"),
    "bearer": msg("who bears the fee"), "terms": msg("terms of a non-residential contract"),
    "payee": msg("whether the payee was paid before"), "claim": msg("claim of the refund"),
    "decision": msg("decision on an outage"),
    "measurement": msg("new measurement: no sensor reading is usable, the failing record pays until then"),
    "first_sensor": msg("sensor or measurement: rooms that the act covers had none all season"),
    "contract": msg("contract of the season: the household is in no run of it"),
}  # fmt: skip
#: The same of a room that the act settles by itself, whatever sensors of other rooms show.
OF_ROOM = msg(
    "new measurement: no sensor reading of this room is usable, its failing record pays until then"
)
SHOWN = 20  # of a city's, those with most at stake
COLUMNS = (
    "kind", "missing", "about", "since", "until", "due", "households", "at_stake", "currency",
    "rooms", "command",
)  # fmt: skip

EPILOG = """Examples:

heatwatch evidence open                                  # how many of each kind, and those with most at stake

heatwatch evidence open --kind certificate --all

heatwatch evidence open --season 2025-26 --out open.csv"""


def register(app: typer.Typer) -> None:
    app.command("open", epilog=EPILOG)(open_facts)


def open_facts(
    season: SeasonOrLast = "",
    kind: Annotated[str, typer.Option("--kind", help=" | ".join(MISSING))] = "",
    every: Annotated[bool, typer.Option("--all", help="list all, not only the largest")] = False,
    out: Annotated[
        Path | None, typer.Option("--out", help="write all of them into this CSV")
    ] = None,
    company: Company = "",
    config: Config = DEFAULT_CONFIG,
    as_json: Json = False,
) -> None:
    """What is missing in a season's evidence: ends, answers, certificates, sensors; most at stake first.

    At stake is the season fee of the homes for the time that it stands open, at most; of a sum that
    is held until somebody decides who was paid, the sum; of a refund that is not claimed, what it would be;
    of a failing record that holds until a new measurement, what is paid since. Where there are many the
    largest are listed, behind how many there are of each kind and the command that settles the first of them.
    """
    from heatwatch.cli.settle_verify import progress_bar
    from heatwatch.selection import company_of
    from heatwatch.services.companies import chosen_season
    from heatwatch.services.open_evidence import open_evidence
    from heatwatch.services.requests import request_lives

    if kind not in {"", *MISSING}:
        raise WrongCall(
            msg("--kind {kind!r}; allowed: {allowed}", kind=kind, allowed=", ".join(MISSING))
        )
    world = open_world(config)
    chosen = chosen_season(world, company_of(world.config, company).code, season)
    now = world.now()
    with progress_bar(msg("evidence")):
        found = open_evidence(world, chosen, now, request_lives(world, chosen, now))
    found = [each for each in found if kind in {"", each.what.value}]
    zone = ZoneInfo(world.config.city.zone)
    if out is not None:
        with writing(out.parent, "--out"):
            _write(out, found, chosen.code, zone)
        note(msg("written into {path}", path=out))
    shown = found if every or len(found) <= SHOWN else found[:SHOWN]

    def table(_: object) -> Group:
        listed = _largest(shown, len(found), chosen.code, world.formats)
        if not found:
            return listed
        return Group(_kinds(found, world.formats), listed, *_actions(found, chosen.code, zone))

    answer = [body(each, chosen.code, zone) for each in found] if as_json else found
    emit(answer, as_json=as_json, table=table)


def body(each: "Outstanding", season: str, zone: ZoneInfo) -> dict[str, Any]:
    """As JSON has it."""
    own = {field.name: getattr(each, field.name) for field in fields(each)}
    return own | {"missing": missing(each), "command": command_for(each, season, zone)}


def missing(each: "Outstanding") -> Text:
    """What is missing, in words."""
    return OF_ROOM if each.by_room else MISSING[each.what.value]


def about(each: "Outstanding") -> str:
    """Which place or device; of a home of which some rooms are meant, with these."""
    return f"{each.about} ({', '.join(each.rooms)})" if each.rooms else each.about


def _actions(found: "Sequence[Outstanding]", season: str, zone: ZoneInfo) -> Iterator[Styled]:
    """Of each kind the command that settles the one with most at stake, in one line to be copied."""
    first: dict[str, Outstanding] = {}
    for each in found:
        first.setdefault(each.what.value, each)
    yield Styled(f"\n{said(msg('What to do, of each kind for the first'))}")
    for each in first.values():
        told = f"{said(missing(each))}\n  `{command_for(each, season, zone)}`"
        yield Styled(told, no_wrap=True, overflow="ignore")


def _kinds(found: "Sequence[Outstanding]", formats: Formats) -> Group:
    """How many of each kind, and what they put at stake in each currency."""
    number = Counter(each.what.value for each in found)
    homes: Counter[str] = Counter()
    stakes: dict[str, dict[str, Decimal]] = {}
    for each in found:
        homes[each.what.value] += each.households
        if each.currency:
            own = stakes.setdefault(each.what.value, {})
            own[each.currency] = own.get(each.currency, Decimal(0)) + each.at_stake
    rows = [
        [
            name, MISSING[name], count, homes[name],
            "\n".join(formats.money(s, c) for c, s in sorted(stakes.get(name, {}).items())),
        ]
        for name, count in number.most_common()
    ]  # fmt: skip
    heads = [msg("kind"), msg("missing"), msg("number"), msg("households"), msg("at stake")]
    return grid(msg("What is missing, by kind"), heads, rows)


def _largest(shown: "Sequence[Outstanding]", count: int, season: str, formats: Formats) -> Group:
    heads = [
        msg("missing"), msg("about"), msg("since"), msg("until"), msg("due"), msg("households"),
        msg("at stake"),
    ]  # fmt: skip
    rows = [
        [
            missing(each), about(each), formats.instant(each.since),
            "" if each.until is None else formats.instant(each.until),
            "" if each.due is None else formats.day(each.due), each.households,
            formats.money(each.at_stake, each.currency) if each.currency else "",
        ]
        for each in shown
    ]  # fmt: skip
    return grid(_title(len(shown), count, season), heads, rows)


def _title(shown: int, count: int, season: str) -> Text:
    if shown == count:
        return msg("Open in the evidence of season {season}", season=season)
    return msg(
        "Open in the evidence of season {season}: the {shown} with most at stake of {count}; all "
        "of them with --all, or in a file with --out",
        season=season, shown=shown, count=count,
    )  # fmt: skip


def _write(path: Path, found: "Sequence[Outstanding]", season: str, zone: ZoneInfo) -> None:
    """Whole or not at all; for a spreadsheet that needs a mark to know UTF-8."""
    from heatwatch.cli.settle_verify import progress_bar
    from reports.filing.files import whole

    with whole([path]) as (part,), part.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        with progress_bar(msg("rows")) as told:
            for number, each in enumerate(found, 1):
                until = "" if each.until is None else each.until.isoformat()
                row = (
                    each.what.value, said(missing(each)), as_cell(each.about),
                    each.since.isoformat(), until,
                    "" if each.due is None else each.due.isoformat(), each.households,
                    each.at_stake if each.currency else "", each.currency,
                    as_cell(" ".join(each.rooms)), as_cell(command_for(each, season, zone)),
                )  # fmt: skip
                writer.writerow(row)
                told(number, len(found))
