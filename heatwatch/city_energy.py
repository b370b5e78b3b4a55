"""Heat of a city as frames: what meters counted, balance of stations, signatures, degree-days."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Literal
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

from analytics.heat.balance import balance
from analytics.heat.degree_days import RULES, degree_days
from analytics.heat.energy import LEVELS, Consumption, consumption, edges_of, whole_days
from analytics.heat.meters import Meters
from analytics.heat.outdoor import outdoor_of_places
from analytics.heat.place_signatures import signatures
from analytics.heat.registers import State, reasons
from analytics.heat.volume_heat import Pipe, heat_from_volume
from analytics.heat.water import Sensor
from domain.columns import IntArray
from domain.errors import WrongCall
from domain.language import not_known
from domain.quantity import Role
from domain.time import Span
from domain.tree import PlaceKind, Tree
from heatwatch.chooser import Chooser, Day
from heatwatch.selection import meters_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

Per = Literal["day", "month", "period"]
Quantity = Literal["energy", "volume"]

ENERGY_UNITS = {
    "amount": "W.h", "estimated": "W.h", "at_least": "W.h", "meters": "1", "meters_known": "1",
}  # fmt: skip
BALANCE_UNITS = {
    "supplied": "W.h", "used": "W.h", "supplied_at_least": "W.h", "used_at_least": "W.h", "loss": "W.h", "loss_share": "1", "meters": "1",
    "meters_known": "1",
}  # fmt: skip
SIGNATURE_UNITS = {
    "days": "1", "slope": "W/K", "at_zero": "W", "base": "W", "balance": "Cel", "r2": "1",
}  # fmt: skip
DEGREE_DAY_UNITS = {"outdoor": "Cel", "degree_days": "K.d"}


class EnergyFrames(Chooser):
    """What `City` has of heat."""

    def energy(
        self, of: str = "", *, per: Per = "day", quantity: Quantity = "energy",
        from_volume: Sensor | None = None, season: str = "", since: Day = None, until: Day = None,
        place: str = "", as_of: int | None = None,
    ) -> pd.DataFrame:  # fmt: skip
        """Heat, or water, that meters counted, and how each number is known.

        Parameters
        ----------
        of : str, optional
            A row for each "household", "building", "zone", "station", "source" or "company" below the
            place; default the place itself.
        per : "day", "month" or "period"
            Local days or months, or one row for the period.
        quantity : "energy" or "volume"
            Which registers.
        from_volume : "return" or "supply", optional
            Heat from volume registers and temperatures, with the flow sensor in this pipe.

        Returns
        -------
        DataFrame
            `place`, `kind`, `since`, `until`, `amount` [W.h or L] (NaN where it is unknown),
            `estimated` of it, `at_least`, `state` ("measured", "estimated" or "unknown"), `source`
            ("meter" or "sum"), `meters` [1], `meters_known` [1], `why` (codes).

        Examples
        --------
        >>> city.energy("household", since="2025-01-10", until="2025-01-11")["state"].tolist()
        ['unknown', 'unknown', 'unknown', 'unknown']
        """
        span, zone, places, chosen = self._chosen(place, season, since, until)
        role = _role(quantity)
        kind = _kind(of, places, chosen)
        meters = self._meters(places, Role.VOLUME if from_volume else role, as_of)
        edges = _edges(span, zone, per)
        if from_volume is None:
            found = consumption(meters, chosen, kind, edges)
        else:
            found = heat_from_volume(meters, chosen, kind, edges, Pipe(from_volume))
        frame = energy_frame(found, places, zone)
        unit = role.quantity.unit
        frame.attrs["units"] = {k: unit if u == "W.h" else u for k, u in ENERGY_UNITS.items()}
        return frame

    def balance(
        self, *, per: Per = "month", season: str = "", since: Day = None, until: Day = None,
        place: str = "", as_of: int | None = None,
    ) -> pd.DataFrame:  # fmt: skip
        """What stations' own meters counted beside the sum of their buildings.

        Returns
        -------
        DataFrame
            `station`, `since`, `until`, `supplied`, `used` [W.h] (NaN where it is unknown),
            `supplied_at_least`, `used_at_least`, `loss` [W.h] and `loss_share` [1] (NaN where it is
            undetermined), `determined`, `meters` [1], `meters_known` [1].

        Examples
        --------
        >>> city.balance(since="2025-01-10", until="2025-01-11").empty  # no station has a meter
        True
        """
        span, zone, places, chosen = self._chosen(place, season, since, until)
        meters = self._meters(places, Role.ENERGY, as_of)
        found = balance(meters, chosen, _edges(span, zone, per))
        bins = found.edges_us.size - 1
        loss = np.where(found.determined, found.loss, np.nan)
        supplied = np.where(found.supplied > 0, found.supplied, np.nan)
        known = {
            "supplied": np.where(found.supplied_state == State.UNKNOWN, np.nan, found.supplied),
            "used": np.where(found.used_state == State.UNKNOWN, np.nan, found.used),
        }
        frame = pd.DataFrame(
            {
                "station": _texts(places.codes_of(found.station), bins),
                **_times(found.edges_us, found.station.size, zone),
                **{name: each.ravel() for name, each in known.items()},
                "supplied_at_least": found.supplied.ravel(), "used_at_least": found.used.ravel(),
                "loss": loss.ravel(), "loss_share": (loss / supplied).ravel(),
                "determined": found.determined.ravel(), "meters": found.meters.ravel(),
                "meters_known": found.known.ravel(),
            }
        )  # fmt: skip
        frame.attrs["units"] = dict(BALANCE_UNITS)
        return frame

    def signature(
        self, of: str = "", *, season: str = "", since: Day = None, until: Day = None,
        place: str = "", as_of: int | None = None,
    ) -> pd.DataFrame:  # fmt: skip
        """Heat power against outdoor temperature, from measured days (`analytics.heat.signature`).

        Parameters
        ----------
        of : str, optional
            As in `energy`.

        Returns
        -------
        DataFrame
            By `place`: `days` [1], `slope` [W/K], `at_zero` [W], `base` [W] and `balance` [Cel] (NaN
            where the days don't tell), `r2` [1]; NaN and 0 days where there is no signature.
        """
        span, zone, places, chosen = self._chosen(place, season, since, until)
        share = self.world.config.reports.known_share
        meters = self._meters(places, Role.ENERGY, as_of)
        kind, edges = _kind(of, places, chosen), edges_of(span, zone, "day")
        rows = [
            (places.code(each), 0, *[np.nan] * 5)
            if fit is None
            else (
                places.code(each),
                fit.days,
                fit.slope,
                fit.at_zero,
                fit.base,
                fit.balance,
                fit.r2,
            )
            for each, fit in signatures(meters, chosen, kind, edges, share, zone)
        ]
        frame = pd.DataFrame(rows, columns=["place", *SIGNATURE_UNITS]).set_index("place")
        for name in ("base", "balance"):
            frame[name] = frame[name].astype(float)
        frame.attrs["units"] = dict(SIGNATURE_UNITS)
        return frame

    def degree_days(
        self, rule: str = "HDD18", *, season: str = "", since: Day = None, until: Day = None,
        place: str = "", as_of: int | None = None,
    ) -> pd.DataFrame:  # fmt: skip
        """Heating degree-days by local day, at the mast of the place.

        Parameters
        ----------
        rule : str
            "HDD18", "GTZ20/15", "HGT15" or "HDD18/15".

        Returns
        -------
        DataFrame
            By `since`: `outdoor` [Cel] (mean; NaN where too little is known) and `degree_days` [K.d],
            NaN on those days. `attrs["source"]` names the standard.
        """
        if rule not in RULES:
            raise WrongCall(not_known("rule", str(rule)[:60], list(RULES)))
        span, zone, places, chosen = self._chosen(place, season, since, until)
        edges = edges_of(span, zone, "day")
        outdoor = outdoor_of_places(
            self.world.index, self.world.readings, places, np.array([chosen], dtype=np.int32),
            edges, self.world.config.reports.known_share, self._version(as_of),
        )[0]  # fmt: skip
        outdoor[~whole_days(edges, zone)] = np.nan
        each = [degree_days(outdoor[i : i + 1], RULES[rule]) for i in range(outdoor.size)]
        told = {"outdoor": outdoor, "degree_days": [k.sum if k.known else np.nan for k in each]}
        frame = pd.DataFrame(told, index=_instants(edges[:-1], zone).rename("since"))
        frame.attrs |= {"units": dict(DEGREE_DAY_UNITS), "source": RULES[rule].source}
        return frame

    def _meters(self, places: Tree, role: Role, as_of: int | None) -> Meters:
        return meters_of(self.world, places, role, self._version(as_of))


def energy_frame(parts: Iterable[Consumption], places: Tree, zone: ZoneInfo) -> pd.DataFrame:
    """Places and bins, one below the other, in the columns of `City.energy`."""
    names = ["place", "kind", "since", "until", *ENERGY_UNITS, "state", "source", "why"]
    frames = [_part(each, places, zone) for each in parts]
    whole = pd.concat(frames, ignore_index=True) if frames else pd.DataFrame(columns=names)
    return whole[names]


def _part(found: Consumption, places: Tree, zone: ZoneInfo) -> pd.DataFrame:
    places_n, bins = found.amount.shape
    state = found.state.ravel()
    kinds = [tuple(PlaceKind)[k].value for k in places.kind[places.rows(found.place)].tolist()]
    return pd.DataFrame(
        {
            "place": _texts(places.codes_of(found.place), bins),
            "kind": _texts(kinds, bins),
            **_times(found.edges_us, places_n, zone),
            "amount": np.where(state == State.UNKNOWN, np.nan, found.amount.ravel()),
            "estimated": found.shared.ravel(), "at_least": found.amount.ravel(),
            "meters": found.meters.ravel(), "meters_known": found.known.ravel(),
            "state": [State(each).name.lower() for each in state.tolist()],
            "source": np.where(found.own.ravel(), "meter", "sum"),
            "why": [" ".join(k for k, _ in reasons(m)) for m in found.marks.ravel().tolist()],
        }
    )  # fmt: skip


def _times(edges: IntArray, n: int, zone: ZoneInfo) -> dict[str, "pd.DatetimeIndex"]:
    """`since` and `until` of n places' bins."""
    return {
        "since": _instants(np.tile(edges[:-1], n), zone),
        "until": _instants(np.tile(edges[1:], n), zone),
    }


def _texts(each: Iterable[str], bins: int) -> "NDArray[np.object_]":
    return np.repeat(np.array(list(each), dtype=object), bins)


def _instants(at_us: "NDArray[np.int64]", zone: ZoneInfo) -> pd.DatetimeIndex:
    return pd.DatetimeIndex(pd.to_datetime(at_us, unit="us", utc=True).tz_convert(zone))


def _edges(span: Span, zone: ZoneInfo, per: str) -> IntArray:
    """WrongCall where `per` is none."""
    from analytics.heat.energy import PERIODS

    if per not in PERIODS:
        raise WrongCall(not_known("per", str(per)[:60], PERIODS))
    return edges_of(span, zone, per)


def _role(quantity: str) -> Role:
    for each in (Role.ENERGY, Role.VOLUME):
        if each.code == quantity:
            return each
    raise WrongCall(not_known("quantity", str(quantity)[:60], ["energy", "volume"]))


def _kind(of: str, places: Tree, chosen: int) -> PlaceKind:
    if not of:
        return tuple(PlaceKind)[int(places.kind[places.row(chosen)])]
    for each in LEVELS:
        if each.value == of:
            return each
    raise WrongCall(not_known("of", str(of)[:60], [each.value for each in LEVELS]))
