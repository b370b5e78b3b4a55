"""Heat that is known for several days together: what of it is certain, whichever of them it fell on.

Each of those who bear the days' fee is paid the least that is theirs on any of the days. A line is shared by the day
that it lies on (`settlement.stretches`), so the heat is laid on days on which the sums come out so.
"""

from collections.abc import Mapping
from fractions import Fraction

from analytics.facts.recorded import Bearer


def certain(heat: int, worth: Mapping[int, tuple[Fraction, Bearer]]) -> dict[int, Fraction]:
    """Day -> what it is paid of the `heat` [Wh] of all these days together.

    `worth`: of each day what heat of it pays [currency/Wh], and who bears its fee. Nothing is certain where several
    lived there, or where others bear a part of every day and not the same.
    """
    theirs = {d: each * (1 - own.subsidy) for d, (each, own) in worth.items()}
    others = {d: each * own.subsidy for d, (each, own) in worth.items()}
    lived = {own.payer for _, own in worth.values()}
    others_are = {own.by for _, own in worth.values() if own.subsidy}
    if len(lived) > 1 or (len(others_are) > 1 and min(others.values()) > 0):
        return {}
    one = min(worth, key=lambda d: (theirs[d], others[d], d))
    other = min(worth, key=lambda d: (others[d], theirs[d], d))
    if others[one] == others[other]:  # a day on which both have least
        return {one: Fraction(heat)}
    over = theirs[other] * others[one] - theirs[one] * others[other]
    laid = {
        one: heat * others[other] * (theirs[other] - theirs[one]) / over,
        other: heat * theirs[one] * (others[one] - others[other]) / over,
    }
    return {d: each for d, each in laid.items() if each}
