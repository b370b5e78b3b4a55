"""All checks, in the order in which a fault of one explains those behind it."""

from collections.abc import Callable, Iterator

from sqlalchemy.exc import SQLAlchemyError

from domain.errors import ServerMissing, WrongCall
from domain.language import Text, msg, msg_in, sentence_of
from heatwatch.diagnosis import broker, clocks, disks, followers, influx, stores, workers
from heatwatch.diagnosis.finding import Check, Finding, fault
from heatwatch.wiring import World

#: What is checked, and by whom.
CHECKS: tuple[tuple[Text, Check], ...] = (
    (msg("disk"), disks.check),
    (msg_in("doctor", "clock"), clocks.check),
    (msg("broker"), broker.check),
    (msg("books"), stores.check_books),
    (msg("journal"), stores.check_journal),
    (msg("lake"), stores.check_lake),
    (msg("workers"), workers.check),
    (msg("followers of the journal"), followers.check),
    (msg("InfluxDB"), influx.check),
)


def diagnose(world: World, progress: Callable[[int, int], None]) -> Iterator[Finding]:
    """Everything that the checks find; what keeps one from looking is a fault, too."""
    for done, (what, check) in enumerate(CHECKS):
        progress(done, len(CHECKS))
        yield from _guarded(world, what, check)


def _guarded(world: World, what: Text, check: Check) -> Iterator[Finding]:
    try:
        yield from check(world)
    except ServerMissing as missing:
        yield fault(what, sentence_of(missing))
    except WrongCall as wrong:
        yield fault(what, sentence_of(wrong))
    except (SQLAlchemyError, OSError) as error:
        line = next(iter(str(getattr(error, "orig", None) or error).splitlines()), "")
        yield fault(what, msg("can't be looked at: {error}", error=line or type(error).__name__))
