"""`heatwatch evaluate seasons`: seasons of a folder against the answers beside them."""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Group

from domain.language import Text, joined, msg, plural
from heatwatch.cli.codes import ANSWER_IS_NO
from heatwatch.cli.options import Config, Json
from heatwatch.cli.policy import folder_of
from heatwatch.cli.settle_verify import progress_bar
from heatwatch.output import emit, formats, grid
from heatwatch.wiring import DEFAULT_CONFIG

if TYPE_CHECKING:
    from heatwatch.evaluate.seasons import Held

EPILOG = """Examples:

heatwatch evaluate seasons refund-seasons      # scenarios.jsonl(.gz) with answers.jsonl, or NAME.json with NAME.answer.json

heatwatch evaluate seasons refund-seasons --as-stored --json"""

PARTS = {
    "total": msg("total"),
    "undetermined": msg("undetermined"),
    "lines": msg("lines"),
    "findings": msg("findings"),
}


def register(app: typer.Typer) -> None:
    app.command(epilog=EPILOG)(seasons)


def seasons(
    folder: Annotated[Path, typer.Argument(help="seasons with their answers")],
    as_stored: Annotated[
        bool,
        typer.Option(
            "--as-stored", help="judge samples as readings of sensors are (docs/plausible.md)"
        ),
    ] = False,
    config: Config = DEFAULT_CONFIG,
    as_json: Json = False,
) -> None:
    """Settle every season of a folder as `refund try` does and compare it with its answer.

    Total, flag and every line must be equal. Exit 5 where a season differs.
    """
    from analytics.law.policy import of_season
    from heatwatch.evaluate.seasons import evaluate, read

    own, found = folder_of(config), read(folder)
    with progress_bar(msg("seasons")) as bar:
        held = [*evaluate(found, lambda name: of_season(name, own), bar, stored=as_stored)]
    wrong = [each for each in held if each.differs]
    emit(
        {
            "seasons": len(held), "equal": len(held) - len(wrong), "as_stored": as_stored,
            "policies": _by_policy(held), "differing": [_plain(each) for each in wrong],
        },
        as_json=as_json,
        table=_table,
    )  # fmt: skip
    if wrong:
        raise typer.Exit(ANSWER_IS_NO)


def _by_policy(held: Sequence["Held"]) -> list[dict[str, Any]]:
    every = Counter(each.policy for each in held)
    equal = Counter(each.policy for each in held if not each.differs)
    return [{"policy": p, "seasons": every[p], "equal": equal[p]} for p in sorted(every)]


def _plain(each: "Held") -> dict[str, Any]:
    return {
        "season": each.name, "policy": each.policy, "differs": list(each.differs),
        "expected": each.expected, "found": each.found,
    }  # fmt: skip


def _table(answer: dict[str, Any]) -> Any:
    number = formats().number
    title = plural(
        "{equal} of {n} season comes to its answer", "{equal} of {n} seasons come to their answer",
        n=answer["seasons"], equal=number(answer["equal"]),
    )  # fmt: skip
    rows = [[each["policy"], each["seasons"], each["equal"]] for each in answer["policies"]]
    parts = [grid(title, [msg("policy"), msg("seasons"), msg("equal")], rows)]
    if answer["differing"]:
        names = [msg("season"), msg("policy"), msg("differs"), msg("expected"), msg("found")]
        wrong = [
            [
                each["season"], each["policy"], joined(", ", [PARTS[part] for part in each["differs"]]),
                _said(each["expected"]), _said(each["found"]),
            ]
            for each in answer["differing"]
        ]  # fmt: skip
        parts.append(grid(msg("Seasons that differ"), names, wrong))
    return Group(*parts)


def _said(answer: dict[str, Any]) -> Text | str:
    total = str(answer["total"])
    if not answer["undetermined"]:
        return total
    return joined(", ", [total, msg("partly undetermined")])
