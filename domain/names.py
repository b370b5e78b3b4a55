"""What roles, levels of the network and quality marks are called in front of people."""

from domain.language import Text, msg

ROLES = {
    "room_temperature": msg("room temperature"),
    "outdoor_temperature": msg("outdoor temperature"),
    "supply_temperature": msg("supply temperature"),
    "return_temperature": msg("return temperature"),
    "primary_supply_temperature": msg("primary supply temperature"),
    "primary_return_temperature": msg("primary return temperature"),
    "setpoint_temperature": msg("set-point temperature"),
    "flow": msg("flow"),
    "power": msg("heat power"),
    "energy": msg("heat energy"),
    "volume": msg("volume"),
    "supply_pressure": msg("supply pressure"),
    "return_pressure": msg("return pressure"),
    "make_up_flow": msg("make-up water flow"),
    "make_up_volume": msg("make-up water volume"),
    "humidity": msg("humidity"),
    "co2": msg("carbon dioxide"),
}
PLACES = {
    "company": msg("company"),
    "source": msg("heat source"),
    "station": msg("station"),
    "zone": msg("zone"),
    "building": msg("building"),
    "household": msg("household"),
    "room": msg("room"),
}
MARKS = {
    "good": msg("good"),
    "device_error": msg("device error"),
    "out_of_range": msg("out of range"),
    "clock_wrong": msg("clock wrong"),
    "clock_corrected": msg("clock corrected"),
    "retained": msg("sent again by the broker"),
    "conflict": msg("in conflict"),
    "missing": msg("reported as unknown"),
}


def role_name(code: str) -> Text | str:
    """What a series measures; a role that has no name yet is shown by its code."""
    return ROLES.get(code, code)


def place_kind_name(code: str) -> Text | str:
    """A level of the network."""
    return PLACES.get(code, code)


def quality_words(mark: str) -> Text | str:
    """A quality mark by its name, in any case."""
    return MARKS.get(mark.lower(), mark)
