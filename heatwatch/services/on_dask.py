"""A settlement on a Dask cluster: households in pieces, and every worker reads the lake itself.

A worker is given facts and the policy's bytes, and writes nothing: what it finds comes back and is put
in the snapshot's order, so that it is the same to the byte, whoever found what and however often.
"""

import json
import threading
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import lru_cache
from importlib.metadata import version
from itertools import islice
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import numpy as np
from numpy.typing import NDArray

from analytics.facts.snapshot import Snapshot
from analytics.law.policy import PolicyFile, parse
from analytics.law.steps import MadeWhenRead, Step
from analytics.settlement.result import Result
from analytics.settlement.result_columns import ResultColumns
from analytics.settlement.results import Settlement
from analytics.settlement.settle import PIECE_READINGS, Progress, settle
from domain.errors import ServerMissing, WrongCall
from domain.language import msg
from store.lake.lake import Lake
from store.readings.lake_readings import LakeReadings

if TYPE_CHECKING:
    from distributed import Client

CONNECT_S = 10  # [s]
PIECES_A_WORKER = 4  # so that a slow piece does not leave the others waiting
AHEAD = 2  # pieces that a worker has at once: one is sent while another is settled
_ONE_AT_A_TIME = threading.Lock()  # in a worker: a piece uses all of its cores


@dataclass(frozen=True)
class Job:
    """What all pieces of a settlement have in common."""

    version: str  # of heatwatch
    policy: bytes
    origin: str
    lake: str  # its address, as the workers reach it
    options: tuple[tuple[str, str], ...] = field(repr=False)  # a worker's log has none of them
    lake_identity: str
    flush: int


def settle_on(
    url: str,
    snapshot: Snapshot,
    law: PolicyFile,
    lake: Lake,
    *,
    flush: int,
    progress: Progress | None = None,
) -> Settlement:
    """As `analytics.settlement.settle.settle`, on the workers of the scheduler at `url`.

    ServerMissing where there is no scheduler or no worker; WrongCall where a worker can't reach the
    lake, reads another one, or has another version of heatwatch. A worker that is lost is replaced:
    its pieces are settled by the others.
    """
    job = job_of(law, lake, flush)
    with _cluster(url) as client:
        workers = len(client.nthreads())
        rows = _cut(snapshot, workers)
        found: dict[int, list[Result]] = {}
        done = 0
        for number, results in _results(client, job, snapshot, rows, workers * AHEAD):
            found[number] = results
            done += len(results)
            if progress is not None:
                progress(done, snapshot.household.size)
    every = tuple(result for number in range(len(rows)) for result in found[number])
    return Settlement(snapshot, law, flush, ResultColumns.of(every))


def job_of(law: PolicyFile, lake: Lake, flush: int) -> Job:
    """What a worker is told; a folder by its whole path."""
    place = lake.place
    where = place.uri if place.folder is None else str(place.folder.resolve())
    options = tuple(sorted(place.options.items()))
    return Job(version("heatwatch"), law.raw, law.origin, where, options, lake.identity, flush)


@contextmanager
def _cluster(url: str) -> Iterator["Client"]:
    try:
        from distributed import Client
    except ImportError:
        raise WrongCall(msg("--dask needs the extra: pip install 'heatwatch[dask]'")) from None
    try:
        client = Client(url, timeout=CONNECT_S, set_as_default=False)
    except ValueError as error:
        raise WrongCall(
            msg(
                "--dask {url!r}: {why}; allowed: such as tcp://10.0.0.5:8786",
                url=url,
                why=str(error),
            )
        ) from None
    except (OSError, TimeoutError):
        raise ServerMissing(
            msg("a Dask scheduler at {url}", url=url), msg("start it with: dask scheduler")
        ) from None
    try:
        if not client.nthreads():
            raise ServerMissing(
                msg("a worker of the Dask scheduler {url}", url=url),
                msg("start one on each machine with: dask worker {url} --nthreads 1", url=url),
            )
        yield client
    finally:
        client.close()


def _results(
    client: "Client", job: Job, snapshot: Snapshot, rows: Sequence[NDArray[np.int64]], ahead: int
) -> Iterator[tuple[int, list[Result]]]:
    """(number of the piece, its results) as they come; only so many are on their way at once."""
    from distributed import KilledWorker, as_completed

    run, numbers = uuid4().hex, iter(range(len(rows)))
    which: dict[str, int] = {}

    def submit(number: int) -> Any:
        key = f"heatwatch-settle-{run}-{number}"
        which[key] = number
        return client.submit(settle_piece, job, snapshot.of(rows[number]), key=key, pure=False)

    first = [submit(number) for number in islice(numbers, ahead)]
    running = as_completed(first, loop=client.loop)
    for future in running:
        try:
            results = future.result()
        except KilledWorker:
            raise WrongCall(
                msg(
                    "a piece of the city ended several workers of the Dask cluster, one after the "
                    "other; allowed: workers with more memory"
                )
            ) from None
        yield which[future.key], results
        future.release()
        for number in numbers:
            running.add(submit(number))
            break


def _cut(snapshot: Snapshot, workers: int) -> list[NDArray[np.int64]]:
    """Rows of households next to each other, in pieces of about equally many readings."""
    season, offsets = snapshot.season, snapshot.series.offsets[snapshot.rooms.offsets]
    interval_s = np.maximum(snapshot.series.columns[1], 1)
    readings = (season.end_us - season.since_us) // 1_000_000 // interval_s + 1
    before = np.concatenate([[0], np.cumsum(readings)])[offsets] + np.arange(offsets.size)
    size = min(PIECE_READINGS, int(before[-1]) // (workers * PIECES_A_WORKER) + 1)
    cuts = np.flatnonzero(np.diff(before[:-1] // size)) + 1
    return np.split(np.arange(snapshot.household.size), cuts)


# what runs on a worker


def settle_piece(job: Job, part: Snapshot) -> list[Result]:
    """The results of some households, with their steps made, as they travel."""
    own = version("heatwatch")
    if own != job.version:
        raise WrongCall(
            msg(
                "a Dask worker has heatwatch {own}; allowed: {wanted}, as here",
                own=own, wanted=job.version,
            )
        )  # fmt: skip
    with _ONE_AT_A_TIME:
        readings = _readings(job.lake, job.options, job.lake_identity, job.flush)
        columns_of = readings.season(part.read_span, job.flush)
        law = parse(job.policy, job.origin)
        run = settle(part, columns_of, law, flush=job.flush)
        return [replace(each, explained=_sent(each)) for each in run.results]


@lru_cache(maxsize=1)
def _readings(
    uri: str, options: tuple[tuple[str, str], ...], identity: str, flush: int
) -> LakeReadings:
    """The lake as this worker reaches it; WrongCall where it is not the one that was meant."""
    from deltalake import DeltaTable

    given = dict(options)
    if not DeltaTable.is_deltatable(
        uri, given or None
    ):  # never made here: it would be an empty one
        raise WrongCall(
            msg("a Dask worker finds no lake at {uri}; allowed: storage that all share", uri=uri)
        )
    lake = Lake.open(uri, given)
    if lake.identity != identity or lake.last_flush().number < flush:
        raise WrongCall(
            msg(
                "a Dask worker finds another lake at {uri}, or one without data version {flush}; "
                "allowed: storage that all share",
                uri=uri, flush=flush,
            )
        )  # fmt: skip
    return LakeReadings(lake)


def _sent(result: Result) -> "tuple[Step, ...] | Sent":
    """Steps as they travel: what households share once, others packed."""
    if isinstance(result.explained, tuple):
        return result.explained
    return Sent(zlib.compress(json.dumps(list(result.explained)).encode()))


class Sent(MadeWhenRead):
    """Steps of a judged household, unpacked each time they are read."""

    __slots__ = ("packed",)

    def __init__(self, packed: bytes) -> None:
        super().__init__(self._unpacked)
        self.packed = packed

    def _unpacked(self) -> list[Step]:
        found: list[Step] = json.loads(zlib.decompress(self.packed))
        return found

    def __reduce__(self) -> tuple[type["Sent"], tuple[bytes]]:
        return Sent, (self.packed,)
