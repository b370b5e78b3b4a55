"""Which outages count that were announced, or were not the supplier's own: the policy tells."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from analytics.facts.season_days import SeasonDays
from analytics.facts.snapshot import NEVER_US, Snapshot
from analytics.heat.ragged import Ragged, merged
from analytics.heat.supply import HELD_US
from analytics.law.outages import spans_of
from analytics.law.terms import Terms
from domain.recorded import OUTAGE_CAUSES
from domain.time import HOUR_US

BoolArray = NDArray[np.bool_]


def counted(snapshot: Snapshot, terms: Terms) -> Snapshot:
    """The snapshot with the noted outages that count among the others, chained with them (7.9)."""
    noted = snapshot.noted_outages
    if noted is None:
        return snapshot
    since, until, known, _, _ = noted.columns
    home = np.repeat(np.arange(noted.offsets.size - 1), noted.count())
    count = ~left_out(noted, terms)

    def added(before: Ragged | None, rows: BoolArray) -> Ragged:
        own = {} if before is None else {i: [*spans] for i, spans in spans_of(before)}
        for i, *span in zip(
            home[rows].tolist(), since[rows].tolist(), until[rows].tolist(), strict=True
        ):
            own.setdefault(i, []).append((span[0], span[1]))
        homes = range(snapshot.household.size)
        return Ragged.of([merged(own.get(i, []), HELD_US) for i in homes], 2)

    ended = added(snapshot.outages, count & (known == 1))
    without = count & (known == 0)
    open_ = added(snapshot.open_outages, without) if without.any() else snapshot.open_outages
    return replace(snapshot, outages=ended, open_outages=open_)


def left_out(noted: Ragged, terms: Terms) -> BoolArray:
    """(m,) of the noted outages those that pay nothing under a policy."""
    since, _, _, announced, cause = noted.columns
    found = np.zeros(since.size, dtype=np.bool_)
    if terms.outages is None:
        return found
    if terms.outages.announced_h is not None:
        ahead = int(terms.outages.announced_h * HOUR_US)
        found |= (announced > NEVER_US) & (since - announced >= ahead)
    causes = [OUTAGE_CAUSES.index(each) for each in terms.outages.causes]
    return found | np.isin(cause, causes)


def excused_days(snapshot: Snapshot, terms: Terms, days: SeasonDays) -> BoolArray | None:
    """(n, d) local days whose cold an outage excuses by its cause; None: the act knows no such outage.

    One whose end is not known excuses nothing: the supplier is the default cause (7.13).
    """
    noted = snapshot.noted_outages
    if terms.outages is None or not terms.outages.excuses_cold or noted is None:
        return None
    since, until, known, _, cause = noted.columns
    causes = [OUTAGE_CAUSES.index(each) for each in terms.outages.causes]
    found = np.zeros((snapshot.household.size, len(days.days)), dtype=np.bool_)
    home = np.repeat(np.arange(noted.offsets.size - 1), noted.count())
    start = days.start_us
    for i in np.flatnonzero(np.isin(cause, causes) & (known == 1)).tolist():
        found[home[i]] |= (start[:-1] < until[i]) & (start[1:] > since[i])
    return found if found.any() else None


def none_counts(snapshot: Snapshot, terms: Terms) -> BoolArray:
    """(n,) households of which every noted outage pays nothing, and that have some."""
    noted = snapshot.noted_outages
    if noted is None:
        return np.zeros(snapshot.household.size, dtype=np.bool_)
    home = np.repeat(np.arange(noted.offsets.size - 1), noted.count())
    out = np.bincount(home[left_out(noted, terms)], minlength=snapshot.household.size)
    found: BoolArray = (out > 0) & (out == noted.count())
    return found
