"""Several claims of one household under one calculator, each of its own days, as one claim."""

from collections.abc import Collection, Container, Iterable, Iterator, Sequence
from functools import partial

from analytics.law.calculator import Basis, Claim
from analytics.law.lines import ZERO, Line, total
from analytics.law.reasons import DAYS_PAID, NO_PAID_DAY, NOT_CHARGED, Reason
from analytics.law.steps import MadeWhenRead, Step
from analytics.law.waiting import together


def joined(claims: Sequence[Claim], steps: Iterable[Step] | None) -> Claim:
    """Their lines and days together, told by these steps; one alone stays as it is."""
    if len(claims) == 1:
        return claims[0]
    lines = tuple(line for claim in claims for line in claim.lines)
    open_claims = [claim for claim in claims if claim.open_days]
    waits_for, waits = together(claims)
    return Claim(
        lines,
        sum((claim.upper for claim in claims), ZERO),
        sum((claim.lower for claim in claims), ZERO),
        tuple(sorted({day for claim in open_claims for day in claim.open_days})),
        bool(open_claims) and all(claim.ahead for claim in open_claims),
        reason=None if lines or open_claims else _reason_of(claims),
        taken={d: seconds for claim in claims for d, seconds in claim.taken.items()},
        steps=steps,
        waits_for=waits_for,
        waits=waits,
    )


def _reason_of(claims: Sequence[Claim]) -> Reason | None:
    """Why none of them is owed anything: the reason that says most."""
    found = [claim.reason for claim in claims if claim.reason is not None]
    return ([each for each in found if not each.weak] or found)[-1]


def of_days(claim: Claim, closed: Collection[int], lines: Sequence[Line]) -> Claim:
    """A claim with its lines as they are paid, and without open days that are `closed`."""
    days = tuple(d for d in claim.open_days if d not in closed)
    owed, reason = total(lines), claim.reason
    if days:
        more = owed - total(claim.lines)  # as each line that is cut is rounded by itself
        return claim._replace(
            lines=tuple(lines), open_days=days, lower=claim.lower + more,
            upper=max(claim.upper, claim.upper + more),
        )  # fmt: skip
    was_open = bool(claim.lines or claim.open_days)
    if not lines and closed and (was_open or reason in (DAYS_PAID, NO_PAID_DAY)):
        reason = NOT_CHARGED
    return claim._replace(
        lines=tuple(lines), upper=owed, lower=owed, open_days=(), ahead=False, reason=reason,
        waits_for=None, waits=(),
    )  # fmt: skip


def on_its_days(
    basis: Basis, closed: Iterable[int], steps: Iterable[Step] | None
) -> Iterable[Step] | None:
    """Steps without those of days that are not an occupancy's: these pay it nothing."""
    days = [*closed]
    if steps is None or not days:
        return steps
    shown = [each.isoformat() for each in basis.days.days]
    return MadeWhenRead(partial(_without, steps, {shown[d] for d in days}, shown))


def _without(steps: Iterable[Step], closed: Container[str], days: Sequence[str]) -> Iterator[Step]:
    for each in steps:
        if each["step"] == "day":
            first, last = (days.index(each["numbers"][name]) for name in ("first", "last"))
            if all(day in closed for day in days[first : last + 1]):
                continue
        yield each
