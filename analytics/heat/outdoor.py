"""Mean outdoor temperature of each bin, at the mast that is nearest to a place."""

from collections.abc import Iterator

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


def outdoor_of_places(
    index: SeriesIndex,
    readings: Readings,
    network: Tree,
    places: NDArray[np.int32],
    edges_us: IntArray,
    least_known: float,
    as_of: int | None = None,
) -> FloatArray:
    """(n, b) means [Cel], NaN where too little is known; of the mast at each place, else next above, else below it.

    Parameters
    ----------
    edges_us : (b + 1,) int64
        Increasing; bins of at most 25 h. [µs]
    least_known : float
        Share of a bin that must be known. [1]
    """
    span = with_lead(Span(from_us(edges_us[0]), from_us(edges_us[-1])))
    read: dict[int, FloatArray] = {}
    found = np.full((places.size, edges_us.size - 1), np.nan)
    for i, at in enumerate(masts_of(index, network, places, span).tolist()):
        if at >= 0 and at not in read:
            mast = _at(index, at, span)
            read[at] = _means(readings, mast, span, edges_us, least_known, as_of)
        if at >= 0:
            found[i] = read[at]
    return found


def masts_of(
    index: SeriesIndex, network: Tree, places: NDArray[np.int32], span: Span
) -> NDArray[np.int32]:
    """(n,) the places whose outdoor sensor counts for each place over the span, -1: there is none."""
    masts = set(index.of_role(Role.OUTDOOR_TEMPERATURE)[1].tolist())
    there = {each for each in masts if _at(index, each, span).series.size}
    near = [
        next((one for one in _near(network, place) if one in there), -1)
        for place in places.tolist()
    ]
    return np.array(near, dtype=np.int32)


def _at(index: SeriesIndex, place: int, span: Span) -> Placed:
    return meters_of(index, (Role.OUTDOOR_TEMPERATURE,), np.array([place], np.int32), span)


def _near(network: Tree, place: int) -> Iterator[int]:
    """Ids of a place and those above it, from below; then those below it, from above."""
    yield from network.path(place)[::-1]
    under = network.within(place)  # looked for only where no mast stands above
    yield from under.ids[np.argsort(under.kind, kind="stable")].tolist()


def _means(
    readings: Readings,
    mast: Placed,
    span: Span,
    edges_us: IntArray,
    least_known: float,
    as_of: int | None,
) -> FloatArray:
    checks = all_of(Role.OUTDOOR_TEMPERATURE, mast.series.size)
    own = mast.of(plausible(readings, mast.series, span, checks, as_of=as_of), mast.place[:1])
    interval = np.array([int(mast.interval_s.max())])
    celsius: FloatArray = means(own, interval, edges_us).floats(least_known)[0] / 1000.0
    return celsius
