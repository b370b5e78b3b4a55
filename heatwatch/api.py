"""What a notebook imports: `import heatwatch as hw`. pandas in, pandas out, units in `attrs`.

Every frame says the unit of each column in `frame.attrs["units"]`, as UCUM writes it ("1": a number
without unit). Times have the city's zone. Errors are `ValueError`s that name what is allowed.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from os import PathLike
from pathlib import Path
from typing import Any, cast
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analytics.heat.frames import OUTAGE_UNITS, Frequency, coverage, degree_hours, outages
from analytics.heat.home_frames import home_comfort
from analytics.law.policy import PolicyFile, load
from analytics.settlement.settle import Result, settle_facts
from domain.errors import WrongCall
from domain.language import msg
from domain.quality import Quality
from domain.quantity import Role
from domain.time import HOUR_US, Span, to_us
from domain.tree import PlaceKind
from heatwatch.cli.options import place_of
from heatwatch.cli.spans import asked_flush, asked_span
from heatwatch.wiring import World, open_world
from store.registry.places import Tree, tree

__all__ = ["City", "Law", "coverage", "decode", "degree_hours", "open", "outages", "policy"]

READING_UNITS = {role.code: role.quantity.unit for role in Role}
SERIES_UNITS = {
    "readings": "1", "unusable": "1", "in_conflict": "1",
    "covered_hours": "h", "missing_hours": "h", "longest_gap_hours": "h",
}  # fmt: skip


def open(config: str | PathLike[str]) -> "City":
    """The city of a configuration file; its stores are opened when they are first used.

    Parameters
    ----------
    config : str or path
        A `heatwatch.toml`.

    Raises
    ------
    ValueError
        Where the file is not there, or a key or value in it is wrong; it names them.

    Examples
    --------
    >>> open("no-such-city.toml")
    Traceback (most recent call last):
    ...
    domain.errors.WrongCall: ...no-such-city.toml...
    """
    return City(open_world(Path(config)))


@dataclass(frozen=True)
class City:
    """One configured city. A period is a season of the registry by its code, or `since` to `until`
    (local times as text); by default the season that is running or was last, up to now."""

    world: World

    def comfort(
        self, base: float = 18.0, *, season: str = "", since: str = "", until: str = "",
        freq: Frequency = None, place: str = "", rooms: bool = False, as_of: int | None = None,
    ) -> pd.DataFrame:  # fmt: skip
        """How cold the households were.

        Parameters
        ----------
        base : float
            Strictly below it is cold. [°C]
        freq : "D", optional
            A row for each local day; default one row for the period.
        place : str, optional
            Only households at or below this place's code; default the company.
        rooms : bool
            Every covered room; default each household by its worst room in each period.
        as_of : int, optional
            Data version: what was kept then.

        Returns
        -------
        DataFrame
            `since`, `household` and `room` (codes), `degree_hours` [K.h], `hours_below` [h],
            `hours_known` [h], `hours_missing` [h], `coverage` [1].
        """
        span, zone, places = self._asked(season, since, until)
        households = places.under(place_of(self.world, places, place), PlaceKind.HOUSEHOLD)
        frame = home_comfort(
            self.world.books, self.world.readings, span, zone, base, freq=freq, rooms=rooms,
            households=households, as_of=asked_flush(self.world, as_of),
        )  # fmt: skip
        for name in ("household", "room"):
            frame[name] = [places.code(int(each)) for each in frame[name]]
        return frame

    def outages(
        self, *, season: str = "", since: str = "", until: str = "", place: str = "",
        as_of: int | None = None,
    ) -> pd.DataFrame:  # fmt: skip
        """Outages that the stations' meters saw; a refund needs a record of each.

        Returns
        -------
        DataFrame
            `station` (code), `since`, `until`, `ended`, `record` ("recorded", "partly" or "not"),
            and the columns of `hw.outages`.
        """
        from heatwatch.services.evidence import policy_at, supply_rule
        from heatwatch.services.outages import Scope, seen_outages

        span, zone, places = self._asked(season, since, until)
        chosen = place_of(self.world, places, place)
        rule = supply_rule(policy_at(self.world, span.until, places.path(chosen)[0]))
        stations = places.under(chosen, PlaceKind.STATION)
        scope = Scope(places, stations, span, zone, rule, asked_flush(self.world, as_of))
        _, found = seen_outages(self.world, scope)
        rows = [
            (
                places.code(each.station), each.found.since, each.found.until, each.found.ended,
                str(each.beside.state.value), _hours(to_us(each.found.until) - to_us(each.found.since)),
                _hours(each.found.lost_us), _hours(each.found.unknown_us), _hours(each.found.scheduled_us),
                _in_unit(each.found.lowest_flow, Role.FLOW),
                _in_unit(each.found.lowest_supply, Role.SUPPLY_TEMPERATURE),
            )
            for each in found
        ]  # fmt: skip
        names = ["station", "since", "until", "ended", "record", *OUTAGE_UNITS]
        frame = pd.DataFrame(rows, columns=names)
        for name in ("since", "until"):
            frame[name] = pd.to_datetime(frame[name], utc=True).dt.tz_convert(zone)
        frame.attrs["units"] = dict(OUTAGE_UNITS)
        return frame

    def readings(
        self, place: str = "", *, role: str = "", season: str = "", since: str = "",
        until: str = "", as_of: int | None = None,
    ) -> pd.DataFrame:  # fmt: skip
        """Readings of a place and everything below it.

        Parameters
        ----------
        role : str, optional
            Only series of this role, e.g. "room_temperature"; ValueError names those there are.

        Returns
        -------
        DataFrame
            By time: `place`, `role`, `device`, `channel`, `value` in the role's unit
            (`attrs["units"]`), NaN where the device gave none or it can't be used, and `quality`.
        """
        span, zone, places = self._asked(season, since, until)
        index, below = self.world.index, _below(places, place_of(self.world, places, place))
        wanted = np.isin(index.place, below)
        if role:
            wanted &= index.role == _role(role)
        rows = np.flatnonzero(wanted)
        columns = self.world.readings.columns(
            index.series[rows], span, as_of=asked_flush(self.world, as_of)
        )
        row_of = {int(index.series[row]): int(row) for row in rows}
        owner = np.repeat(columns.series, np.diff(columns.offsets))
        kinds = [tuple(Role)[index.role[row_of[int(each)]]] for each in columns.series]
        tick = np.repeat([float(k.quantity.from_ticks(1)) for k in kinds], np.diff(columns.offsets))
        row = np.array([row_of[int(each)] for each in columns.series], dtype=np.int64)
        names = {
            "place": [places.code(int(index.place[i])) for i in row],
            "role": [kind.code for kind in kinds],
            "device": [index.devices[i] for i in row],
            "channel": [index.channels[i] for i in row],
        }
        at = np.searchsorted(columns.series, owner)
        frame = pd.DataFrame(
            {name: np.array(each, dtype=object)[at] for name, each in names.items()}
        )
        frame["value"] = np.where(columns.usable(), columns.value * tick, np.nan)
        frame["quality"] = [Quality(int(mark)).name.lower() for mark in columns.mark]
        times = pd.to_datetime(columns.at_us, unit="us", utc=True).tz_convert(zone)
        frame.index = times.rename("time")
        frame.attrs["units"] = {kind.code: kind.quantity.unit for kind in kinds}
        return frame

    def coverage(
        self, place: str = "", *, season: str = "", since: str = "", until: str = ""
    ) -> pd.DataFrame:
        """How much each series of a place and below knows.

        Returns
        -------
        DataFrame
            `place`, `role`, `device`, `channel`, `readings`, `unusable`, `in_conflict`,
            `covered_hours` [h], `missing_hours` [h], `longest_gap_hours` [h].
        """
        from ingest.quality.coverage import series_coverage

        span, _, places = self._asked(season, since, until)
        code = places.code(place_of(self.world, places, place))
        rows = series_coverage(self.world.readings, self.world.books, self.world.index, span, code)
        frame = pd.DataFrame(rows, columns=["place", "role", "device", "channel", *SERIES_UNITS])
        frame.attrs["units"] = dict(SERIES_UNITS)
        return frame

    def refunds(self, season: str, *, policy: str = "", household: str = "") -> pd.DataFrame:
        """What each household is owed, computed now; nothing is kept.

        Parameters
        ----------
        season : str
            Its code.
        policy : str, optional
            Another policy than the season's, by id or as a .toml file.
        household : str, optional
            Only this one.

        Returns
        -------
        DataFrame
            By household: `total`, `lower`, `upper` (Decimal, in `currency`), `currency`,
            `undetermined`, `reason` (code), `lines` (how many).
        """
        from heatwatch.services.settling import compute

        computed = compute(self.world, season, policy, household)
        rows = [
            (
                each.code, each.total, each.lower, each.upper, each.currency, each.undetermined,
                each.reason.code, len(each.lines),
            )
            for each in computed.settlement.results
        ]  # fmt: skip
        names = [
            "household",
            "total",
            "lower",
            "upper",
            "currency",
            "undetermined",
            "reason",
            "lines",
        ]
        frame = pd.DataFrame(rows, columns=names).set_index("household")
        frame.attrs |= {
            "policy": computed.policy.policy.id,
            "data_version": computed.settlement.flush,
        }
        return frame

    def _asked(self, season: str, since: str, until: str) -> tuple[Span, ZoneInfo, Tree]:
        span, zone = asked_span(self.world, season, since, until)
        return span, zone, tree(self.world.books)


@dataclass(frozen=True)
class Law:
    """One legal text as data."""

    file: PolicyFile

    @property
    def id(self) -> str:
        return self.file.policy.id

    def refund(self, facts: Mapping[str, Any]) -> Result:
        """One household's sum, lines and steps from facts as `heatwatch refund try` reads them.

        Raises ValueError where a fact is missing or is none; it names the key.
        """
        return settle_facts(dict(facts), self.file)


def policy(which: str | PathLike[str]) -> Law:
    """A shipped policy by its id, or any by its .toml file; ValueError names those there are.

    Examples
    --------
    >>> policy("CN-HA-2018").refund({
    ...     "season": ["2024-11-15T00:00", "2025-03-16T00:00"], "season_fee": "2420.00",
    ...     "interval_min": 15, "rooms": {"bedroom": []}, "requests": [], "measurements": [],
    ...     "outages": [["2025-01-10T06:00", "2025-01-11T12:00"]]}).total
    Decimal('25.00')
    """
    return Law(load(which if isinstance(which, str) else Path(which)))


def decode(
    format: str,
    payload: bytes | str | Sequence[bytes | str],
    *,
    topic: str = "heatwatch/v1/device",
) -> pd.DataFrame:
    """What a message holds, or several that belong together, without registry and without keeping anything.

    Parameters
    ----------
    format : str
        A format that needs no mapping, e.g. "native"; ValueError names those there are.
    payload : bytes, str or a list of them
        The message's own bytes; a list for a format that remembers, in the order of arrival.
    topic : str
        What it came on: some formats name the device there.

    Returns
    -------
    DataFrame
        `device`, `channel`, `time` (UTC; NaT where the message has none), `value` (Decimal or
        None), `unit`, `revision`. What is wrong with the message stands in `attrs["flaws"]`.

    Examples
    --------
    >>> found = decode("native", '{"channel":"t","time":"2026-11-22T06:00:00Z","value":21.35}')
    >>> found.loc[0, ["device", "channel", "value"]].tolist()
    ['device', 't', Decimal('21.35')]
    """
    from ingest.codecs import codec_of
    from ingest.codecs.memory import Memory
    from ingest.codecs.message import Message
    from ingest.config import FeedConfig
    from ingest.formats import known_format

    if known_format(format) == "mapped":
        raise WrongCall(msg('format "mapped" needs a mapping: use `heatwatch decode --feed NAME`'))
    feed = FeedConfig(name="decode", topic="#", format=format)
    codec, memory, samples, flaws = codec_of(feed), Memory(feed.name, {}), [], []
    for each in _messages(payload):
        data = each.encode() if isinstance(each, str) else each
        found, wrong = codec(Message(topic, data, to_us(datetime.now(UTC))), memory)
        memory.accept()
        samples += found
        flaws += wrong
    names = ["device", "channel", "at_us", "value", "unit", "revision"]
    frame = pd.DataFrame(
        [[getattr(each, name) for name in names] for each in samples], columns=names, dtype=object
    )
    times = pd.to_datetime(pd.to_numeric(frame.pop("at_us")), unit="us", utc=True)
    frame.insert(2, "time", times)
    frame.attrs["flaws"] = [f"{flaw.reason}: {flaw.detail}" for flaw in flaws]
    return frame


def _messages(payload: object) -> list[bytes | str]:
    """One message or several; ValueError where it is none."""
    single = isinstance(payload, bytes | str) or not isinstance(payload, Iterable)
    every = [payload] if single else list(cast(Iterable[object], payload))
    for each in every:
        if not isinstance(each, bytes | str):
            raise ValueError(f"payload is {type(each).__name__}; allowed: bytes or str")
    return cast(list[bytes | str], every)


def _below(places: Tree, place: int) -> NDArray[np.int32]:
    """Ids of a place and all below it."""
    ids: NDArray[np.int32] = places.ids[(places.ancestors == place).any(axis=1)]
    return ids


def _role(code: str) -> int:
    return tuple(Role).index(Role.of(code))


def _hours(us: int) -> float:
    return us / HOUR_US


def _in_unit(ticks: int | None, role: Role) -> float:
    return float("nan") if ticks is None else float(role.quantity.from_ticks(ticks))
