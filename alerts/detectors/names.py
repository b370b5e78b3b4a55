"""What a kind of alert is called, also one whose detector is not there any more."""

from alerts.detectors import kinds
from domain.language import Text


def title_of(kind: str) -> Text:
    """Its title, else its name."""
    found = kinds().get(kind)
    return Text("{kind}", {"kind": kind}) if found is None else found.title


def icon_of(kind: str) -> tuple[str, str]:
    """A Material icon and its colour."""
    found = kinds().get(kind)
    return ("warning", "orange") if found is None else found.icon
