"""What roles, levels of the network and quality marks are called in front of people."""

from domain.language import Text, msg, msg_in

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
#: What a room is called that has no name of its own.
ROOM_USES = {
    "bedroom": msg("bedroom"),
    "living": msg("living room"),
    "kitchen": msg("kitchen"),
    "bathroom": msg("bathroom"),
    "other": msg("room"),
}
#: Kinds of room that acts have standards for.
ROOM_KINDS = {**ROOM_USES, "corner": msg("corner room")}
MARKS = {
    "good": msg("good"),
    "device_error": msg("device error"),
    "out_of_range": msg("out of range"),
    "clock_wrong": msg("clock wrong"),
    "clock_corrected": msg("clock corrected"),
    "retained": msg("sent again by the broker"),
    "conflict": msg("in conflict"),
    "missing": msg("reported as unknown"),
    "unchanged": msg("unchanged for too long"),
    "jumped": msg("jumped and back"),
    "time_of_receipt": msg("time of receipt"),
}
QUANTITIES = {
    "temperature": msg("temperature"),
    "energy": msg("heat energy"),
    "volume": msg("volume"),
    "flow": msg("flow"),
    "power": msg("heat power"),
    "pressure": msg("pressure"),
    "humidity": msg("humidity"),
    "co2": msg("carbon dioxide"),
}
#: What the system says of a file or a server (errno), as values of sentences.
SYSTEM = (
    msg_in("system", "No such file or directory"),
    msg_in("system", "Permission denied"),
    msg_in("system", "Operation not permitted"),
    msg_in("system", "Is a directory"),
    msg_in("system", "Not a directory"),
    msg_in("system", "File exists"),
    msg_in("system", "Read-only file system"),
    msg_in("system", "No space left on device"),
    msg_in("system", "Address already in use"),
    msg_in("system", "Cannot assign requested address"),
    msg_in("system", "Connection refused"),
)


def role_name(code: str) -> Text | str:
    """What a series measures; a role that has no name yet is shown by its code."""
    return ROLES.get(code, code)


def quantity_name(code: str) -> Text | str:
    """What a unit measures; a quantity that has no name yet is shown by its code."""
    return QUANTITIES.get(code, code)


def place_kind_name(code: str) -> Text | str:
    """A level of the network."""
    return PLACES.get(code, code)


def quality_words(mark: str) -> Text | str:
    """A quality mark by its name, in any case."""
    return MARKS.get(mark.lower(), mark)
