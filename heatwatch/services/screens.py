"""What console and API show, company by company."""

from dashboards.views.city import View
from dashboards.views.companies import Local, Screen, Screens
from domain.errors import WrongCall
from heatwatch.selection import zone_of
from heatwatch.services.companies import company_id
from heatwatch.services.evidence import policy_at, standard_c
from heatwatch.wiring import World


def screens_of(world: World) -> Screens:
    """A screen for each company of the configuration."""
    return Screens({each.code: _screen(world, each.code) for each in world.config.all_companies})


def _screen(world: World, company: str) -> Screen:
    view = View(world.books, world.readings, world.now, company)
    return Screen(view, lambda: local_of(world, company))


def local_of(world: World, company: str) -> Local:
    """Zone and standard of the company's newest season that has begun by now."""
    now = world.now()
    try:
        policy = policy_at(world, now, company_id(world, company))
    except WrongCall:  # the registry may get it later
        policy = None
    return Local(zone_of(world, company, now), float(standard_c(policy)))
