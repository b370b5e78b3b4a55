"""`heatwatch refund`: one household's sum from facts in a file."""

import json
from pathlib import Path
from typing import Annotated

import typer

from domain.errors import WrongCall
from heatwatch.cli.explain import sheet, told
from heatwatch.cli.policy import language
from heatwatch.output import emit, note

EPILOG = """Examples:

heatwatch refund try --policy CN-HA-2018 facts.json

heatwatch refund try --policy CN-SD-LINYI-2017 facts.json --lang zh --json

Facts: {"season": ["2024-11-15T00:00", "2025-03-16T00:00"], "season_fee": "2420.00", "interval_min": 15,
"rooms": {"bedroom": [["2025-01-10T09:30", "17.200"], ...]}, "requests": ["2025-01-10T09:30"],
"measurements": [["2025-01-11T14:00", "bedroom", "16.000"]], "outages": [["2025-01-10T06:00", "2025-01-11T12:00"]]}"""


def register(app: typer.Typer) -> None:
    group = typer.Typer(no_args_is_help=True, help="One household's refund.", epilog=EPILOG)
    group.command("try", epilog=EPILOG)(try_)
    app.add_typer(group, name="refund")


def try_(
    facts: Annotated[
        Path, typer.Argument(help="JSON: season, fee, rooms, requests, measurements, outages")
    ],
    policy: Annotated[
        str, typer.Option(help="id or .toml file; default the one the facts name")
    ] = "",
    lang: Annotated[str, typer.Option("--lang", help="zh or en")] = "en",
    as_json: Annotated[bool, typer.Option("--json", help="the answer as JSON")] = False,
) -> None:
    """Compute one household's refund from a file of facts; nothing is kept."""
    from analytics.facts.facts_file import OLD_KEYS
    from analytics.law.policy import load
    from analytics.settlement.settle import settle_facts

    language(lang)
    if not facts.is_file():
        raise WrongCall(f"facts file {facts} does not exist")
    try:
        data = json.loads(facts.read_text(encoding="utf-8"))
    except (UnicodeDecodeError, json.JSONDecodeError) as error:
        raise WrongCall(f"{facts}: not JSON: {error}") from None
    except RecursionError:
        raise WrongCall(f"{facts}: nested too deeply to be facts; see --help") from None
    if not isinstance(data, dict):
        raise WrongCall(f"{facts}: expected one JSON object with the facts of a household")
    for old in OLD_KEYS.keys() & data.keys():
        note(f"{facts}: key {old!r} is now called {OLD_KEYS[old]!r}; it is read for one release")
    named = policy or str(data.get("policy", ""))
    if not named:
        raise WrongCall("--policy is missing, and the facts name none")
    chosen = load(named)
    result = settle_facts(data, chosen)
    answer = told(
        result.code, chosen.policy.id, str(result.total), result.undetermined, result.reason.code,
        result.steps, chosen.policy.interpretations,
    ) | {"lines": result.lines, "upper": result.upper, "lower": result.lower}  # fmt: skip
    emit(answer, as_json=as_json, table=lambda each: sheet(each, lang))
