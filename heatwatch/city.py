"""One configured city for a notebook: what `hw.open` gives."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analytics.heat.frames import OUTAGE_UNITS, Frequency
from analytics.heat.home_frames import home_comfort
from domain.columns import Columns
from domain.quality import Quality
from domain.quantity import Role
from domain.time import HOUR_US, to_us
from domain.tree import PlaceKind, Tree
from heatwatch.chooser import Day, text
from heatwatch.city_energy import EnergyFrames

SERIES_UNITS = {
    "readings": "1", "unusable": "1", "in_conflict": "1",
    "covered_hours": "h", "missing_hours": "h", "longest_gap_hours": "h",
}  # fmt: skip


@dataclass(frozen=True)
class City(EnergyFrames):
    """One configured city.

    A period is a season of the registry by its code, or `since` to `until` (local days or times,
    as text, `date` or `datetime`); by default the season that is running or was last, up to now.
    A place is a code of the registry, by default the company. `as_of` is a data version: what was
    kept then; by default what is kept now.

    Every method reads and keeps nothing. Each raises ValueError for a season, place, role or data
    version that is not there, and for a period that is none or longer than 366 days; it names the
    parameter, the value and what is allowed.
    """

    def comfort(
        self, base: float = 18.0, *, season: str = "", since: Day = None, until: Day = None,
        freq: Frequency = None, place: str = "", rooms: bool = False, as_of: int | None = None,
    ) -> pd.DataFrame:  # fmt: skip
        """How cold the households were.

        Parameters
        ----------
        base : float
            Strictly below it is cold. [°C]
        freq : "D", optional
            A row for each local day; default one row for the period.
        rooms : bool
            Every covered room; default each household by its worst room in each period.

        Returns
        -------
        DataFrame
            `since`, `household` and `room` (codes), `degree_hours` [K.h], `hours_below` [h],
            `hours_known` [h], `hours_missing` [h], `coverage` [1].

        Examples
        --------
        >>> found = city.comfort(base=18, since="2025-01-10", until="2025-01-11")
        >>> found[["household", "hours_below"]].values.tolist()
        [['H1', 24.0], ['H2', 24.0], ['H3', 24.0], ['H4', 0.0]]
        """
        span, zone, places, chosen = self._chosen(place, season, since, until)
        households = places.under(chosen, PlaceKind.HOUSEHOLD)
        frame = home_comfort(
            self.world.books, self.world.readings, span, zone, base, freq=freq, rooms=rooms,
            households=households, as_of=self._version(as_of),
        )  # fmt: skip
        for name in ("household", "room"):
            frame[name] = [places.code(int(each)) for each in frame[name]]
        return frame

    def outages(
        self, *, season: str = "", since: Day = None, until: Day = None, place: str = "",
        as_of: int | None = None,
    ) -> pd.DataFrame:  # fmt: skip
        """Outages that the stations' meters saw; a refund needs a record of each.

        Returns
        -------
        DataFrame
            `station` (code), `since`, `until`, `ended`, `record` ("recorded", "partly" or "not"),
            and the columns of `hw.outages`: `hours`, `hours_lost`, `hours_unknown` and
            `hours_by_schedule` [h], `lowest_flow` [L/h], `lowest_supply` [Cel].

        Examples
        --------
        >>> city.outages(since="2025-01-10", until="2025-01-11").empty  # no station has meters
        True
        """
        from heatwatch.services.evidence import supply_rules
        from heatwatch.services.outages import Scope, SeenOutage, all_outages

        def row(each: SeenOutage) -> tuple[Any, ...]:
            found = each.found
            return (
                places.code(each.station), found.since, found.until, found.ended,
                str(each.beside.state.value), _hours(to_us(found.until) - to_us(found.since)),
                _hours(found.lost_us), _hours(found.unknown_us), _hours(found.scheduled_us),
                _in_unit(found.lowest_flow, Role.FLOW),
                _in_unit(found.lowest_supply, Role.SUPPLY_TEMPERATURE),
            )  # fmt: skip

        span, zone, places, chosen = self._chosen(place, season, since, until)
        stations, version = places.under(chosen, PlaceKind.STATION), self._version(as_of)
        rules = supply_rules(self.world, span.until, places.path(chosen)[0], stations)
        scopes = [Scope(places, own, span, zone, rule, version) for rule, own in rules]
        found = all_outages(self.world, scopes)[1]
        names = ["station", "since", "until", "ended", "record", *OUTAGE_UNITS]
        frame = pd.DataFrame([row(each) for each in found], columns=names)
        for name in ("since", "until"):
            frame[name] = pd.to_datetime(frame[name], utc=True).dt.tz_convert(zone)
        frame.attrs["units"] = dict(OUTAGE_UNITS)
        return frame

    def readings(
        self, place: str = "", *, role: str = "", season: str = "", since: Day = None,
        until: Day = None, as_of: int | None = None,
    ) -> pd.DataFrame:  # fmt: skip
        """Readings of a place and everything below it.

        Parameters
        ----------
        role : str, optional
            Only series of this role, e.g. "room_temperature"; ValueError names those there are.

        Returns
        -------
        DataFrame
            By time: `place`, `role`, `device`, `channel`, which are one series together; `value`
            in `unit` (UCUM), NaN where the device gave none or it can't be used; `quality`.

        Examples
        --------
        >>> found = city.readings("H2", since="2025-01-10T00:00", until="2025-01-10T00:30")
        >>> found[["place", "device", "value", "unit", "quality"]].values.tolist()
        [['H2-bed', 'd2', 13.0, 'Cel', 'good'], ['H2-bed', 'd2', 13.0, 'Cel', 'good']]
        """
        span, zone, places, chosen = self._chosen(place, season, since, until)
        index, below = self.world.index, _below(places, chosen)
        wanted = np.isin(index.place, below)
        if role:
            wanted &= index.role == tuple(Role).index(Role.of(text("role", role)))
        columns = self.world.readings.columns(
            index.series[np.flatnonzero(wanted)], span, as_of=self._version(as_of)
        )
        row_of = {int(series): row for row, series in enumerate(index.series)}
        rows = [row_of[int(each)] for each in columns.series]
        kinds = [tuple(Role)[index.role[row]] for row in rows]
        names = {
            "place": [places.code(int(index.place[row])) for row in rows],
            "role": [kind.code for kind in kinds],
            "device": [index.devices[row] for row in rows],
            "channel": [index.channels[row] for row in rows],
        }
        units = [kind.quantity.unit for kind in kinds]
        frame = _long({**names, "unit": units}, columns)
        tick = np.array([float(kind.quantity.from_ticks(1)) for kind in kinds])
        value = columns.value * np.repeat(tick, np.diff(columns.offsets))
        frame.insert(len(names), "value", np.where(columns.usable(), value, np.nan))
        frame["quality"] = [Quality(int(mark)).name.lower() for mark in columns.mark]
        times = pd.to_datetime(columns.at_us, unit="us", utc=True).tz_convert(zone)
        frame.index = times.rename("time")
        frame.attrs["units"] = {"value": common_unit(units)}
        return frame

    def coverage(
        self, place: str = "", *, season: str = "", since: Day = None, until: Day = None
    ) -> pd.DataFrame:
        """How much each series of a place and below knows.

        Returns
        -------
        DataFrame
            `place`, `role`, `device`, `channel`, `readings` [1], `unusable` [1],
            `in_conflict` [1], `covered_hours` [h], `missing_hours` [h], `longest_gap_hours` [h].

        Examples
        --------
        >>> found = city.coverage("H2", since="2025-01-10", until="2025-01-11")
        >>> found[["place", "readings", "covered_hours"]].values.tolist()
        [['H2-bed', 96, 24.0]]
        """
        from ingest.quality.coverage import series_coverage

        span, _, places, chosen = self._chosen(place, season, since, until)
        code = places.code(chosen)
        rows = series_coverage(self.world.readings, self.world.books, self.world.index, span, code)
        frame = pd.DataFrame(rows, columns=["place", "role", "device", "channel", *SERIES_UNITS])
        for name in SERIES_UNITS:
            frame[name] = frame[name].astype(float if name.endswith("hours") else int)
        frame.attrs["units"] = dict(SERIES_UNITS)
        return frame

    def refunds(
        self, season: str, *, policy: str = "", household: str = "", as_of: int | None = None
    ) -> pd.DataFrame:
        """What each household is owed, computed now; nothing is kept.

        Parameters
        ----------
        season : str
            Its code.
        policy : str, optional
            Another policy than the season's, by id or as a .toml file.
        household : str, optional
            Only this one.
        as_of : int, optional
            Default the newest data version: what came in since then is not in it yet.

        Returns
        -------
        DataFrame
            By household: `total`, `lower`, `upper` (Decimal, in `currency`), `currency`,
            `undetermined`, `reason` (code), `lines` (how many). `attrs["policy"]` and
            `attrs["data_version"]` say by which law and from which readings.

        Examples
        --------
        >>> found = city.refunds("2024-25", household="H1")
        >>> found.attrs["policy"], found.attrs["units"]["total"]
        ('CN-HA-2018', 'CNY')
        """
        from heatwatch.services.settling import compute

        version = self._version(as_of) or self.world.readings.lake.last_flush().number
        settlement = compute(
            self.world, text("season", season), text("policy", policy),
            text("household", household), flush=version,
        )  # fmt: skip
        law = settlement.policy.policy
        rows = [
            (
                each.code, each.total, each.lower, each.upper, each.currency, each.undetermined,
                each.reason.code, len(each.lines),
            )
            for each in settlement.results
        ]  # fmt: skip
        money = dict.fromkeys(("total", "lower", "upper"), law.currency)
        names = ["household", *money, "currency", "undetermined", "reason", "lines"]
        frame = pd.DataFrame(rows, columns=names).set_index("household")
        frame.attrs["units"] = {**money, "lines": "1"}
        frame.attrs |= {"policy": law.id, "data_version": version}
        return frame


def common_unit(units: list[str]) -> str:
    """The unit that all of them are, "" where they differ or there are none."""
    return units[0] if len(set(units)) == 1 else ""


def _long(names: dict[str, list[str]], columns: Columns) -> pd.DataFrame:
    """What is said of each series, once for each of its readings."""
    times = np.diff(columns.offsets)
    owner = np.repeat(columns.series, times)
    at = np.searchsorted(columns.series, owner)
    return pd.DataFrame({name: np.array(each, dtype=object)[at] for name, each in names.items()})


def _below(places: Tree, place: int) -> NDArray[np.int32]:
    """Ids of a place and all below it."""
    ids: NDArray[np.int32] = places.ids[(places.ancestors == place).any(axis=1)]
    return ids


def _hours(us: int) -> float:
    return us / HOUR_US


def _in_unit(ticks: int | None, role: Role) -> float:
    return float("nan") if ticks is None else float(role.quantity.from_ticks(ticks))
