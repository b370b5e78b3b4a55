"""Detectors: one file each, and one list."""

from alerts.columns.watched import Watched
from alerts.config import AlertsConfig
from alerts.detectors.base import Detector
from alerts.detectors.low_room_temperature import LowRoomTemperature
from alerts.detectors.make_up_leak import MakeUpLeak
from alerts.detectors.silent_sensor import SilentSensor
from alerts.detectors.station_outage import StationOutage


def build(watched: Watched, config: AlertsConfig) -> tuple[Detector, ...]:
    """Every detector, blank; causes before what they cause."""
    return (
        StationOutage(watched, config),
        MakeUpLeak(watched, config),
        LowRoomTemperature(watched, config),
        SilentSensor(watched, config),
    )
