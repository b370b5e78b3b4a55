"""The machine's clock, and that of a database server: times of receipt and deadlines rest on them."""

import ctypes
from collections.abc import Iterator
from datetime import datetime, timedelta

import sqlalchemy as sa

from domain.language import msg
from heatwatch.diagnosis.finding import Finding, warning, well
from heatwatch.services.existing_books import existing_books
from heatwatch.wiring import World

#: linux/timex.h: what adjtimex answers where the clock is not disciplined.
TIME_ERROR = 5
#: Two clocks of one installation may be so far apart.
APART = timedelta(seconds=2)


def check(world: World) -> Iterator[Finding]:
    """Whether the kernel's clock is synchronised, and how far a PostgreSQL's is from it."""
    what = msg("clock of this machine")
    if kernel_state() == TIME_ERROR:
        advice = msg("start a time service here or on the host (apt-get install systemd-timesyncd)")
        yield warning(what, msg("no time service sets it"), advice)
    else:
        yield well(what, msg("a time service sets it"))
    if (away := _server_ahead(world)) is not None:
        yield _of_server(away)


def kernel_state() -> int:
    """What the kernel says of its clock (adjtimex(2), nothing is set); -1 where it says nothing."""
    buffer = ctypes.create_string_buffer(512)  # struct timex, all zero: only asks
    return int(ctypes.CDLL(None, use_errno=True).adjtimex(buffer))


def _server_ahead(world: World) -> timedelta | None:
    with existing_books(world.config.store.books) as books:
        if books is None or books.dialect.name != "postgresql":
            return None
        with books.connect() as link:
            theirs: datetime = link.execute(sa.text("SELECT clock_timestamp()")).scalar_one()
    return theirs - datetime.now(theirs.tzinfo)


def _of_server(ahead: timedelta) -> Finding:
    what = msg("clock of PostgreSQL")
    seconds = f"{ahead.total_seconds():+.1f}"
    found = msg("{seconds} s against this machine", seconds=seconds)
    if abs(ahead) > APART:
        return warning(what, found, msg("let the same time service set both clocks"))
    return well(what, found)
