"""The InfluxDB mirror: a follower that writes points for Grafana.

Idempotent: points are made from the resolved readings of the touched series and days, never
from the order in which something came. The checkpoint is written after the points. A server
that is absent is waited for; then the mirror catches up. A point that the server will never
take (another type of its field, outside the retention) is counted, logged and passed over.
It can be rebuilt from the lake.
"""

import itertools
import json
import logging
import re
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self
from zoneinfo import ZoneInfo

import numpy as np
import sqlalchemy as sa
from influxdb_client.client.influxdb_client import InfluxDBClient
from influxdb_client.client.write_api import SYNCHRONOUS
from influxdb_client.domain.write_precision import WritePrecision
from influxdb_client.rest import ApiException
from numpy.typing import NDArray
from sqlalchemy.orm import Session
from urllib3 import Retry
from urllib3.exceptions import HTTPError

from domain.columns import Columns
from domain.errors import ServerMissing
from domain.language import Text, msg
from domain.quality import Quality
from domain.time import Span, from_us
from store.books.watch import Checkpoint
from store.config import InfluxConfig
from store.influx.points import Day, PointMap, days_of
from store.journal.journal import Batch
from store.lake.files import times
from store.readings.followers import WarnOnce, begin, checkpoint, follow
from store.readings.readings import Readings
from store.registry.series import registry_version

LOG = logging.getLogger("heatwatch.mirror")
NAME = "influx-mirror"
LINES_A_CALL = 5_000
MEASUREMENTS = ("reading", "household_day")
#: Answers to points that will be refused however often they are sent.
_REFUSALS = {400, 413, 422}
_DROPPED = re.compile(r"\bdropped=(\d+)")
_ALL_TIME = ("1970-01-01T00:00:00Z", "2200-01-01T00:00:00Z")


@dataclass(frozen=True, slots=True)
class Refusals:
    """Points that the server will never take."""

    points: int = 0  # as the server counts them
    says: str = ""  # its line to the last of them

    def add_to(self, state: dict[str, Any]) -> dict[str, Any]:
        """What the checkpoint remembers, with these."""
        count = int(state.get("refused", 0)) + self.points
        return state | {"refused": count, "refusal": self.says or state.get("refusal", "")}


def _line(refusal: ApiException) -> str:
    """What the server said, in one line."""
    try:
        said = str(json.loads(refusal.body)["message"])
    except (ValueError, TypeError, KeyError):
        said = f"{refusal.reason}: {refusal.body!r}"
    return f"{refusal.status} {' '.join(said.split())[:300]}"


class InfluxPoints:
    """The server's side: lines in, errors said in words."""

    def __init__(self, config: InfluxConfig) -> None:
        self._config = config
        self._client: Any = InfluxDBClient(
            url=config.url,
            token=config.token,
            org=config.org,
            timeout=30_000,
            enable_gzip=True,
            retries=Retry(0),
        )
        self._writer = self._client.write_api(write_options=SYNCHRONOUS)
        self._told = WarnOnce(LOG.warning)
        self.refused = Refusals()

    def write(self, lines: Iterable[str]) -> int:
        """Writes all lines, in calls of some thousands; how many the server took.

        What it will never take is added to `refused`. ServerMissing where it can't write at all.
        """
        lines = iter(lines)
        parts = iter(lambda: list(itertools.islice(lines, LINES_A_CALL)), [])
        return sum(map(self._write, parts))

    def _write(self, part: list[str]) -> int:
        try:
            self._call(
                self._writer.write,
                bucket=self._config.bucket,
                record="\n".join(part),
                write_precision=WritePrecision.US,
            )
        except ApiException as refusal:
            return self._pass_over(part, _line(refusal))
        return len(part)

    def _pass_over(self, part: list[str], says: str) -> int:
        """The lines of `part` that were written although the server refused some of it."""
        dropped = _DROPPED.search(says)
        if dropped is None and len(part) > 1:  # it took none of them: the good ones once more
            half = len(part) // 2
            return self._write(part[:half]) + self._write(part[half:])
        # A server that spreads the points over several days may count those of one day only.
        count = min(int(dropped[1]), len(part)) if dropped is not None else 1
        self.refused = Refusals(self.refused.points + count, says)
        self._told.say(f"InfluxDB refuses points, they are passed over: {_DROPPED.sub('', says)}")
        return len(part) - count

    def try_out(self) -> None:
        """ServerMissing where it takes no points from us; nothing is written.

        It looks at the token and the bucket before it reads a line, and this line is none.
        """
        with suppress(ApiException):
            self._call(self._writer.write, bucket=self._config.bucket, record="no_line")

    def delete(self, predicate: str, span: tuple[Any, Any] = _ALL_TIME) -> None:
        """Deletes points within a span."""
        start, stop = span
        delete = self._client.delete_api().delete
        self._call(delete, start=start, stop=stop, predicate=predicate, bucket=self._config.bucket)

    def _call(self, method: Callable[..., Any], **arguments: Any) -> None:
        try:
            method(**arguments)
        except HTTPError:  # refused, cut off, too slow: one cause, logged once
            hint = msg("start influxd or change store.influx.url")
            raise ServerMissing(msg("InfluxDB at {url}", url=self._config.url), hint) from None
        except ApiException as error:
            if error.status in _REFUSALS and method == self._writer.write:
                raise
            raise ServerMissing(
                msg("InfluxDB at {url}", url=self._config.url), self._hint(error)
            ) from None

    def _hint(self, error: ApiException) -> Text:
        if error.status in {401, 403}:
            return msg("it refuses the token; set HEATWATCH_INFLUX_TOKEN to one that may write")
        if error.status == 404:
            return msg(
                "it has no bucket {bucket!r} in organisation {org!r}; make it or change store.influx",
                bucket=self._config.bucket,
                org=self._config.org,
            )
        if "no space left" in str(error.body).lower():
            return msg("its disk is full; make room there")
        if error.status == 429 or error.status >= 500:  # what it says further changes with each try
            return msg(
                "it takes no points now ({status} {reason}); see its log",
                status=error.status,
                reason=error.reason,
            )
        return msg("it answers {line}", line=_line(error))

    def close(self) -> None:
        self._client.close()


class Mirror:
    """The follower. Close it, or use it in a `with`."""

    name = NAME

    def __init__(self, readings: Readings, engine: sa.Engine, config: InfluxConfig) -> None:
        self._readings = readings
        self._engine = engine
        self._config = config
        self._zone = ZoneInfo(config.zone)
        self._points = InfluxPoints(config)
        self._version: int | None = None
        self._map: PointMap | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._points.close()

    def handle(self, batch: Batch, session: Session) -> None:
        """Points first, then the books are touched: a slow server must not hold their lock."""
        self._points.refused = Refusals()  # those of a try that failed are met again
        rows = batch.readings
        good = rows["quality"].to_numpy() != Quality.CLOCK_WRONG
        written = self.touched(rows["series"].to_numpy()[good], times(rows)[good])
        self._count(session, written)

    def touched(self, series: NDArray[np.int32], at_us: NDArray[np.int64]) -> int:
        """Writes what the mirror holds of these readings; how many points."""
        days = days_of(series, at_us, self._zone)
        return sum(self._write_day(day, self._current_map()) for day in days)

    def _write_day(self, day: Day, points: PointMap) -> int:
        narrow = Span(from_us(day.first_us), from_us(day.last_us + 1))
        full = self._readings.columns(points.full(day.series), narrow)
        self._forget_conflicts(full)
        homes = self._readings.columns(points.homes(day.series), day.span)
        lines = itertools.chain(points.readings(full), points.household_days(homes, day.span))
        return self._points.write(lines)

    def _forget_conflicts(self, full: Columns) -> None:
        """A point that became a conflict loses its value: InfluxDB would keep the old field."""
        number = np.repeat(full.series, np.diff(full.offsets))
        for i in np.flatnonzero(full.mark == Quality.CONFLICT).tolist():
            at = from_us(int(full.at_us[i]))
            predicate = f'_measurement="reading" AND series_id="{number[i]}"'
            self._points.delete(predicate, (at, from_us(int(full.at_us[i]) + 1)))

    def _current_map(self) -> PointMap:
        version = registry_version(self._engine)
        if self._map is None or version != self._version:
            self._map, self._version = PointMap(self._engine, self._config), version
        return self._map

    def _count(self, session: Session, written: int) -> None:
        row = checkpoint(session, NAME)
        points = int(row.state.get("points", 0)) + written
        row.state = self._points.refused.add_to(row.state) | {"points": points, "problem": ""}

    # -- what did not come as a batch ------------------------------------------------------

    def take_imports(self) -> None:
        """Bulk imports are past the journal: their flushes are mirrored here, one by one."""
        with Session(self._engine) as session:
            done = int(checkpoint(session, NAME).state.get("flush", 0))
        for flush in self._readings.journal.imports_after(done):
            self._points.refused = Refusals()
            written = sum(self._lake((flush, flush)))
            with Session(self._engine) as session, session.begin():
                self._count(session, written)
                row = checkpoint(session, NAME)
                row.state = row.state | {"flush": flush}

    def _lake(self, flushes: tuple[int, int] | None) -> Iterator[int]:
        """Points written for each file of the lake."""
        columns = ["series", "at", "quality"]
        for rows in self._readings.lake.scan(flushes=flushes, columns=columns):
            good = rows["quality"].to_numpy() != Quality.CLOCK_WRONG
            yield self.touched(rows["series"].to_numpy()[good], times(rows)[good])

    def rebuild(self) -> Iterator[int]:
        """Empties the mirror and writes it again from the lake; points of each file as they are done."""
        for name in MEASUREMENTS:
            self._points.delete(f'_measurement="{name}"')
        yield from self._lake(None)

    @property
    def refused(self) -> Refusals:
        """What the server refused since the batch, import or rebuild began."""
        return self._points.refused


def rebuild(readings: Readings, engine: sa.Engine, config: InfluxConfig) -> Iterator[int]:
    """Empties the mirror and fills it from the lake; yields the points of each file as it is done.

    What is not flushed yet comes with the next batch that the running mirror follows.
    """
    with Mirror(readings, engine, config) as mirror:
        begin(readings, engine, NAME, config.start)
        last = readings.lake.last_flush().number
        total = 0
        for written in mirror.rebuild():
            total += written
            yield written
        with Session(engine) as session, session.begin():
            row = checkpoint(session, NAME)
            known = {"points": total, "flush": last, "problem": "", "refused": 0, "refusal": ""}
            row.state = mirror.refused.add_to(row.state | known)


def run_mirror(
    readings: Readings, engine: sa.Engine, config: InfluxConfig, stop: threading.Event
) -> None:
    """Follows until `stop`, imports included; an absent server is waited for."""

    def on_problem(line: str) -> None:
        LOG.warning(line)
        _tell(engine, line)

    begin(readings, engine, NAME, config.start)
    with Mirror(readings, engine, config) as mirror:
        follow(
            readings,
            engine,
            mirror,
            stop=stop,
            poll_s=config.poll_seconds,
            start=config.start,
            on_problem=on_problem,
            before=mirror.take_imports,
        )


def _tell(engine: sa.Engine, problem: str) -> None:
    with (
        suppress(sa.exc.OperationalError),  # what is wrong may be the books themselves
        Session(engine) as session,
        session.begin(),
    ):
        row = checkpoint(session, NAME)
        row.state = row.state | {"problem": problem}


@dataclass(frozen=True, slots=True)
class MirrorStatus:
    """How far the mirror is."""

    points: int  # written so far; a point written again counts again
    batch: int  # last batch mirrored
    why_not: str  # the line why it is not getting on; empty where it is
    refused: int = 0  # points the server will never take; passed over
    refusal: str = ""  # what it said to the last of them


def mirror_status(engine: sa.Engine, config: InfluxConfig | None) -> MirrorStatus:
    """Points written, or the line why not."""
    if config is None:
        return MirrorStatus(0, 0, "no [store.influx] in the configuration")
    with Session(engine) as session:
        row = session.get(Checkpoint, NAME)
    if row is None:
        return MirrorStatus(0, 0, "the mirror has not run yet: heatwatch run mirror")
    state = row.state
    return MirrorStatus(
        int(state.get("points", 0)),
        row.batch,
        str(state.get("problem", "")),
        int(state.get("refused", 0)),
        str(state.get("refusal", "")),
    )
