"""The mirror's InfluxDB: whether it answers, takes our token and has the bucket."""

from collections.abc import Iterator

from domain.language import msg
from heatwatch.diagnosis.finding import Finding, unused, warning, well
from heatwatch.services.existing_books import are_there
from heatwatch.wiring import World
from store.influx.mirror import InfluxPoints, mirror_status


def check(world: World) -> Iterator[Finding]:
    """What it refuses is raised as the mirror itself would say it."""
    what = msg("InfluxDB")
    influx = world.influx
    if influx is None:
        yield unused(what, msg("not configured: Grafana has no mirror"))
        return
    points = InfluxPoints(influx)
    try:
        points.try_out()
    finally:
        points.close()
    yield well(what, msg("{url} takes points in {bucket}", url=influx.url, bucket=influx.bucket))
    if not are_there(world.config.store.books):
        return
    status = mirror_status(world.books, influx)
    if status.why_not:
        yield warning(msg("mirror"), status.why_not)
    if status.refused:
        found = msg("{n} points refused: {why}", n=status.refused, why=status.refusal)
        yield warning(msg("mirror"), found)
