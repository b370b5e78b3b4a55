"""Parts of the page that follow what they show while it is looked at."""

from collections.abc import Callable
from typing import TypeVar

from nicegui import ui

#: How often values, alerts and in-tray are looked at [s].
VALUES_S = 5.0
#: How often a household's chart and refund are; a curve is read from the lake [s].
CHART_S = 60.0


Seen = TypeVar("Seen")


def live(look: Callable[[], Seen], draw: Callable[[Seen], None], every_s: float = VALUES_S) -> None:
    """Draws what a look finds; looks every `every_s` [s] and draws again only what has changed.

    What stays is left alone, with the selection and the place to which somebody has scrolled.
    """
    seen = look()
    part = ui.refreshable(draw)
    part(seen)

    def again() -> None:
        nonlocal seen
        found = look()
        if found != seen:
            seen = found
            part.refresh(found)

    ui.timer(every_s, again, immediate=False)
