"""The truth beside the world: which fault was where and when, which home ends how."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np

from simulators.city.city import City, Record
from simulators.city.facts import Facts
from simulators.city.history import station_device
from simulators.city.sensors import STANDARD_MC, Sensors
from simulators.city.stations import FILL_S, fillings
from simulators.plan.plan import HOUR_S, STEP_S, Ending
from simulators.world.registry_csv import local

Entry = dict[str, Any]

SURE_HOURS, SURE_BELOW_C = 1.75, 17.9


def _when(since_s: int, until_s: int | None, live: bool) -> Entry:
    return {
        "since": local(since_s),
        "until": None if until_s is None else local(until_s),
        "live": live,
    }


def station_truth(city: City) -> list[Entry]:
    """Leaks, pump stops and station clocks."""
    groups = (
        ("station_outage", city.plan.stops, "pump stop"),
        ("make_up_leak", city.plan.leaks, "leak"),
        ("wrong_clock", city.plan.clocks, "seconds where milliseconds belong"),
    )
    made = []
    for kind, faults, cause in groups:
        for fault in faults:
            code = city.layout.stations[fault.station].code
            entry: Entry = {"kind": kind, "place": code, "cause": cause}
            if kind == "make_up_leak":
                entry["m3_h"] = fault.size
            entry["alert"] = None if kind == "wrong_clock" else kind  # ingest corrects it
            if kind == "wrong_clock":
                entry["device"] = station_device(code)
            made.append(entry | _when(fault.since_s, fault.until_s, fault.live))
    return made


def filling_truth(city: City) -> list[Entry]:
    """Make-up water that is no leak: buildings topped up, in the history and live."""
    end_s = city.present_s + city.live_s
    return [
        {"kind": "filling", "place": city.layout.stations[i].code, "m3_h": size}
        | _when(at_s, at_s + FILL_S, at_s >= city.present_s)
        for i, at_s, size in fillings(city, city.start_s, end_s)
    ]


def sensor_truth(city: City) -> list[Entry]:
    """Silent sensors and room sensors with a wrong clock."""
    causes = {
        "silent": ("silent_sensor", "battery empty"),
        "gateway_1970": ("wrong_clock", "gateway took seconds for milliseconds: January 1970"),
        "uptime_1970": ("wrong_clock", "sensor without clock counts from 1970"),
    }
    made = []
    for fault in city.plan.sensors:
        room = city.layout.rooms[fault.room]
        kind, cause = causes[fault.kind]
        entry: Entry = {"kind": kind, "place": room.code, "device": room.device, "cause": cause}
        entry["alert"] = "silent_sensor"  # times in 1970 are no sign of life either
        made.append(entry | _when(fault.since_s, fault.until_s, fault.live))
    return made


def cold_truth(city: City) -> list[Entry]:
    """Flats held cold: when the cause began and was fixed."""
    return [
        {
            "kind": "cold_flat",
            "place": city.layout.households[spell.household].code,
            "cause": spell.cause,
            "alert": "low_room_temperature",  # see `low_rooms` for which rooms, and when
        }
        | _when(spell.fall_s, spell.rise_s, spell.live)
        for spell in city.plan.spells
    ]


def low_rooms(city: City, sensors: Sensors, live: Record) -> list[Entry]:
    """Rooms below 18 °C in the live part, as the model knows them at the borders of its steps."""
    celsius = live.air[:, sensors.home] + sensors.offset_c
    below = celsius < STANDARD_MC / 1000.0
    stopped = {stop.station for stop in city.plan.stops if stop.live}
    made: list[Entry] = []
    for number in np.flatnonzero(below.any(axis=0)):
        steps = np.flatnonzero(below[:, number])
        room = city.layout.rooms[int(number)]
        station = int(city.homes.station[room.household])
        ends = int(steps[-1]) + 1
        until_s = live.start_s + ends * STEP_S if ends <= live.steps else None
        made.append(
            {
                "kind": "low_room_temperature",
                "place": room.code,
                "household": city.layout.households[room.household].code,
                "cause": "station_outage" if station in stopped else "cold_flat",
                "lowest_c": round(float(celsius[:, number].min()), 2),
                "hours": steps.size * STEP_S / HOUR_S,
            }
            | _when(live.start_s + int(steps[0]) * STEP_S, until_s, True)
        )
    return [each | {"sure": _clear(each)} for each in made]


def _clear(low: Entry) -> bool:
    """Whether a detector that holds an hour must speak, whatever the sensors' noise.

    Homes that cool because their station stands are its children: told with it, or not at all.
    """
    own = low["cause"] == "cold_flat"
    return bool(own and low["hours"] >= SURE_HOURS and low["lowest_c"] <= SURE_BELOW_C)


def household_truth(city: City, facts: Sequence[Facts]) -> dict[str, Entry]:
    """Every household: how it ends, what it is owed, whether part of it is undetermined."""
    made = {}
    for home, fact in zip(city.layout.households, facts, strict=True):
        entry: Entry = {
            "ending": fact.ending.value,
            "refund": str(fact.total),
            "undetermined": fact.undetermined,
        }
        if fact.run is not None:
            entry["below_since"] = local(fact.run.since_s)
            entry["recovery"] = local(fact.run.recovery_s)
        if fact.request_s is not None:
            entry["request"] = local(fact.request_s)
        made[home.code] = entry
    return made


def tell(city: City, sensors: Sensors, facts: Sequence[Facts], live: Record) -> Entry:
    """All of `truth.json` but the counts of readings."""
    endings = Counter(fact.ending for fact in facts)
    return {
        "seed": city.seed,
        "present": local(city.present_s),
        "live_until": local(city.present_s + city.live_s),
        "endings": {ending.value: endings[ending] for ending in Ending},
        "refunds": {
            "households": sum(fact.total > 0 for fact in facts),
            "total": str(sum(fact.total for fact in facts)),
            "undetermined": sum(fact.undetermined for fact in facts),
        },
        "faults": station_truth(city) + sensor_truth(city) + cold_truth(city),
        "low_rooms": low_rooms(city, sensors, live),
        "nothing_wrong": filling_truth(city),
        "weather": {
            "live_outdoor_c": [round(float(each), 2) for each in live.outdoor],
        },
        "households": household_truth(city, facts),
    }
