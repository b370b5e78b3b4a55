"""The kinds of alert: a closed list. An episode is of one kind, at one place."""

from enum import StrEnum


class Kind(StrEnum):
    """What configurations, episodes and messages write."""

    LOW_ROOM_TEMPERATURE = "low_room_temperature"  # at a household
    MAKE_UP_LEAK = "make_up_leak"  # at a station
    STATION_OUTAGE = "station_outage"  # at a station; at a source or company as common cause
    SILENT_SENSOR = "silent_sensor"  # where the series are; at a station or above for all of it
