"""Channels: one file each, and one list."""

from collections.abc import Callable

from alerts.channels import in_tray, smpp
from alerts.channels.base import Channel
from alerts.config import SmsConfig

CHANNELS: dict[str, Callable[[SmsConfig], Channel]] = {
    "in-tray": in_tray.build,
    "smpp": smpp.build,
}


def build(config: SmsConfig) -> Channel:
    """The configured channel, not yet connected."""
    return CHANNELS[config.channel](config)
