"""Each worker once per set of stores: two of a kind would undo each other's work."""

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from pathlib import Path

import sqlalchemy as sa

from domain.errors import WrongCall
from domain.language import msg
from heatwatch.wiring import World
from store.books.engine import parse
from store.server.single_instance import HeldBy, PostgresHold, single_by_file, single_by_postgres
from store.server.unreachable import unreachable

#: The console only reads, and its port is its own.
KINDS = frozenset({"ingest", "maintenance", "alerts", "mirror"})
#: A worker that was just killed may take this long to be gone. [s]
TIMEOUT_S = 3.0


Lock = AbstractContextManager[PostgresHold | None]


@contextmanager
def single_worker(world: World, kind: str, stop: threading.Event) -> Iterator[None]:
    """This process is the only worker of its kind; WrongCall names the one that is there.

    PostgreSQL's lock is held again before any use of a database. Where another process took it
    meanwhile, `stop` is set, every further use is refused, and WrongCall names it at the end.
    """
    with ExitStack() as held:
        end = time.monotonic() + TIMEOUT_S
        while kind in KINDS and not _taken(held, world, kind, stop, last=time.monotonic() > end):
            time.sleep(0.05)
        yield


def _taken(held: ExitStack, world: World, kind: str, stop: threading.Event, *, last: bool) -> bool:
    try:
        hold = held.enter_context(_lock(world, f"worker-{kind}"))
    except HeldBy as holder:
        if last:
            raise _refusal(world, kind, holder) from None
        return False
    if hold is not None:
        held.enter_context(_guarded(hold, stop, lambda holder: _refusal(world, kind, holder)))
    return True


@contextmanager
def _guarded(
    hold: PostgresHold, stop: threading.Event, refusal: Callable[[HeldBy], WrongCall]
) -> Iterator[None]:
    """No connection of this process is used unless `hold` is held."""
    lost: list[HeldBy] = []

    def keep(link: sa.Connection) -> None:
        if hold.is_own(link.engine):
            return
        if lost:
            raise HeldBy(str(lost[0]))
        try:
            hold.keep()
        except HeldBy as holder:
            lost.append(holder)
            stop.set()
            raise

    sa.event.listen(sa.Engine, "engine_connect", keep)
    try:
        yield
    except HeldBy as holder:
        raise refusal(holder) from None
    finally:
        sa.event.remove(sa.Engine, "engine_connect", keep)
    if lost:
        raise refusal(lost[0])


def holder_of(world: World, kind: str) -> str | None:
    """The process that is the worker of this kind; None where there is none. Makes no file."""
    folder = _locks(world)
    if folder is not None and not folder.is_dir():
        return None
    try:
        with _lock(world, f"worker-{kind}", sign=False):
            return None
    except HeldBy as holder:
        return str(holder)


class SingleRun:
    """The locks of a run's workers."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._holds: dict[str, PostgresHold] = {}

    def add(self, held: ExitStack, kind: str) -> None:
        hold = held.enter_context(_lock(self._world, f"run-{kind}"))
        if hold is not None:
            self._holds[kind] = hold
        with _lock(self._world, f"worker-{kind}", sign=False):
            pass

    def keep(self) -> None:
        """All are held when this returns, or PostgreSQL is away; WrongCall names another holder."""
        for kind, hold in self._holds.items():
            try:
                hold.keep()
            except HeldBy as holder:
                raise _refusal(self._world, kind, holder) from None
            except sa.exc.OperationalError as error:
                if not unreachable(error):
                    raise
                return  # the workers say so


@contextmanager
def single_run(world: World, kinds: Sequence[str]) -> Iterator[SingleRun]:
    """No other `run` has these workers, nor do they run by themselves; WrongCall names the process."""
    locks = SingleRun(world)
    with ExitStack() as held:
        for kind in sorted(KINDS.intersection(kinds)):
            try:
                locks.add(held, kind)
            except HeldBy as holder:
                raise _refusal(world, kind, holder) from None
        yield locks


def _refusal(world: World, kind: str, holder: HeldBy) -> WrongCall:
    return WrongCall(
        msg(
            "{kind} of {path} runs already ({holder}); stop that first, "
            "or name another configuration with --config",
            kind=kind,
            path=world.path,
            holder=holder,
        )
    )


def _lock(world: World, name: str, *, sign: bool = True) -> Lock:
    if parse(world.config.store.books).get_backend_name() != "sqlite":
        return single_by_postgres(world.books, name)
    folder = _locks(world)
    return nullcontext() if folder is None else single_by_file(folder, name, sign=sign)


def _locks(world: World) -> Path | None:
    """The folder of locks beside books in a file."""
    address = parse(world.config.store.books)
    if address.get_backend_name() != "sqlite" or address.database in {None, "", ":memory:"}:
        return None
    return Path(f"{address.database}.locks")
