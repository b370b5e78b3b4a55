"""`heatwatch evidence record`: one fact from the command line, as a row of its registry file would bring it."""

from typing import Annotated

import typer

from domain.actor import By
from domain.errors import WrongCall
from domain.language import msg
from heatwatch.cli import registry
from heatwatch.cli.options import ByOption, Company, Config, Json, ReasonOption, actor_of
from heatwatch.wiring import DEFAULT_CONFIG, open_world

EPILOG = """Examples:

heatwatch evidence record requests household=1-101 at="2025-12-03 08:10" by=phone

heatwatch evidence record measurements room=1-101-bed at="2025-12-03 14:00" celsius=15.5 signed_by="Li; Zhao"

heatwatch evidence record refusals household=1-102 at="2025-12-03 14:20" evidence="nobody opened, photo 7"

heatwatch evidence record outages place=S1-01 since="2025-12-03 02:00" until="2025-12-03 20:00" --reason "supply is back" """

Cells = Annotated[
    list[str],
    typer.Argument(
        metavar="COLUMN=VALUE...", help="columns of its file, as docs/registry.md has them"
    ),
]


def register(evidence: typer.Typer) -> None:
    """Adds it to the command `evidence`."""
    evidence.command(epilog=EPILOG)(record)


def record(
    kind: Annotated[str, typer.Argument(help="requests, measurements, refusals, outages, ...")],
    cells: Cells,
    by: ByOption = "",
    reason: ReasonOption = "",
    company: Company = "",
    config: Config = DEFAULT_CONFIG,
    as_json: Json = False,
) -> None:
    """Record a call, a visit, a refusal or any other fact: the checks and the history are those of an
    import.

    Where a fact of the same key stands, the columns that are given change and the others stay; that is a
    correction and needs --reason. Times are local unless they have an offset; one to the minute is that of
    the one fact in it. Exit 3 when it is refused.
    """
    from heatwatch.selection import company_of
    from heatwatch.services.companies import network_of
    from heatwatch.services.recording import record_fact
    from store.evidence.recorded import recorded_kind

    chosen, given = recorded_kind(kind), _given(cells)
    actor, world = actor_of(by), open_world(config)
    network = network_of(world, company_of(world.config, company).code)
    report = record_fact(world, network, chosen, given, By(actor, world.now(), reason))
    registry.told(report, world, as_json)


def _given(cells: list[str]) -> dict[str, str]:
    given: dict[str, str] = {}
    for cell in cells:
        name, equals, value = cell.partition("=")
        name = name.strip()
        if not equals:
            raise WrongCall(msg("{cell!r}: write COLUMN=VALUE, as in household=1-101", cell=cell))
        if name in given:
            raise WrongCall(msg("{name} is given twice", name=name))
        given[name] = value.strip()
    return given
