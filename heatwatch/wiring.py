"""Puts the rooms together: everything with a side effect is opened here, when first asked for.

Heavy libraries are imported where they are opened, so that `--help` answers at once.
"""

from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from domain.clock import Clock
from domain.errors import WrongCall
from domain.formats import Formats
from domain.language import msg
from heatwatch.output import formats

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from heatwatch.config_tables import Config
    from store.config import InfluxConfig
    from store.journal.journal import Journal
    from store.lake.lake import Lake
    from store.readings.readings import Readings
    from store.registry.series import SeriesIndex

#: Where the configuration is looked for when nobody names one.
DEFAULT_CONFIG = Path("heatwatch.toml")
#: Highest number that an episode, a task or a run of the books can have.
HIGHEST_NUMBER = 2**31 - 1


class World:
    """One configured city with its stores; opens only what a command uses."""

    def __init__(self, config: "Config", path: Path) -> None:
        self.config = config
        self.path = path
        self._clock: Clock | None = None

    @cached_property
    def books(self) -> "Engine":
        from store.books.engine import open_books

        return open_books(self.config.store.books)

    @property
    def is_read_only(self) -> bool:
        """Whether the books may only be read, as a copy for an auditor: nothing else is written, either."""
        from store.server.read_only import is_read_only

        return is_read_only(self.books)

    @cached_property
    def journal(self) -> "Journal":
        from store.journal.journal import Journal

        return Journal.open(self.config.store.journal)

    @cached_property
    def lake(self) -> "Lake":
        from store.lake.lake import Lake

        store = self.config.store
        return Lake.open(store.lake, store.lake_options, read_only=self.is_read_only)

    @cached_property
    def readings(self) -> "Readings":
        from store.readings.readings import Readings

        if self.is_read_only:
            from store.readings.copied import CopiedReadings

            return CopiedReadings(self.lake)
        keep = self.config.store.journal_keep_batches
        return Readings(self.journal, self.lake, self.books, keep_batches=keep)

    @property
    def influx(self) -> "InfluxConfig | None":
        """The mirror's InfluxDB, None where none is configured; WrongCall without its token."""
        self.check_influx()
        return self.config.store.influx

    def check_influx(self) -> None:
        """WrongCall where an InfluxDB is configured without its token."""
        influx = self.config.store.influx
        if influx is not None and not influx.token:
            raise WrongCall(
                msg("store.influx needs its token: set HEATWATCH_INFLUX_TOKEN in the environment")
            )

    @cached_property
    def index(self) -> "SeriesIndex":
        from store.registry.series import SeriesIndex

        return SeriesIndex.load(self.books)

    @cached_property
    def formats(self) -> Formats:
        """How values are shown at the terminal: in the city's zone and unit of heat."""
        return formats(self.config.city.zone, self.config.display.heat_unit)

    @property
    def policies(self) -> Path | None:
        """The folder of policies beside those that ship."""
        return self.config.law.policies

    def now(self) -> datetime:
        """What time it is for this city: the wall's, or the catching-up clock's."""
        settings, wall = self.config.clock, datetime.now(UTC)
        if settings is None:
            return wall
        if self._clock is None and settings.started.exists():
            self._clock = Clock(_began(settings.started), settings.start, settings.speed)
        return self._clock.now(wall) if self._clock else settings.start

    def start_clock(self) -> None:
        """Lets a standing clock run from now on, in every process of the run."""
        settings = self.config.clock
        if settings is not None and not settings.started.exists():
            beside = settings.started.with_name(settings.started.name + ".new")
            beside.write_text(datetime.now(UTC).isoformat(), encoding="utf-8")
            beside.replace(settings.started)


def _began(started: Path) -> datetime:
    """The wall time in the clock's file; WrongCall where it holds none."""
    try:
        began = datetime.fromisoformat(started.read_text(encoding="utf-8").strip())
    except (OSError, ValueError):
        began = None
    if began is None or began.tzinfo is None:
        raise WrongCall(
            msg(
                "clock.started = {file!r} does not say when the clock was started; allowed: a file "
                "as heatwatch wrote it; without the file the clock stands at clock.start",
                file=str(started),
            )
        )
    return began


def open_world(config_path: Path) -> World:
    """The world of a configuration file; WrongCall where it is wrong."""
    from heatwatch.config import load

    return World(load(config_path), config_path)
