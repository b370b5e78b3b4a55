"""Energy signatures of places, from their meters and the mast that is nearest to each."""

from collections.abc import Iterator
from zoneinfo import ZoneInfo

import numpy as np

from analytics.heat.energy import consumption, whole_days
from analytics.heat.meters import Meters
from analytics.heat.outdoor import outdoor_of_places
from analytics.heat.registers import State
from analytics.heat.signature import Signature, signature
from domain.columns import IntArray
from domain.tree import PlaceKind

US_IN_HOUR = 3_600_000_000


def signatures(
    meters: Meters,
    root: int,
    kind: PlaceKind,
    edges_us: IntArray,
    least_known: float,
    zone: ZoneInfo,
) -> Iterator[tuple[int, Signature | None]]:
    """(place id, its signature or None) of each place of a kind below `root`; whole days that were measured take part.

    Parameters
    ----------
    meters : Meters
        Of the role ENERGY.
    edges_us : (b + 1,) int64
        Local midnights, and the ends of the span. [µs]
    least_known : float
        Share of a day of which the outdoor temperature must be known. [1]
    """
    whole = whole_days(edges_us, zone)
    hours = np.diff(edges_us) / US_IN_HOUR
    for part in consumption(meters, root, kind, edges_us):
        outdoor = outdoor_of_places(
            meters.index, meters.readings, meters.network, part.place, edges_us, least_known,
            meters.as_of,
        )  # fmt: skip
        power = np.where((part.state == State.MEASURED) & whole, part.amount / hours, np.nan)
        for i, place in enumerate(part.place.tolist()):
            yield place, signature(outdoor[i], power[i])
