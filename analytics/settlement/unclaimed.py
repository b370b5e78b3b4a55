"""Refunds of a season that wait for the household's claim, and what of them is open for want of it."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from itertools import pairwise

import numpy as np

from analytics.facts.snapshot import Snapshot
from analytics.heat.ragged import Ragged
from analytics.law.calculator import Source
from analytics.law.claim_limits import Limit, first_sheet, limit_of
from analytics.law.policy import PolicyFile
from analytics.law.reasons import NOT_CLAIMED
from analytics.settlement.settle import settle
from domain.time import from_us


@dataclass(frozen=True, slots=True)
class Unclaimed:
    """What a household would be paid at most had it claimed, beyond what is open with and without a claim."""

    household: str  # code
    since: datetime  # of its first measurement below the standard
    due: date  # the last day on which it can be claimed
    at_stake: Decimal  # [currency]
    currency: str


def unclaimed(snapshot: Snapshot, columns_of: Source, law: PolicyFile) -> list[Unclaimed]:
    """By the snapshot's order; none where the act sets no limit to claim."""
    law = law.in_season(snapshot.season.span, snapshot.season.zone)
    limit = limit_of(snapshot.season, law.policy)
    if limit is None:
        return []
    sheets = [first_sheet(snapshot, i, law.policy) for i in range(snapshot.household.size)]
    measured = [i for i, at in enumerate(sheets) if at is not None]
    if not measured:
        return []
    part = snapshot.of(np.array(measured, dtype=np.int64))
    results = settle(part, columns_of, law, flush=0, trial=True).results
    late = settle(_claimed_late(part, limit), columns_of, law, flush=0, trial=True).results
    return [
        Unclaimed(each.code, from_us(at), limit.day, each.upper - then.upper, each.currency)
        for each, then, at in zip(results, late, (sheets[i] for i in measured), strict=True)
        if each.undetermined and each.reason == NOT_CLAIMED and at is not None
    ]


def _claimed_late(part: Snapshot, limit: Limit) -> Snapshot:
    """The same with a claim after its limit: what is open then does not wait for a claim."""
    first, asked = part.requests.offsets.tolist(), part.requests.columns[0].tolist()
    rows = [[(at,) for at in asked[a:b]] for a, b in pairwise(first)]
    return replace(part, requests=Ragged.of([[*own, (limit.end_us,)] for own in rows], 1))
