"""Writes a demo world as the files a user could have: registry, history, plan and truth."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np

from domain.errors import WrongCall
from domain.language import msg
from simulators.city.city import City, Size
from simulators.city.facts import FactFinder, leave_out, season_span
from simulators.city.history import write_history
from simulators.city.sensors import heard, place_sensors, read, times_s
from simulators.city.stations import StationBook
from simulators.plan.plan import STEP_S
from simulators.world.mapping import HISTORY_MAPPING
from simulators.world.registry_csv import SEASON, RegistryWriter
from simulators.world.truth import tell

HISTORY, MAPPING, PLAN, TRUTH = "history.parquet", "history.toml", "live.json", "truth.json"


@dataclass(frozen=True, slots=True)
class WorldReport:
    """What was written."""

    folder: Path
    registry: dict[str, int]  # rows of each file
    readings: int  # in the history
    present: datetime  # end of the history, start of the live part
    live_until: datetime
    season: str
    endings: dict[str, int]


def _write_json(path: Path, data: object) -> None:
    path.write_text(json.dumps(data, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def write_world(
    folder: Path,
    present: datetime,
    seed: int = 20_261,
    size: Size | None = None,
    progress: Callable[[str], None] = lambda _: None,
) -> WorldReport:
    """The demo's world in `folder` (made where missing; files of an older world are replaced).

    `present` (aware) ends the history; it is cut to a whole quarter of an hour. Same arguments,
    same bytes.
    """
    folder.mkdir(parents=True, exist_ok=True)
    city = City(seed, present, size)
    progress("running the history of the city")
    record = city.history()
    rng = np.random.default_rng([seed, 6])
    sensors = place_sensors(city)
    at_s, said_mc = times_s(sensors, record), read(sensors, record, rng)
    sent = heard(city, sensors, at_s, rng)
    finder = FactFinder(city, sensors, at_s, said_mc)
    facts = finder.all()
    leave_out(facts, finder, sent)
    progress("writing the history")
    telemetry = StationBook(city).over(record, rng)
    count = write_history(folder / HISTORY, city, (at_s, said_mc, sent), telemetry)
    (folder / MAPPING).write_text(HISTORY_MAPPING, encoding="utf-8")
    progress("writing registry, plan and truth")
    writer = RegistryWriter(city, facts, season_span(city))
    rows = writer.write(folder, writer.rows(at_s, said_mc))
    live = city.advance(city.live_s // STEP_S)
    truth = tell(city, sensors, facts, live)
    _write_json(folder / TRUTH, truth | {"history_readings": count})
    _write_json(folder / PLAN, plan_of(city))
    return WorldReport(folder, rows, count, city.present, city.live_until, SEASON, truth["endings"])


def plan_of(city: City) -> dict[str, Any]:
    """What the publisher needs to go on where the history ends."""
    return {
        "seed": city.seed,
        "present": city.present.isoformat(),
        "live_until": city.live_until.isoformat(),
        "households": city.size.households,
        "history_days": city.size.history_days,
        "live_hours": city.size.live_hours,
        "calm": city.size.calm,
        "faults": list(city.size.faults),
        "topics": {"rooms": "heatwatch/v1/#", "stations": "scada/demo/+/telemetry"},
    }


def read_plan(folder: Path) -> dict[str, Any]:
    """The plan of a world; WrongCall where the folder holds none."""
    try:
        plan: dict[str, Any] = json.loads((folder / PLAN).read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise WrongCall(
            msg(
                "{folder} holds no simulated world ({plan} is not there): write one with "
                "`heatwatch simulate --out FOLDER`",
                folder=folder,
                plan=PLAN,
            )
        ) from None
    return plan


def city_of(plan: dict[str, Any]) -> City:
    """The city of a plan, before its history has run."""
    size = Size(
        plan["households"],
        plan["history_days"],
        plan["live_hours"],
        plan["calm"],
        tuple(plan["faults"]),
    )
    return City(plan["seed"], datetime.fromisoformat(plan["present"]), size)
