"""`heatwatch evidence open`: what is missing in a season's evidence, and what it puts at stake."""

import csv
from collections import Counter
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Group

from domain.errors import WrongCall
from domain.formats import Formats
from domain.language import Text, msg
from domain.visible import as_cell
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
}  # fmt: skip
SHOWN = 20  # of a city's, those with most at stake
COLUMNS = (
    "kind", "missing", "about", "since", "until", "due", "households", "at_stake", "currency",
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
    is held until somebody decides who was paid, the sum; of a refund that is not claimed, what it would be.
    Where there are many the largest are listed, behind how many there are of each kind.
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
    if out is not None:
        with writing(out.parent, "--out"):
            _write(out, found)
        note(msg("written into {path}", path=out))
    shown = found if every or len(found) <= SHOWN else found[:SHOWN]

    def table(_: object) -> Group:
        listed = _largest(shown, len(found), chosen.code, world.formats)
        return Group(_kinds(found, world.formats), listed) if found else listed

    emit(found, as_json=as_json, table=table)


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
            MISSING[each.what.value], each.about, formats.instant(each.since),
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


def _write(path: Path, found: "Sequence[Outstanding]") -> None:
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
                    each.what.value, said(MISSING[each.what.value]), as_cell(each.about),
                    each.since.isoformat(), until,
                    "" if each.due is None else each.due.isoformat(), each.households,
                    each.at_stake if each.currency else "", each.currency,
                )  # fmt: skip
                writer.writerow(row)
                told(number, len(found))
