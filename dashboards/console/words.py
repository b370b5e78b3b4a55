"""Words that several parts of the console say, and what a role is called at the head of a line."""

from domain.language import msg, msg_in
from domain.names import ROLES

TITLE = msg_in("console", "heatwatch")
FIND = msg_in("console", "Find a household by code")
ALERTS = msg_in("console", "Open alerts")
REFUND = msg_in("console", "Refund, step by step")
NOT_FOUND = msg_in("console", "No such code")
UNKNOWN = msg_in("console", "unknown")
ROOM_TEMPERATURE = msg_in("console", "Room temperature")
NO_PAGE = msg("There is no such page")


def role_word(code: str, language: str) -> str:
    """What a series says of its place, as a line begins."""
    name = ROLES[code].to(language)
    return name[:1].upper() + name[1:]
