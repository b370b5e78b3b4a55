"""Each worker once per set of stores: two of a kind would undo each other's work."""

import time
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from pathlib import Path

from domain.errors import WrongCall
from heatwatch.wiring import World
from store.books.engine import parse
from store.sole import HeldBy, sole_by_file, sole_by_postgres

#: The console only reads, and its port is its own.
KINDS = frozenset({"ingest", "keeper", "alerts", "mirror"})
#: A worker that was just killed may take this long to be gone. [s]
PATIENCE_S = 3.0


@contextmanager
def sole_worker(world: World, kind: str) -> Iterator[None]:
    """This process is the only worker of its kind; WrongCall names the one that is there."""
    with ExitStack() as held:
        if kind in KINDS:
            end = time.monotonic() + PATIENCE_S
            while not _taken(held, world, kind, last=time.monotonic() > end):
                time.sleep(0.05)
        yield


def _taken(held: ExitStack, world: World, kind: str, *, last: bool) -> bool:
    try:
        held.enter_context(_lock(world, f"worker-{kind}"))
    except HeldBy as holder:
        if last:
            raise _refusal(world, kind, holder) from None
        return False
    return True


@contextmanager
def sole_run(world: World, kinds: Sequence[str]) -> Iterator[None]:
    """No other `run` has these workers, nor do they run by themselves; WrongCall names the process."""
    with ExitStack() as held:
        for kind in sorted(KINDS.intersection(kinds)):
            try:
                held.enter_context(_lock(world, f"run-{kind}"))
                with _lock(world, f"worker-{kind}", sign=False):
                    pass
            except HeldBy as holder:
                raise _refusal(world, kind, holder) from None
        yield


def _refusal(world: World, kind: str, holder: HeldBy) -> WrongCall:
    return WrongCall(
        f"{kind} of {world.path} runs already ({holder}); stop that first, "
        "or name another configuration with --config"
    )


def _lock(world: World, name: str, *, sign: bool = True) -> AbstractContextManager[None]:
    address = parse(world.config.store.books)
    if address.get_backend_name() != "sqlite":
        return sole_by_postgres(world.books, name)
    if address.database in {None, "", ":memory:"}:
        return nullcontext()
    return sole_by_file(Path(f"{address.database}.locks"), name, sign=sign)
