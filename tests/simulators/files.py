"""Reads a written world back, knowing nothing of how it was made."""

import csv
import json
from datetime import datetime
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
from numpy.typing import NDArray

Samples = tuple[NDArray[np.int64], NDArray[np.float64]]


class WorldFiles:
    """The files of a world by name, its history by device."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def rows(self, name: str) -> list[dict[str, str]]:
        with (self.folder / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    @cached_property
    def truth(self) -> dict[str, Any]:
        loaded: dict[str, Any] = json.loads((self.folder / "truth.json").read_text("utf-8"))
        return loaded

    @cached_property
    def rooms(self) -> dict[str, list[str]]:
        """Household -> its rooms."""
        made: dict[str, list[str]] = {}
        for row in self.rows("places"):
            if row["kind"] == "room":
                made.setdefault(row["parent"], []).append(row["code"])
        return made

    @cached_property
    def requests(self) -> dict[str, datetime]:
        return {
            row["household"]: datetime.fromisoformat(row["at"]) for row in self.rows("requests")
        }

    @cached_property
    def sensor_of(self) -> dict[str, str]:
        return {
            row["place"]: row["device"]
            for row in self.rows("series")
            if row["role"] == "room_temperature"
        }

    @cached_property
    def samples(self) -> dict[str, Samples]:
        """Room sensor -> times [s] and temperatures [°C] of the history."""
        table = pq.read_table(self.folder / "history.parquet").unify_dictionaries()
        device = table["device"].combine_chunks()
        code = device.indices.to_numpy()
        at_s = table["time"].cast("int64").to_numpy() // 1_000_000
        value = table["value"].to_numpy()
        borders = np.flatnonzero(np.diff(code, prepend=-1, append=-1))
        names = device.dictionary.to_pylist()
        return {
            names[code[a]]: (at_s[a:b], value[a:b])
            for a, b in pairwise(borders.tolist())
            if names[code[a]].startswith("rs-")
        }

    def of_room(self, room: str) -> Samples:
        return self.samples[self.sensor_of[room]]

    def ending(self, name: str) -> dict[str, dict[str, Any]]:
        """Household -> truth, of those that end so."""
        return {
            home: told for home, told in self.truth["households"].items() if told["ending"] == name
        }
