"""Which run an approval is of: what was looked at, not what was drafted meanwhile."""

from sqlalchemy import Engine

from analytics.ledger.drafts import newest, runs
from domain.errors import WrongCall
from domain.language import msg
from store.books.ledger import APPROVED, DRAFT


def run_to_approve(engine: Engine, season: str, run: int | None, approvals: int) -> int:
    """The run with this number, else the season's newest that is no what-if.

    Where two people must agree and several drafts wait, the newest may be one that nobody has looked at:
    WrongCall without a number then, and where there is no such run.
    """
    found = newest(engine, season, run).run
    if run is not None or approvals == 1:
        return found
    waiting = []
    for each in runs(engine, season):  # newest first
        if each.state == APPROVED:
            break
        if each.state == DRAFT:
            waiting.append(each.run)
    if len(waiting) > 1:
        raise WrongCall(
            msg(
                "season {season!r} has several drafts that wait for approval, and settlement.approvals = {approvals}; "
                "allowed: the one that was reviewed, with --run: {runs}",
                season=season, approvals=approvals, runs=", ".join(map(str, waiting)),
            )
        )  # fmt: skip
    return found
