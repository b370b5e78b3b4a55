"""The command and the wiring, the only place where rooms are put together; and a library.

`import heatwatch as hw` has what `heatwatch.api` lists; nothing heavy is loaded before it is used.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from heatwatch.api import (
        City,
        Law,
        consumption,
        coverage,
        decode,
        degree_hours,
        heat_coefficient,
        heat_of_volume,
        open,
        outages,
        policy,
    )

__all__ = [
    "City", "Law", "consumption", "coverage", "decode", "degree_hours", "heat_coefficient", "heat_of_volume", "open",
    "outages", "policy",
]  # fmt: skip


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module 'heatwatch' has no attribute {name!r}")
    from heatwatch import api

    return getattr(api, name)


def __dir__() -> list[str]:
    return sorted(__all__)
