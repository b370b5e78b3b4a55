"""What goes wrong in the demo's city, and what each household shall end at; drawn from a seed.

Times are seconds since the epoch. Faults of the history have ended before it ends; live faults
stand at fractions of the live span, so that a shorter demo shows the same events, closer together.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import Enum

import numpy as np

from simulators.plan.layout import Layout

HOUR_S = 3600
DAY_S = 86_400
STEP_S = 900  # step of the model and reporting interval of the rooms

OUTAGE_H = 30  # the stop of supply in the history
HISTORY_OUTAGE = "S1-03"
LIVE_OUTAGE = "S2-02"
LIVE_LEAKS = (("S1-05", 6.0, 0.10, 0.60), ("S2-05", 1.2, 0.54, None))  # place, m3/h, from, until
HISTORY_LEAKS = (("S2-04", 3.0, 5.0, 6.5),)  # place, m3/h, from and until day of the history


class Ending(Enum):
    """How a household's season stands at the end of the history under CN-HA-2018."""

    WARM = "warm"  # never below 18 °C: nothing
    WARM_REQUEST = "warm_request"  # asked while warm: the request still waits
    WARM_CONSENT = "warm_consent"  # standing consent, never cold: nothing
    COLD_NO_REQUEST = "cold_no_request"  # cold for days, never asked: nothing
    HALF_FEE = "half_fee"  # 14 to 18 °C for 48 h and more after the request
    CONSENT_HALF_FEE = "consent_half_fee"  # the same, by standing consent
    FREE = "free"  # below 14 °C
    GATE_MISSED = "gate_missed"  # 47 h 45 min from request to recovery
    UNDETERMINED = "undetermined"  # a gap on which the gate hangs
    OUTAGE_ONLY = "outage_only"  # 30 h without heat, no request
    OUTAGE_AND_COLD = "outage_and_cold"  # the same, with a request and 48 h below
    USER_FAULT = "user_fault"  # cold by its own doing, recorded


#: Households of each ending among 2,000; the rest are warm (or stood in the outage).
SHARES = {
    Ending.HALF_FEE: 40,
    Ending.FREE: 26,
    Ending.GATE_MISSED: 24,
    Ending.UNDETERMINED: 24,
    Ending.OUTAGE_AND_COLD: 28,
    Ending.USER_FAULT: 22,
    Ending.COLD_NO_REQUEST: 60,
    Ending.CONSENT_HALF_FEE: 20,
    Ending.WARM_REQUEST: 30,
    Ending.WARM_CONSENT: 300,
}
SPELLS = {  # hours on the plateau, and the plateau [°C]
    Ending.HALF_FEE: ((66, 110), (15.2, 17.0)),
    Ending.CONSENT_HALF_FEE: ((66, 110), (15.2, 17.0)),
    Ending.FREE: ((80, 120), (10.5, 12.6)),
    Ending.GATE_MISSED: ((64, 84), (15.4, 17.0)),
    Ending.UNDETERMINED: ((66, 90), (15.2, 17.0)),
    Ending.USER_FAULT: ((66, 110), (14.8, 17.0)),
    Ending.COLD_NO_REQUEST: ((52, 120), (12.0, 17.2)),
    Ending.OUTAGE_AND_COLD: ((64, 80), (14.8, 16.4)),
}
LIVE_COLD, LIVE_COLD_STAYING = 12, 4
LIVE_SILENT, LIVE_SILENT_STAYING = 10, 4
LIVE_GATEWAY_1970, LIVE_UPTIME = 4, 3
LIVE_SECONDS_AS_MS = (("S1-06", 0.20, 0.60),)  # a station that writes seconds where ms belong
HISTORY_SILENT = 12


@dataclass(frozen=True, slots=True)
class Spell:
    """A home held off its balance: failing riser, closed radiator, open window; then repaired."""

    household: int
    fall_s: int  # from when it cools towards the plateau
    rise_s: int  # from when it warms again
    end_s: int  # from when the model alone decides again
    plateau_c: float
    fall_tau_s: float
    rise_tau_s: float
    cause: str
    live: bool = False


@dataclass(frozen=True, slots=True)
class StationFault:
    """A pump stop (`size` 0) or a leak of `size` [m3/h]; `until_s` None: still there at the end."""

    station: int
    since_s: int
    until_s: int | None
    size: float
    live: bool


@dataclass(frozen=True, slots=True)
class SensorFault:
    """A sensor that says nothing, or writes a wrong time, for a while."""

    room: int
    kind: str  # silent | gateway_1970 (took seconds for ms) | uptime_1970
    since_s: int
    until_s: int | None
    live: bool


@dataclass(frozen=True, slots=True)
class Plan:
    """All of it, fixed before the first step."""

    endings: list[Ending]  # by household
    spells: list[Spell]
    stops: list[StationFault]
    leaks: list[StationFault]
    clocks: list[StationFault]  # stations that write seconds for milliseconds
    sensors: list[SensorFault]
    both_rooms: set[int] = field(default_factory=set)

    def without_live(self) -> "Plan":
        """The same with nothing going wrong after the history."""
        return Plan(
            self.endings,
            [each for each in self.spells if not each.live],
            [each for each in self.stops if not each.live],
            [each for each in self.leaks if not each.live],
            [each for each in self.clocks if not each.live],
            [each for each in self.sensors if not each.live],
            self.both_rooms,
        )


def draw_endings(
    rng: np.random.Generator, stations: Sequence[int], stood: int, will_stand: int
) -> list[Ending]:
    """One ending a household; the station that stood still is apart, and that which will is warm."""
    of = np.array(stations)
    hit = of == stood
    inside = rng.permutation(np.flatnonzero(hit))
    outside = rng.permutation(np.flatnonzero(~hit & (of != will_stand)))
    endings = [Ending.OUTAGE_ONLY if each else Ending.WARM for each in hit]
    scale = min(1.0, len(stations) / 2000)
    at = 0
    for ending, share in SHARES.items():
        count = max(1, round(share * scale))
        if ending is Ending.OUTAGE_AND_COLD:
            chosen = inside[:count]
        else:
            chosen, at = outside[at : at + count], at + count
        for i in chosen:
            endings[int(i)] = ending
    return endings


def _spell(rng: np.random.Generator, home: int, ending: Ending, fall_s: int, cause: str) -> Spell:
    (least_h, most_h), (low_c, high_c) = SPELLS[ending]
    rise_s = fall_s + int(rng.uniform(least_h, most_h) * HOUR_S)
    return Spell(
        household=home,
        fall_s=fall_s,
        rise_s=rise_s,
        end_s=rise_s + 18 * HOUR_S,
        plateau_c=float(rng.uniform(low_c, high_c)),
        fall_tau_s=float(rng.uniform(2.0, 4.0)) * HOUR_S,
        rise_tau_s=float(rng.uniform(1.8, 2.6)) * HOUR_S,
        cause=cause,
    )


CAUSES = {
    Ending.USER_FAULT: "radiators cut off by the household",
    Ending.FREE: "riser shut and window broken",
    Ending.OUTAGE_AND_COLD: "riser air-locked after the refill",
}


def history_spells(
    rng: np.random.Generator, endings: Sequence[Ending], start_s: int, outage_s: int
) -> list[Spell]:
    """Cold spells between the second and the eighteenth day of the history."""
    made = []
    for home, ending in enumerate(endings):
        if ending not in SPELLS:
            continue
        fall_s = start_s + int(rng.uniform(2.0, 12.0) * DAY_S)
        if ending is Ending.OUTAGE_AND_COLD:
            fall_s = outage_s + int(rng.uniform(5.0, 9.0) * HOUR_S)
        made.append(_spell(rng, home, ending, fall_s, CAUSES.get(ending, "riser half shut")))
    return made


def live_spells(
    rng: np.random.Generator, homes: Sequence[int], present_s: int, live_s: int
) -> list[Spell]:
    """Flats that turn cold while one watches; most are repaired before the end."""
    pace = max(live_s / 12.0, 0.75 * HOUR_S)
    made = []
    for n, home in enumerate(homes):
        stays = n < LIVE_COLD_STAYING
        fall_s = present_s + int(rng.uniform(0.01, 0.12) * live_s)
        rise_s = present_s + int((30.0 if stays else rng.uniform(0.55, 0.65)) * live_s)
        made.append(
            Spell(
                household=home,
                fall_s=fall_s,
                rise_s=rise_s,
                end_s=rise_s + int(4 * pace),
                plateau_c=float(rng.uniform(14.0, 16.0)),
                fall_tau_s=float(rng.uniform(0.8, 1.2)) * pace,
                rise_tau_s=float(rng.uniform(0.5, 0.7)) * pace,
                cause="riser half shut",
                live=True,
            )
        )
    return made


def station_faults(
    codes: Sequence[str], start_s: int, outage_s: int, present_s: int, live_s: int
) -> tuple[list[StationFault], list[StationFault]]:
    """(pump stops, leaks)."""
    at = {code: i for i, code in enumerate(codes)}
    stop_s = present_s + live_s // 4
    stops = [
        StationFault(at[HISTORY_OUTAGE], outage_s, outage_s + OUTAGE_H * HOUR_S, 0.0, False),
        StationFault(
            at[LIVE_OUTAGE], stop_s, stop_s + min(3 * HOUR_S, int(0.3 * live_s)), 0.0, True
        ),
    ]
    leaks = [
        StationFault(
            at[code], start_s + int(since * DAY_S), start_s + int(until * DAY_S), size, False
        )
        for code, size, since, until in HISTORY_LEAKS
    ]
    for code, size, begin, end in LIVE_LEAKS:
        fixed_s = None if end is None else present_s + int(end * live_s)
        leaks.append(StationFault(at[code], present_s + int(begin * live_s), fixed_s, size, True))
    return stops, leaks


def sensor_faults(
    rng: np.random.Generator, rooms: Sequence[int], start_s: int, present_s: int, live_s: int
) -> list[SensorFault]:
    """Silent sensors in history and live, wrong clocks live; `rooms` are rooms of warm homes."""
    pool = iter(rooms)
    made = []
    for _ in range(HISTORY_SILENT):
        since_s = start_s + int(rng.uniform(1.0, 18.0) * DAY_S)
        until_s = since_s + int(rng.uniform(6.0, 30.0) * HOUR_S)
        made.append(SensorFault(next(pool), "silent", since_s, until_s, False))
    kinds: Sequence[tuple[str, float | None]] = (
        [("silent", 0.70)] * (LIVE_SILENT - LIVE_SILENT_STAYING)
        + [("silent", None)] * LIVE_SILENT_STAYING
        + [("gateway_1970", 0.60)] * LIVE_GATEWAY_1970
        + [("uptime_1970", 0.60)] * LIVE_UPTIME
    )
    for kind, end in kinds:
        since_s = present_s + int(rng.uniform(0.08, 0.20) * live_s)
        ends_s = None if end is None else present_s + int(end * live_s)
        made.append(SensorFault(next(pool), kind, since_s, ends_s, True))
    return made


def make_plan(
    rng: np.random.Generator,
    layout_of: Callable[[set[int]], Layout],
    start_s: int,
    present_s: int,
    live_s: int,
) -> tuple[Plan, Layout]:
    """The plan and the layout that goes with it (who has two rooms depends on the ending)."""
    bare = layout_of(set())
    codes = [station.code for station in bare.stations]
    stations = bare.station_of()
    endings = draw_endings(rng, stations, codes.index(HISTORY_OUTAGE), codes.index(LIVE_OUTAGE))
    exact = {Ending.GATE_MISSED, Ending.UNDETERMINED}
    both = {i for i, ending in enumerate(endings) if rng.random() < 0.06 and ending not in exact}
    layout = layout_of(both)
    # the stop begins at 02:41 local on the ninth day
    outage_s = ((start_s + 9 * DAY_S + 8 * HOUR_S) // DAY_S) * DAY_S - 8 * HOUR_S + 161 * 60
    stops, leaks = station_faults(codes, start_s, outage_s, present_s, live_s)
    spells = history_spells(rng, endings, start_s, outage_s)
    quiet = [
        i
        for i, ending in enumerate(endings)
        if ending is Ending.WARM and stations[i] != codes.index(LIVE_OUTAGE)
    ]
    chosen = [int(i) for i in rng.permutation(quiet)]
    spells += live_spells(rng, chosen[:LIVE_COLD], present_s, live_s)
    later = set(chosen[LIVE_COLD:])
    rooms = rng.permutation([i for i, room in enumerate(layout.rooms) if room.household in later])
    clocks = [
        StationFault(
            codes.index(code),
            present_s + int(begin * live_s),
            present_s + int(end * live_s),
            0.0,
            True,
        )
        for code, begin, end in LIVE_SECONDS_AS_MS
    ]
    sensors = sensor_faults(rng, [int(i) for i in rooms], start_s, present_s, live_s)
    return Plan(endings, spells, stops, leaks, clocks, sensors, both), layout
