"""Requests by which households claim the refund of a season, as its settlement takes them (`law.claim_limits`)."""

from datetime import datetime
from fractions import Fraction

import numpy as np

from analytics.facts.snapshot import Snapshot
from analytics.law.calculator import Basis, Piece
from analytics.law.claim_limits import Limit, Made, claimed, first_sheet
from analytics.settlement.payers import apart
from domain.columns import Columns
from domain.requests import Life, Lives, State, as_claim, claim_of, joined
from domain.time import from_us

SAYS_MOST = (State.CLAIMED, State.CLAIMED_LATE, State.JOINED)


def with_claims(basis: Basis, found: Lives, limit: Limit) -> Lives:
    """`found` with the requests made after the season, and that of the season which claims its refund.

    One made once the household had claimed, by another or by its standing consent, starts nothing.
    """
    snapshot, end = basis.snapshot, from_us(limit.end_us)
    part = snapshot.of(np.flatnonzero(snapshot.requests.count() > 0))
    by = apart(
        basis, Piece(part, _nothing_read(), [Fraction(0)] * part.household.size), uncharged=True
    )
    own = part if by is None else by.own.part
    every = {home: {each.request: each for each in lives} for home, lives in found.items()}
    for h, home in enumerate(own.household.tolist()):
        after = _after(own, h, limit)
        claim = _claim(basis, own, h, limit, after)
        lives = every.setdefault(home, {})
        claims = None if claim is None else lives.get(from_us(claim))
        if claims is not None:
            lives[claims.request] = as_claim(claims)
        for at in after:
            one = (
                claim_of(from_us(at), end) if claim is None or at <= claim else joined(from_us(at))
            )
            lives[one.request] = min(lives.get(one.request, one), one, key=_rank)
    return {home: tuple(sorted(own.values(), key=_made)) for home, own in every.items() if own}


def _rank(life: Life) -> int:
    """Of those who are known by one name a request claims for each stay: what says most comes first."""
    return SAYS_MOST.index(life.stages[-1].state)


def _made(life: Life) -> datetime:
    return life.request


def _claim(basis: Basis, part: Snapshot, home: int, limit: Limit, after: list[int]) -> int | None:
    """When a household claimed in time [µs], standing consent by itself; None: it did not, or late.

    Where no measurement was below the standard there was nothing to claim while the season went on.
    """
    made, at = claimed(part, home, basis.terms, limit)
    if made is not Made.IN_TIME:
        return None
    if at is None or first_sheet(part, home, basis.terms) is not None:
        return part.season.since_us if at is None else at
    return next((each for each in after if each < limit.end_us), None)


def _after(part: Snapshot, home: int, limit: Limit) -> list[int]:
    """A household's requests made after the season and before another one's. [µs]"""
    first, last = part.requests.offsets[home : home + 2].tolist()
    own: list[int] = part.requests.columns[0][first:last].tolist()
    return sorted({at for at in own if part.season.until_us <= at < limit.last_us})


def _nothing_read() -> Columns:
    none = np.array([], dtype=np.int64)
    start = np.zeros(1, dtype=np.int64)
    return Columns(none.astype(np.int32), start, none, none, none.astype(np.uint8))
