"""What episodes and messages need to know of the network and the configuration, together."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar
from zoneinfo import ZoneInfo

from alerts.columns.topology import Group, groups
from alerts.columns.watched import Watched
from alerts.config import AlertsConfig
from alerts.detectors import kinds
from alerts.messages.recipients import Addressee, addressees
from domain.tree import Tree

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class City:
    """One registry version under one configuration."""

    watched: Watched
    config: AlertsConfig
    zone: ZoneInfo
    addressees: tuple[Addressee, ...]
    groups: dict[str, tuple[Group, ...]]  # by kind that many stations share

    @property
    def places(self) -> Tree:
        return self.watched.places

    @classmethod
    def of(cls, watched: Watched, config: AlertsConfig) -> "City":
        return cls(
            watched,
            config,
            ZoneInfo(config.zone),
            addressees(config.recipients, watched.places),
            {
                name: groups(watched, kind.inputs.roles, float(config.common_share))
                for name, kind in kinds().items()
                if kind.causes.together
            },
        )


def pieces(items: Sequence[T], size: int = 5_000) -> Iterator[Sequence[T]]:
    """Slices that fit into one statement's parameters."""
    return (items[i : i + size] for i in range(0, len(items), size))
