"""The network's tree: company > source > station > zone > building > household > room."""

from enum import Enum


class PlaceKind(Enum):
    """Levels of the tree, top down; a place's parent is of a level above it."""

    COMPANY = "company"
    SOURCE = "source"
    STATION = "station"
    ZONE = "zone"
    BUILDING = "building"
    HOUSEHOLD = "household"
    ROOM = "room"

    @property
    def level(self) -> int:
        return list(PlaceKind).index(self)

    @classmethod
    def of(cls, code: str) -> "PlaceKind":
        """The kind with this code; ValueError names what is allowed."""
        try:
            return cls(code)
        except ValueError:
            allowed = ", ".join(each.value for each in cls)
            raise ValueError(f"place kind {code!r} is not known; allowed: {allowed}") from None


class RoomUse(Enum):
    """What a room is for; the acts cover bedrooms and living rooms (Henan art. 26)."""

    BEDROOM = "bedroom"
    LIVING = "living"
    KITCHEN = "kitchen"
    BATHROOM = "bathroom"
    OTHER = "other"


COVERED_ROOMS = frozenset({RoomUse.BEDROOM, RoomUse.LIVING})
