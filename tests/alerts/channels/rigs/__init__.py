"""The other side of each channel, for the contract test: one file a channel, with `rig(folder)`."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Rig:
    """What stands at the other end."""

    settings: Any  # the channel's
    left: Callable[[], list[str]]  # texts that have arrived there
    reply: Callable[[str, str], None] | None  # a phone sends a text to us; None: nobody can
