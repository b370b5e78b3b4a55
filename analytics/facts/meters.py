"""The heat meters of metered households, out of the registry: whose readings their refund is a share of."""

from collections.abc import Sequence
from itertools import combinations

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import select
from sqlalchemy.orm import Session

from analytics.facts.snapshot import NO_SERIES
from analytics.heat.ragged import IntArray, Ragged
from domain.contract_terms import terms_of
from domain.quantity import Role
from domain.time import to_us
from store.books.columns import read_columns
from store.books.registry import Season, Series
from store.registry.certificates import siblings


def heat_meters(
    session: Session, season: Season, homes: NDArray[np.int32], terms: Sequence[str]
) -> Ragged | None:
    """Household -> since_us, until_us, series, interval_s, meter of the energy registers placed at it.

    Of households (n,) whose `terms` name a price of metered heat alone; None where none do. Each
    counts from when to when it was placed there; rows of one `meter` are one register, as readings
    that were filed under an earlier or later series of its channel count where the channel was then.
    """
    priced = np.array([terms_of(each).heat_price is not None for each in terms], dtype=np.bool_)
    if not priced.any():
        return None
    query = select(
        Series.id, Series.place_id, Series.interval_s, Series.since, Series.until,
        Series.device_id, Series.channel,
    )  # fmt: skip
    query = query.where(Series.role == Role.ENERGY.code).order_by(Series.id)
    number, place, interval, since, until, device, channel = read_columns(
        session.connection(), query
    )
    more, under = siblings(number, device, channel)
    placed = np.concatenate([np.arange(number.size), more])
    filed = np.concatenate([number, under]).astype(np.int64)
    home = _row(homes, place[placed])
    begins, ends = to_us(season.since), to_us(season.until)
    kept = (home >= 0) & (since[placed] < until[placed])
    kept &= (since[placed] < ends) & (until[placed] > begins)
    kept &= np.append(priced, False)[home]
    placed, filed, home = placed[kept], filed[kept], home[kept]
    begin, end, own = (each[placed].astype(np.int64) for each in (since, until, number))
    filed[_several((begin, end), device[placed], home, own)] = NO_SERIES
    about = interval[placed].astype(np.int64), own
    return Ragged.grouped(home, homes.size, begin, end, filed, *about)


def _several(
    span: tuple[IntArray, IntArray], device: IntArray, home: IntArray, number: IntArray
) -> NDArray[np.bool_]:
    """(k,) placements of a device that has another register at the same household at the same time."""
    since, until = span
    found = np.zeros(since.size, dtype=np.bool_)
    rows: dict[tuple[int, int], list[int]] = {}
    for i, key in enumerate(zip(device.tolist(), home.tolist(), strict=True)):
        rows.setdefault(key, []).append(i)
    for own in rows.values():
        for i, k in combinations(own, 2):
            if number[i] != number[k] and max(since[i], since[k]) < min(until[i], until[k]):
                found[[i, k]] = True
    return found


def _row(homes: NDArray[np.int32], places: IntArray) -> IntArray:
    """(k,) rows of places among increasing household ids, -1 where it is none."""
    at = np.searchsorted(homes, places).clip(max=max(homes.size - 1, 0))
    return np.where(homes[at] == places, at, -1) if homes.size else np.full(places.size, -1)
