"""`heatwatch refund`: one household's sum from facts in a file."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from domain.errors import WrongCall
from domain.language import Text, joined, msg, plural
from domain.names import MARKS, ROOM_USES
from domain.quantity import Quantity
from domain.time import from_us
from heatwatch.cli.explain import answer_of, sheet
from heatwatch.cli.options import Config, Json
from heatwatch.cli.policy import folder_of
from heatwatch.cli.settle_verify import money
from heatwatch.output import emit, formats, note, said, spoken_language
from heatwatch.wiring import DEFAULT_CONFIG

if TYPE_CHECKING:
    from analytics.facts.facts_file import Facts
    from analytics.law.lines import Line
    from analytics.law.policy import PolicyFile
    from analytics.settlement.result import Result

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
"contract": {"agreed": "20", "basic_fee": "600.00", "bands": [["20", "1/2"], ["16", "1"]], "heat_price": "0.142"},
"meter": [["2025-01-10T00:00", "1020.5"], ...] """


#: Stretches of samples that are warned of one by one.
MOST_WARNED = 5


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
    from analytics.facts.facts_file import OLD_KEYS, from_facts
    from analytics.law.policy import load, of_season
    from analytics.settlement.settle import settle_one

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
    terms = chosen.policy
    own_facts = from_facts(data, terms.id, terms.currency, of_money=terms.pays())
    result = settle_one(own_facts, chosen)
    _warn_of_implausible(own_facts, chosen, result)
    total = (str(result.total), result.currency) if chosen.policy.pays() else None
    answer = answer_of(
        result.code, chosen.policy.id, total, result.undetermined, result.reason.code,
        result.steps, chosen.policy.interpretations, chosen.policy.what_if,
        chosen.policy.title,
    )  # fmt: skip
    if total is not None:
        lines = [_line(each) for each in result.lines]
        answer |= {"lines": lines, "upper": result.upper, "lower": result.lower}
    rooms = {code: said(ROOM_USES[code]) for code in data["rooms"] if code in ROOM_USES}
    emit(answer, as_json=as_json, table=lambda shown: sheet(shown, rooms))


def _warn_of_implausible(own: "Facts", law: "PolicyFile", result: "Result") -> None:
    """What a settlement of readings from sensors would take as unknown, and what it would come to."""
    from analytics.facts.implausible import as_stored, implausible
    from analytics.settlement.settle import settle_one

    found = [*implausible(own)]
    shown = formats(own.snapshot.season.zone)
    for each in found[:MOST_WARNED]:
        room = said(ROOM_USES.get(each.room, each.room)) if each.room else msg("outdoors")
        note(
            msg(
                "{room}, {since} to {until}: {why} ({celsius} °C); as a reading of a sensor it would be unknown",
                room=room, since=shown.instant(from_us(each.since_us)),
                until=shown.instant(from_us(each.until_us)), why=MARKS[each.mark.name.lower()],
                celsius=shown.number(Quantity.TEMPERATURE.from_ticks(each.value)),
            )
        )  # fmt: skip
    if (rest := len(found) - MOST_WARNED) > 0:
        note(plural("and {n} stretch more", "and {n} stretches more", n=rest))
    if not found:
        return
    there = settle_one(as_stored(own), law)
    if (there.total, there.undetermined) == (result.total, result.undetermined):
        note(msg("With these samples unknown the total is the same; see docs/plausible.md."))
        return
    total: Text | str = money(there.total, there.currency)
    if there.undetermined:
        total = joined(", ", [total, msg("partly undetermined")])
    note(
        msg(
            "The total here takes every sample as given. A settlement of the same readings from sensors comes to: "
            "{total}. Give the samples as the sensor read them; see docs/plausible.md.",
            total=total,
        )
    )


def _line(line: "Line") -> dict[str, Any]:
    """A line as JSON, its formula in the language that is spoken; null: days × share of the daily fee."""
    from analytics.law.lines import KEPT
    from analytics.law.steps import kept, shown

    told = None if line.formula is None else shown({"text": kept(line.formula)}, spoken_language())
    own = {name: getattr(line, name) for name in (*KEPT, "room", "payer")}
    return own | {"formula": told}
