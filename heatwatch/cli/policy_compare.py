"""`heatwatch policy compare`: a season under two policies side by side."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Group

from domain.language import Text, msg, plural
from heatwatch.cli.options import Company, Config, Json, Season
from heatwatch.cli.settle_verify import in_currency, money, progress_bar
from heatwatch.cli.what_if import body_of, policy_words
from heatwatch.output import emit, formats, grid
from heatwatch.wiring import DEFAULT_CONFIG, open_world

if TYPE_CHECKING:
    from heatwatch.services.comparing import Comparison, Differing, Side

SHOWN = 20  # households of a table


def compare(
    a: Annotated[str, typer.Argument(help="policy A: an id, or a .toml file")],
    b: Annotated[str, typer.Argument(help="policy B: an id, or a .toml file")],
    season: Season,
    company: Company = "",
    config: Config = DEFAULT_CONFIG,
    as_json: Json = False,
) -> None:
    """Settle a season under two policies, and show the households that differ; nothing is written.

    Two interpretations of one law are compared as two files. Both read the newest data version. A
    template is allowed, and said to be unconfirmed. --json has every household that differs.
    """
    from heatwatch.services.companies import company_of_season
    from heatwatch.services.comparing import compare as settled_twice

    world = open_world(config)
    company_of_season(world, company, season)
    with progress_bar(msg("settling")) as progress:
        found = settled_twice(world, season, a, b, progress)
    emit(answer_of(season, found), as_json=as_json, table=lambda _: _tables(season, found))


def answer_of(season: str, found: "Comparison") -> dict[str, Any]:
    """What the command says as JSON."""
    return {
        "season": season,
        "flush": found.flush,
        "households": found.households,
        "a": _side(found.a),
        "b": _side(found.b),
        "difference": str(found.b.total - found.a.total),
        "differ": len(found.differing),
        "differing": [
            {
                "household": each.household,
                "a": str(each.sum_a),
                "b": str(each.sum_b),
                "difference": str(each.difference),
                "undetermined_a": each.undetermined_a,
                "undetermined_b": each.undetermined_b,
            }
            for each in found.differing
        ],
    }


def _side(side: "Side") -> dict[str, Any]:
    policy = side.file.policy
    return {
        "policy": policy.id,
        "overlay": body_of(policy.what_if),
        "origin": side.file.origin,
        "sha256": side.file.sha256,
        "grade": policy.grade,
        "template": policy.is_template,
        "confirmed": side.confirmed,
        "total": str(side.total),
        "currency": side.currency,
        "paid": side.paid,
        "undetermined": side.undetermined,
    }


def _tables(season: str, found: "Comparison") -> Any:
    title = msg(
        "What-if, nothing is kept · season {season} · {households} · data version {version}",
        season=season, version=found.flush,
        households=plural("{n} household", "{n} households", n=found.households),
    )  # fmt: skip
    whole = grid(title, ["", msg("policy A"), msg("policy B"), msg("difference")], _totals(found))
    if not found.differing:
        return Group(whole, grid(msg("No household differs"), [], []))
    return Group(whole, _households(found))


def _totals(found: "Comparison") -> list[list[Any]]:
    a, b, number = found.a, found.b, formats().number
    rows: list[list[Any]] = [
        [msg("policy"), _name(a), _name(b), ""],
        [msg("file"), Path(a.file.origin).name, Path(b.file.origin).name, ""],
        ["sha256", a.file.sha256[:12], b.file.sha256[:12], ""],
        [msg("text"), _text(a), _text(b), ""],
        [
            msg("total"),
            money(a.total, a.currency),
            money(b.total, b.currency),
            money(b.total - a.total, b.currency),
        ],
    ]
    counts = (
        (msg("households with a refund"), a.paid, b.paid),
        (msg("households undetermined"), a.undetermined, b.undetermined),
    )
    rows += [[name, number(one), number(two), number(two - one)] for name, one, two in counts]
    return rows


def _name(side: "Side") -> str:
    policy = side.file.policy
    return policy_words(policy.id, body_of(policy.what_if))


def _text(side: "Side") -> Text:
    """The grade of a policy's text; whether a template's was confirmed."""
    grade = side.file.policy.grade
    if not side.file.policy.is_template:
        return msg("grade {grade}", grade=grade)
    if side.confirmed:
        return msg("template of grade {grade}, confirmed", grade=grade)
    return msg("template of grade {grade}, not confirmed", grade=grade)


def _households(found: "Comparison") -> Any:
    count = len(found.differing)
    title = plural("{n} household differs", "{n} households differ", n=count)
    if count > SHOWN:
        title = msg("{differ}; the {shown} with the largest difference", differ=title, shown=SHOWN)
    currency = found.a.currency
    names = [
        msg("household"), in_currency(msg("under A"), currency), in_currency(msg("under B"), currency),
        msg("difference"), msg("undetermined"),
    ]  # fmt: skip
    rows = [
        [each.household, each.sum_a, each.sum_b, each.difference, _undetermined(each)]
        for each in found.differing[:SHOWN]
    ]
    return grid(title, names, rows)


def _undetermined(home: "Differing") -> Text | str:
    if home.undetermined_a and home.undetermined_b:
        return msg("under both")
    if home.undetermined_a:
        return msg("under A")
    return msg("under B") if home.undetermined_b else ""
