"""Whether a station had heat: one judgement from everything that measures it.

What the meters lost is a candidate (`analytics.heat.outages`). It is judged here beside the heating
season, the outdoor temperature, the station's own nights, and what the other meters said
at the same time. Only *no heat* is proposed as an outage; every answer has its reasons, for and
against, which a person who decides is shown.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import Enum
from zoneinfo import ZoneInfo

import numpy as np

from analytics.heat.outages import StationOutage
from domain.columns import IntArray
from domain.language import Text, msg, msg_in
from domain.quantity import Quantity, Role
from domain.time import HOUR_US, Span, to_us

#: No heat is wanted where it is as warm as this outdoors. [0.001 Cel]
MILD = 13_000
#: A secondary side as warm as this above the floor of lost supply gives heat. [0.001 K]
WARM_ABOVE = 5_000
#: So long the water that is there stays warm without supply. [µs]
LINGERS_US = 2 * HOUR_US
#: Power over this share of what is usual is heat. [1]
POWER_SHARE = 0.2
#: A station rests by night, between these local times and not longer than that.
NIGHT = time(20), time(7)
LONGEST_NIGHT = timedelta(hours=11)
#: It does so as a habit: on at least half of the days around it, at least so many. [1]
HABIT_DAYS, LEAST_DAYS = 7, 4
#: Supply so much under that of the day rests, and any that is hardly over the floor. [0.001 K]
RESTS_BELOW, RESTS_NEAR = 8_000, 3_000


class Answer(Enum):
    """What is said of a station over a time."""

    HEAT = "heat"
    NO_HEAT = "no_heat"
    SCHEDULED = "scheduled"
    METER_WRONG = "meter_wrong"
    UNKNOWN = "unknown"
    REJECTED = "rejected"  # by a person, whatever the meters show


ANSWERS = {
    Answer.HEAT: msg("heat"),
    Answer.NO_HEAT: msg("no heat"),
    Answer.SCHEDULED: msg("scheduled"),
    Answer.METER_WRONG: msg("meter wrong"),
    Answer.UNKNOWN: msg("unknown"),
    Answer.REJECTED: msg_in("decision", "rejected"),
}


@dataclass(frozen=True, slots=True)
class Values:
    """What one role of a station said, usable values only, by time."""

    at_us: IntArray
    value: IntArray

    def within(self, since_us: int, until_us: int) -> IntArray:
        """Its values of [since, until). [ticks]"""
        first, end = np.searchsorted(self.at_us, [since_us, until_us])
        inside: IntArray = self.value[first:end]
        return inside


Said = Mapping[Role, Values]


@dataclass(frozen=True, slots=True)
class Judgement:
    """One answer and what it rests on."""

    answer: Answer
    reason: Text
    speaks_for: tuple[Text, ...] = ()  # that there was no heat
    speaks_against: tuple[Text, ...] = ()


def judge(
    found: StationOutage,
    said: Said,
    seasons: Sequence[Span],
    zone: ZoneInfo,
    floor: int,
) -> Judgement:
    """What a loss that the meters found was.

    Parameters
    ----------
    said : mapping
        What each role of the station said, also of a week before and after; outdoor too.
    seasons : sequence
        The company's heating seasons; empty: none is registered, and none decides.
    floor : int
        Supply under it heats nobody. [0.001 Cel]
    """
    speaks_for, against = _for(found, said), _against(found, said, floor)
    answer, reason = _answer(found, said, seasons, zone, floor)
    return Judgement(answer, reason, tuple(speaks_for), tuple(against))


def _answer(
    found: StationOutage, said: Said, seasons: Sequence[Span], zone: ZoneInfo, floor: int
) -> tuple[Answer, Text]:
    """The first rule that speaks."""
    since_us, until_us = to_us(found.since), to_us(found.until)
    if seasons and not any(s.since < found.until and found.since < s.until for s in seasons):
        return Answer.SCHEDULED, msg("outside the heating season")
    outdoor = _median(said, Role.OUTDOOR_TEMPERATURE, since_us, until_us)
    if outdoor is not None and outdoor >= MILD:
        return Answer.SCHEDULED, msg(
            "no heat is wanted: {celsius} °C outdoors", celsius=_celsius(outdoor)
        )
    if _rests(found, said, zone, floor):
        return Answer.SCHEDULED, msg("the station rests at this hour on most days around it")
    warm = _warm_secondary(found, said, floor)
    if warm is not None and until_us - since_us > LINGERS_US:
        return Answer.METER_WRONG, msg(
            "the secondary side stayed at {celsius} °C and more", celsius=_celsius(warm)
        )
    if warm is not None:
        return Answer.UNKNOWN, msg(
            "too short to tell: the secondary side stayed at {celsius} °C and more",
            celsius=_celsius(warm),
        )
    if _power(found, said) is not None:
        return Answer.HEAT, msg("the meter counted heat all the time")
    if 2 * found.unknown_us > until_us - since_us:
        return Answer.UNKNOWN, msg("most of the time is not known")
    return Answer.NO_HEAT, msg("supply was lost and nothing says otherwise")


def _for(found: StationOutage, said: Said) -> list[Text]:
    since_us, until_us = to_us(found.since), to_us(found.until)
    texts = []
    if found.lowest_flow is not None:
        flow = Quantity.FLOW.from_ticks(found.lowest_flow) / 1000
        texts.append(msg("flow down to {flow} m³/h", flow=f"{flow.normalize():f}"))
    if found.lowest_supply is not None:
        texts.append(msg("supply down to {celsius} °C", celsius=_celsius(found.lowest_supply)))
    energy = _values(said, Role.ENERGY, since_us, until_us)
    if energy.size > 1 and energy.max() == energy.min():
        texts.append(msg("the energy register stood still"))
    power = _values(said, Role.POWER, since_us, until_us)
    if power.size and _power(found, said) is None:
        texts.append(msg("power down to {kilowatt} kW", kilowatt=int(power.min()) // 1000))
    outdoor = _median(said, Role.OUTDOOR_TEMPERATURE, since_us, until_us)
    if outdoor is not None and outdoor < MILD:
        texts.append(msg("{celsius} °C outdoors", celsius=_celsius(outdoor)))
    return texts


def _against(found: StationOutage, said: Said, floor: int) -> list[Text]:
    since_us, until_us = to_us(found.since), to_us(found.until)
    texts = []
    secondary = _values(said, Role.SUPPLY_TEMPERATURE, since_us, until_us)
    if secondary.size and int(secondary.max()) >= floor + WARM_ABOVE:
        texts.append(
            msg("secondary supply up to {celsius} °C", celsius=_celsius(int(secondary.max())))
        )
    power = _power(found, said)
    if power is not None:
        texts.append(msg("power of {kilowatt} kW and more", kilowatt=power // 1000))
    energy = _values(said, Role.ENERGY, since_us, until_us)
    if energy.size > 1 and int(energy.max()) > int(energy.min()):
        counted = (int(energy.max()) - int(energy.min())) // 1000
        texts.append(msg("the energy register went on by {kwh} kWh", kwh=counted))
    outdoor = _median(said, Role.OUTDOOR_TEMPERATURE, since_us, until_us)
    if outdoor is not None and outdoor >= MILD:
        texts.append(msg("{celsius} °C outdoors", celsius=_celsius(outdoor)))
    if found.unknown_us:
        texts.append(msg("{minutes} min not known", minutes=found.unknown_us // 60_000_000))
    return texts


def _warm_secondary(found: StationOutage, said: Said, floor: int) -> int | None:
    """The least the secondary supply showed, where that is warm throughout and flow was not lost."""
    secondary = _values(said, Role.SUPPLY_TEMPERATURE, to_us(found.since), to_us(found.until))
    colder = found.lowest_supply is not None and found.lowest_supply < floor
    if not secondary.size or not colder:
        return None
    least = int(secondary.min())
    return least if least >= floor + WARM_ABOVE else None


def _power(found: StationOutage, said: Said) -> int | None:
    """The least power [W], where it was never under the share of what is usual."""
    power = _values(said, Role.POWER, to_us(found.since), to_us(found.until))
    if not power.size:
        return None
    usual = int(np.percentile(said[Role.POWER].value, 90))
    least = int(power.min())
    return least if usual > 0 and least >= POWER_SHARE * usual else None


def _rests(found: StationOutage, said: Said, zone: ZoneInfo, floor: int) -> bool:
    """Whether the whole of it lies in a night, and supply is as low at its hour on most days around."""
    since, until = found.since.astimezone(zone), found.until.astimezone(zone)
    if not found.ended or until - since > LONGEST_NIGHT:
        return False
    inside = [_of_night(each.time()) for each in (since, until)]
    if not all(inside):
        return False
    supply = said.get(Role.SUPPLY_TEMPERATURE) or said.get(Role.PRIMARY_SUPPLY_TEMPERATURE)
    if supply is None:
        return False
    resting = known = 0
    for days in (*range(-HABIT_DAYS, 0), *range(1, HABIT_DAYS + 1)):
        begin, end = (to_us(at + timedelta(days=days)) for at in (since, until))
        night = supply.within(begin - HOUR_US, max(end, begin + HOUR_US))
        noon = datetime.combine(since.date() + timedelta(days=days), time(8), zone)
        day = supply.within(to_us(noon), to_us(noon + timedelta(hours=11)))
        if night.size and day.size:
            known += 1
            low = max(int(np.median(day)) - RESTS_BELOW, floor + RESTS_NEAR)
            resting += int(night.min()) <= low
    return known >= LEAST_DAYS and 2 * resting >= known


def _of_night(at: time) -> bool:
    return at >= NIGHT[0] or at <= NIGHT[1]


def _values(said: Said, role: Role, since_us: int, until_us: int) -> IntArray:
    found = said.get(role)
    return np.empty(0, dtype=np.int64) if found is None else found.within(since_us, until_us)


def _median(said: Said, role: Role, since_us: int, until_us: int) -> int | None:
    values = _values(said, role, since_us, until_us)
    return int(np.median(values)) if values.size else None


def _celsius(ticks: int) -> str:
    return f"{Quantity.TEMPERATURE.from_ticks(ticks).normalize():f}"


def around(found: Sequence[StationOutage]) -> Span:
    """The time whose values decide about all of these."""
    week = timedelta(days=HABIT_DAYS + 1)
    return Span(min(each.since for each in found) - week, max(each.until for each in found) + week)
