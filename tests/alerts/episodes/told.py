"""Cities whose alerts are followed."""

from collections.abc import Callable

from tests.alerts.world import Say, World, every

Build = Callable[..., World]


def outage(station: str, since: float, until: float) -> list[Say]:
    """Twenty minutes of normal, then no flow."""
    return [
        *every(f"{station}.flow", 12.0, since - 20, since, 5),
        *every(f"{station}.flow", 0.0, since, until, 5),
    ]
