"""Comfort of a city's homes as a pandas frame, by period and household."""

from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sqlalchemy import Engine

from analytics.heat.comfort import Comfort
from analytics.heat.frames import COMFORT_UNITS, Frequency, base_ticks, by_day
from analytics.heat.homes import room_tables
from analytics.heat.owed import Owed
from domain.time import HOUR_US, Span
from store.readings.readings import Readings


def home_comfort(
    books: Engine,
    readings: Readings,
    span: Span,
    zone: ZoneInfo,
    base: float | Owed = 18.0,
    *,
    freq: Frequency = None,
    rooms: bool = False,
    households: NDArray[np.int32] | None = None,
    as_of: int | None = None,
) -> pd.DataFrame:
    """Hours and degree-hours below a base of every household with a sensor in a covered room.

    Parameters
    ----------
    span : Span
        At most 366 days; end it at `now` while the season runs.
    zone : ZoneInfo
        Of the local days, and of the times in the frame.
    base : float or Owed
        Strictly below it is cold: the same for all rooms [°C], or what each is owed.
    freq : "D", optional
        A row for each local day; default one row.
    rooms : bool
        Every covered room; else each household by the worst of its rooms in that period: most
        degree-hours, then most time below, then least known.
    households : (k,) int32, optional
        Only these place ids.
    as_of : int, optional
        Data version: what was kept then.

    Returns
    -------
    DataFrame
        `since` (begin of the period), `household` and `room` (place ids), and the columns of
        `analytics.heat.frames.degree_hours`; sorted by household, room and period.
    """
    ticks = base if isinstance(base, Owed) else base_ticks(base)
    pieces = [
        _long(homes, table)
        for homes, table in room_tables(
            books, readings, span, ticks, households, as_of, zone if by_day(freq) else None
        )
    ]
    names = ["since", "household", "room", *COMFORT_UNITS]
    frame = pd.concat(pieces, ignore_index=True) if pieces else pd.DataFrame(columns=names)
    frame["since"] = pd.to_datetime(frame["since"], unit="us", utc=True).dt.tz_convert(zone)
    if not rooms:
        frame = _worst(frame)
    frame = frame.sort_values(["household", "room", "since"], ignore_index=True)
    frame.attrs["units"] = dict(COMFORT_UNITS)
    return frame


def _long(homes: NDArray[np.int32], table: Comfort) -> pd.DataFrame:
    """A row for each room and bin."""
    rooms, bins = table.known_us.shape
    known, missing = table.known_us.ravel(), table.missing_us.ravel()
    return pd.DataFrame(
        {
            "since": np.tile(table.edges_us[:-1], rooms),
            "household": np.repeat(homes, bins),
            "room": np.repeat(table.series, bins),
            "degree_hours": table.deficit.ravel() / (1000 * HOUR_US),
            "hours_below": table.below_us.ravel() / HOUR_US,
            "hours_known": known / HOUR_US,
            "hours_missing": missing / HOUR_US,
            "coverage": known / (known + missing),
        }
    )


def _worst(frame: pd.DataFrame) -> pd.DataFrame:
    order = ["degree_hours", "hours_below", "hours_missing"]
    coldest = frame.sort_values([*order, "room"], ascending=[False, False, False, True])
    return coldest.drop_duplicates(["household", "since"])
