"""Who bears a fee behind a move-out: nobody, until a row says who, and that is an open record.

A row that an ended one came upon holds again behind it; not so behind a move-out: whoever bore the
fee before has left.
"""

from collections.abc import Iterable
from itertools import pairwise
from typing import NamedTuple

from domain.recorded import BEARING

FOREVER_US = 2**62
CEASED = "ceased"  # the household is not in the registry any more, or not yet
MOVED_OUT = "moved_out"


class Fee(NamedTuple):
    """Who bears the fee, or that nobody is charged."""

    since: int
    until: int
    state: str  # of `domain.recorded.FEE_STATES`, or CEASED
    payer: str = ""  # "": the contract's holder
    subsidy: str = "0"  # percent of the fee, decimal
    subsidy_by: str = ""
    document: str = ""

    @property
    def charged(self) -> bool:
        return self.state in BEARING


def as_held(recorded: Iterable[Fee]) -> list[Fee]:
    """The rows of one household by their begin, so that of those that cover an instant the last begun holds.

    Rows before a move-out end with it, and one that begins at its instant comes behind it; a move-out lasts
    until a row without an end begins. [µs]
    """
    held, gone, stays = [], FOREVER_US, FOREVER_US
    for row in sorted(
        recorded, key=lambda row: (row.since, row.state != MOVED_OUT, row), reverse=True
    ):
        until = min(stays, gone) if row.state == MOVED_OUT else min(row.until, gone)
        held.append(row._replace(until=until))
        if row.until == FOREVER_US:
            stays = row.since
        if row.state == MOVED_OUT:
            gone = row.since
    return sorted(each for each in held if each.since < each.until)


def uncharged(recorded: Iterable[Fee]) -> list[tuple[int, int]]:
    """(since, until) of the time in which a row says that nobody is charged, in order. [µs]

    Time behind a move-out of which no row says who bears the fee is not in it.
    """
    rows = list(recorded)
    held, open_ = as_held(rows), unborne(rows)
    edges = sorted({at for row in held for at in row[:2]} | {at for span in open_ for at in span})
    found: list[tuple[int, int]] = []
    for since, until in pairwise(edges):
        own = [row for row in held if row.since <= since < row.until]
        missing = any(begin <= since < end for begin, end in open_)
        if own and not own[-1].charged and not missing:
            found.append((since, until))
    return found


def unborne(recorded: Iterable[Fee]) -> list[tuple[int, int]]:
    """(since, until) of the time behind a move-out for which nobody recorded who bears the fee. [µs]"""
    found: list[tuple[int, int]] = []
    reached: int | None = (
        None  # up to where it is recorded; None: nobody moved out, or nothing is missing
    )
    gone = False
    for row in sorted(recorded):
        if reached is not None and row.since > reached:
            found.append((reached, row.since))
        if row.state == MOVED_OUT:
            gone, reached = True, None if row.until == FOREVER_US else row.until
        elif gone:
            reached = row.until if reached is None else max(reached, row.until)
    if reached is not None and reached < FOREVER_US:
        found.append((reached, FOREVER_US))
    return found
