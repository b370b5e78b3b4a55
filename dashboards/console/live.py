"""Parts of the page that are drawn again while it is looked at."""

from collections.abc import Callable

from nicegui import ui

#: How often values, alerts and in-tray are drawn again [s].
VALUES_S = 5.0
#: How often a household's chart and refund are; a curve is read from the lake [s].
CHART_S = 60.0


def live(draw: Callable[[], None], every_s: float = VALUES_S) -> None:
    """Draws now and then every `every_s` [s]."""
    part = ui.refreshable(draw)
    part()
    ui.timer(every_s, part.refresh)
