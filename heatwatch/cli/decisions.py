"""`heatwatch evidence confirm` and `reject`: a person decides about what a machine proposed."""

from pathlib import Path
from typing import Annotated

import typer

from domain.actor import By
from domain.language import Text, msg
from heatwatch.cli.options import Company, Config, Json, ReasonOption, actor_of
from heatwatch.output import emit, spoken_language
from heatwatch.wiring import DEFAULT_CONFIG, open_world

CONFIRM_EPILOG = """Example:

heatwatch evidence confirm S1-01@20250110T041500Z+5400 --as "Li Wei" """

REJECT_EPILOG = """Example:

heatwatch evidence reject S1-01@20250110T041500Z+5400 --as "Li Wei" --reason "valve test, homes stayed warm" """

Proposal = Annotated[str, typer.Argument(help="its id, as `heatwatch outages` shows it")]
As = Annotated[
    str, typer.Option("--as", "--by", metavar="NAME", help="who decides; default the system's user")
]


def register(evidence: typer.Typer) -> None:
    """Adds both to the command `evidence`."""
    evidence.command(epilog=CONFIRM_EPILOG)(confirm)
    evidence.command(epilog=REJECT_EPILOG)(reject)


def confirm(
    proposal: Proposal,
    by: As = "",
    reason: ReasonOption = "",
    company: Company = "",
    config: Config = DEFAULT_CONFIG,
    as_json: Json = False,
) -> None:
    """Record a proposed outage, or the proposed end of a record, as an outage record.

    From then on it pays. A changed record needs a reason.
    """
    _decide(proposal, "confirmed", by, reason, company, config, as_json)


def reject(
    proposal: Proposal,
    by: As = "",
    reason: ReasonOption = "",
    company: Company = "",
    config: Config = DEFAULT_CONFIG,
    as_json: Json = False,
) -> None:
    """Record that a proposed outage was none, and why: it is kept with who said so, and not proposed again."""
    _decide(proposal, "rejected", by, reason, company, config, as_json)


def _decide(
    proposal: str, decision: str, by: str, reason: str, company: str, config: Path, as_json: bool
) -> None:
    from heatwatch.selection import company_of
    from heatwatch.services.companies import network_of
    from heatwatch.services.decisions import decide

    actor, world = actor_of(by), open_world(config)
    network = network_of(world, company_of(world.config, company).code)
    who = By(actor, world.now(), reason)
    report = decide(world, proposal, decision, who, network, spoken_language())
    answer = {"proposal": proposal, "decision": decision, "actor": actor, "change": report.change}
    emit(answer, as_json=as_json, table=lambda _: _said(proposal, decision, actor.shown()))


def _said(proposal: str, decision: str, actor: Text) -> Text:
    if decision == "confirmed":
        return msg(
            "{proposal} is an outage record now, confirmed by {actor}",
            proposal=proposal,
            actor=actor,
        )
    return msg(
        "{proposal} was no outage, says {actor}; it is not proposed again",
        proposal=proposal,
        actor=actor,
    )
