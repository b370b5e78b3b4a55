"""Detectors: one file each, found by its name in one list."""

from functools import cache
from importlib import import_module
from typing import Any

from alerts.detectors.base import Detector
from alerts.detectors.kind import AlertKind, Given, Provided
from domain.language import msg

#: Causes before what they cause. `alerts/detectors/NAME.py` holds the `AlertKind` as `KIND`.
DETECTORS = (
    "station_outage",
    "make_up_leak",
    "low_room_temperature",
    "silent_sensor",
    "session_lost",
    "id_taken",
    "qos_lowered",
    "queue_overflow",
    "sequence_gap",
    "uplinks_lost",
)


@cache
def kinds() -> dict[str, AlertKind]:
    """Every kind of alert by its name, in the order of the list."""
    return {name: import_module(f"alerts.detectors.{name}").KIND for name in DETECTORS}


def kind_of(name: str) -> AlertKind:
    """The kind of this name; KeyError where the list has it not (any more)."""
    return kinds()[name]


def known_kind(name: str) -> str:
    """The name as it is; ValueError names the kinds there are."""
    if name not in kinds():
        raise ValueError(msg("not a kind of alert; allowed: {allowed}", allowed=", ".join(kinds())))
    return name


def build(provided: Provided, settings: dict[str, Any]) -> tuple[Detector, ...]:
    """Every detector, blank, with the settings of its section and the inputs that it declares."""
    return tuple(
        kind.build(Given(provided, kind.inputs), settings[kind.section])
        for kind in kinds().values()
    )
