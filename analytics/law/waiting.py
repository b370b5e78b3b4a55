"""What the open days of a claim wait for: one thing, or, of claims put together, several, each with its own days."""

from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal

from analytics.law.calculator import Claim, Waits
from analytics.law.lines import ZERO
from analytics.law.reasons import Reason


def waiting(claim: Claim) -> tuple[Waits, ...]:
    """Each thing with the days that are open for it; (): nothing is open."""
    left = {*claim.open_days}
    cut = [each._replace(days=tuple(d for d in each.days if d in left)) for each in claim.waits]
    own = [each for each in cut if each.days]
    told = {d for each in own for d in each.days}
    if rest := tuple(d for d in claim.open_days if d not in told):
        stake = ZERO if own else claim.upper - claim.lower
        own.append(Waits(claim.waits_for, rest, stake))
    return tuple(own)


def together(claims: Sequence[Claim]) -> tuple[Reason | None, tuple[Waits, ...]]:
    """`waits_for` and `waits` of a claim that is these together."""
    days: dict[Reason | None, set[int]] = defaultdict(set)
    stake: dict[Reason | None, Decimal] = defaultdict(lambda: ZERO)
    for each in (own for claim in claims for own in waiting(claim)):
        days[each.why].update(each.days)
        stake[each.why] += each.stake
    if len(days) < 2:
        return next(iter(days), None), ()
    return None, tuple(Waits(why, tuple(sorted(own)), stake[why]) for why, own in days.items())
