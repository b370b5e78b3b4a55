"""Puts the rooms together: everything with a side effect is opened here, when first asked for.

Heavy libraries are imported where they are opened, so that `--help` answers at once.
"""

from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from domain.clock import Clock
from heatwatch.config import Config, load

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from store.journal import Journal
    from store.lake import Lake
    from store.readings import Readings
    from store.series import SeriesIndex

#: Where the configuration is looked for when nobody names one.
DEFAULT_CONFIG = Path("heatwatch.toml")


class World:
    """One configured city with its stores; opens only what a command uses."""

    def __init__(self, config: Config, path: Path) -> None:
        self.config = config
        self.path = path

    @cached_property
    def books(self) -> "Engine":
        from store.books.engine import open_books

        return open_books(self.config.store.books)

    @cached_property
    def journal(self) -> "Journal":
        from store.journal import Journal

        return Journal.open(self.config.store.journal)

    @cached_property
    def lake(self) -> "Lake":
        from store.lake import Lake

        return Lake.open(self.config.store.lake, self.config.store.lake_options)

    @cached_property
    def readings(self) -> "Readings":
        from store.readings import Readings

        keep = self.config.store.journal_keep_batches
        return Readings(self.journal, self.lake, self.books, keep_batches=keep)

    @cached_property
    def index(self) -> "SeriesIndex":
        from store.series import SeriesIndex

        return SeriesIndex.load(self.books)

    @property
    def clock(self) -> Clock | None:
        return self.config.clock.clock() if self.config.clock else None

    def now(self) -> datetime:
        """What time it is for this city: the wall's, or the catching-up clock's."""
        wall = datetime.now(UTC)
        return self.clock.now(wall) if self.clock else wall


def open_world(config_path: Path) -> World:
    """The world of a configuration file; WrongCall where it is wrong."""
    return World(load(config_path), config_path)
