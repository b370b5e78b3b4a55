"""Mean outdoor temperature of each bin, at the mast that is nearest to a place."""

import numpy as np
from numpy.typing import NDArray

from analytics.heat.comfort import means
from analytics.heat.stations import Meters as Placed
from analytics.heat.stations import meters_of
from domain.columns import IntArray
from domain.plausible import all_of
from domain.quantity import Role
from domain.time import Span, from_us
from domain.tree import Tree
from domain.validity import with_lead
from store.readings.plausible import plausible
from store.readings.readings import Readings
from store.registry.series import SeriesIndex

FloatArray = NDArray[np.float64]


def outdoor_means(
    index: SeriesIndex,
    readings: Readings,
    network: Tree,
    place: int,
    edges_us: IntArray,
    least_known: float,
    as_of: int | None = None,
) -> FloatArray:
    """(b,) means [Cel], NaN where too little is known; of the mast at the place, else next above, else below it.

    Parameters
    ----------
    edges_us : (b + 1,) int64
        Increasing; bins of at most 25 h. [µs]
    least_known : float
        Share of a bin that must be known. [1]
    """
    span = with_lead(Span(from_us(edges_us[0]), from_us(edges_us[-1])))
    mast = _nearest(index, network, place, span)
    if mast is None:
        return np.full(edges_us.size - 1, np.nan)
    checks = all_of(Role.OUTDOOR_TEMPERATURE, mast.series.size)
    read = plausible(readings, mast.series, span, checks, as_of=as_of)
    interval = np.array([int(mast.interval_s.max())])
    table = means(mast.of(read, mast.place[:1]), interval, edges_us).floats(least_known)
    celsius: FloatArray = table[0] / 1000.0
    return celsius


def _nearest(index: SeriesIndex, network: Tree, place: int, span: Span) -> Placed | None:
    above = network.path(place)[::-1]
    under = network.within(place)
    below = under.ids[np.argsort(under.kind, kind="stable")].tolist()
    masts = set(index.of_role(Role.OUTDOOR_TEMPERATURE)[1].tolist())
    for each in (one for one in (*above, *below) if one in masts):
        found = meters_of(index, (Role.OUTDOOR_TEMPERATURE,), np.array([each], np.int32), span)
        if found.series.size:
            return found
    return None
