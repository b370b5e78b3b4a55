"""`heatwatch refund`: one household's sum from facts in a file."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from domain.errors import WrongCall
from domain.language import msg
from domain.names import ROOM_USES
from heatwatch.cli.explain import answer_of, sheet
from heatwatch.cli.options import Config, Json
from heatwatch.cli.policy import folder_of
from heatwatch.output import emit, note, said, spoken_language
from heatwatch.wiring import DEFAULT_CONFIG

if TYPE_CHECKING:
    from analytics.law.lines import Line

EPILOG = """Examples:

heatwatch refund try --policy CN-HA-2018 facts.json

heatwatch refund try --policy CN-SD-LINYI-2017 facts.json --json

Facts:

{"season": ["2024-11-15T00:00", "2025-03-16T00:00"], "season_fee": "2420.00", "interval_min": 15,
"rooms": {"bedroom": [["2025-01-10T09:30", "17.200"], ...]}, "requests": ["2025-01-10T09:30"],
"measurements": [["2025-01-11T14:00", "bedroom", "16.000"]], "outages": [["2025-01-10T06:00", "2025-01-11T12:00"]]}

Optional keys:

"standing_consent": true, "refusals": ["2025-01-12T10:00"], "user_faults": [["2025-01-12T00:00", "2025-01-13T00:00"]],
"outdoor_excused_days": ["2025-01-14"], "outdoor": [["2025-01-10T09:30", "-3.500"], ...], "currency": "CNY", "zone": "Asia/Shanghai", "policy": "CN-HA-2018",
"contract": {"agreed": "20", "basic_fee": "600.00", "bands": [["20", "1/2"], ["16", "1"]]} """


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
    config: Config = DEFAULT_CONFIG,
    as_json: Json = False,
) -> None:
    """Compute one household's refund from a file of facts; nothing is kept."""
    from analytics.facts.facts_file import OLD_KEYS
    from analytics.law.policy import load, of_season
    from analytics.settlement.settle import settle_facts

    if not facts.is_file():
        raise WrongCall(msg("facts file {facts} does not exist", facts=facts))
    try:
        data = json.loads(facts.read_text(encoding="utf-8"))
    except (UnicodeDecodeError, json.JSONDecodeError) as error:
        raise WrongCall(msg("{facts}: not JSON: {why}", facts=facts, why=error)) from None
    except RecursionError:
        raise WrongCall(
            msg("{file}: nested too deeply to be facts; see --help", file=facts)
        ) from None
    if not isinstance(data, dict):
        raise WrongCall(
            msg("{file}: expected one JSON object with the facts of a household", file=facts)
        )
    for old in OLD_KEYS.keys() & data.keys():
        note(
            msg(
                "{file}: key {old!r} is now called {new!r}; it is read for one release",
                file=facts, old=old, new=OLD_KEYS[old],
            )
        )  # fmt: skip
    named = policy or str(data.get("policy", ""))
    if not named:
        raise WrongCall(msg("--policy is missing, and the facts name none"))
    own = folder_of(config)
    chosen = load(policy, own) if policy else of_season(named, own)
    result = settle_facts(data, chosen)
    total = (str(result.total), result.currency) if chosen.policy.pays() else None
    answer = answer_of(
        result.code, chosen.policy.id, total, result.undetermined, result.reason.code,
        result.steps, chosen.policy.interpretations, chosen.policy.what_if,
    )  # fmt: skip
    if total is not None:
        lines = [_line(each) for each in result.lines]
        answer |= {"lines": lines, "upper": result.upper, "lower": result.lower}
    rooms = {code: said(ROOM_USES[code]) for code in data["rooms"] if code in ROOM_USES}
    emit(answer, as_json=as_json, table=lambda shown: sheet(shown, rooms))


def _line(line: "Line") -> dict[str, Any]:
    """A line as JSON, its formula in the language that is spoken; null: days × share of the daily fee."""
    from analytics.law.lines import KEPT
    from analytics.law.steps import kept, shown

    told = None if line.formula is None else shown({"text": kept(line.formula)}, spoken_language())
    own = {name: getattr(line, name) for name in (*KEPT, "room", "payer")}
    return own | {"formula": told}
