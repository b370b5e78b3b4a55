"""Channels: one file each, found by its name in one list."""

from functools import cache
from importlib import import_module

from alerts.channels.base import ChannelKind
from domain.language import msg

#: `alerts/channels/NAME.py` (a dash in the name is written _) holds the `ChannelKind` as `KIND`.
CHANNELS = (
    "in-tray",
    "smpp",
)


@cache
def channels() -> dict[str, ChannelKind]:
    """Every channel by its name."""
    return {
        name: import_module(f"alerts.channels.{name.replace('-', '_')}").KIND for name in CHANNELS
    }


def known_channel(name: str) -> str:
    """The name as it is; ValueError names the channels there are."""
    if name not in channels():
        raise ValueError(msg("not a channel; allowed: {allowed}", allowed=", ".join(channels())))
    return name
