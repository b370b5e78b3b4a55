"""Which workers run, known by the locks that they hold."""

from collections.abc import Iterator

from domain.language import msg
from heatwatch.diagnosis.finding import Finding, warning, well
from heatwatch.supervisor.single_instance import KINDS, holder_of
from heatwatch.wiring import World


def check(world: World) -> Iterator[Finding]:
    """One line for each that should run."""
    expected = KINDS if world.config.store.influx else KINDS - {"mirror"}
    for kind in sorted(expected):
        what = msg("worker {name}", name=kind)
        holder = holder_of(world, kind)
        if holder is None:
            advice = msg("heatwatch run {name}, or heatwatch run for all", name=kind)
            yield warning(what, msg("does not run"), advice)
        else:
            yield well(what, msg("runs ({holder})", holder=holder))
