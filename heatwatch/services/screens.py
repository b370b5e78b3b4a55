"""What console and API show, company by company."""

from functools import partial

from analytics.ledger.drafts import Drafted, by_number
from analytics.ledger.left_homes import left_since
from dashboards.views.city import View
from dashboards.views.companies import Local, Screen, Screens
from domain.errors import WrongCall
from domain.language import msg
from heatwatch.selection import zone_of
from heatwatch.services.companies import company_id, network_of
from heatwatch.services.evidence import policy_at, standard_c
from heatwatch.services.letters import Letters
from heatwatch.wiring import World
from reports.letters.page import to_html


def screens_of(world: World) -> Screens:
    """A screen for each company of the configuration."""
    return Screens({each.code: _screen(world, each.code) for each in world.config.all_companies})


def _screen(world: World, company: str) -> Screen:
    view = View(world.books, world.readings, world.now, company)
    return Screen(view, partial(local_of, world, company), NewestLetters(world, view).of)


class NewestLetters:
    """A household's letter of the newest run that says something of it; what the last run took is kept at hand."""

    def __init__(self, world: World, view: View) -> None:
        self._world = world
        self._view = view
        self._last: tuple[Drafted, Letters] | None = None

    def of(self, household: str, language: str) -> bytes:
        """The letter as HTML; WrongCall where no run has the household."""
        place = self._view.place(household)
        found = None if place is None else self._view.refund(place.id)
        if found is None:
            raise WrongCall(msg("no run has household {household!r}", household=household))
        number = found[0].id
        number = left_since(self._world.books, number, household) or number
        run = by_number(self._world.books, number)
        if self._last is None or self._last[0] != run:
            self._last = run, Letters(self._world, run)
        return to_html(self._last[1].letter(household), language)


def local_of(world: World, company: str, place: str = "") -> Local:
    """Zone of the company's newest season that has begun by now, and standard of the law that a place is of.

    `place` is a code; "", or one that is not the company's: the company itself.
    """
    now = world.now()
    try:
        network = network_of(world, company)
        row = network.row_of(place)
        own = None if row is None else int(network.ids[row])
        policy = policy_at(world, now, company_id(world, company), own)
    except WrongCall:  # the registry may get it later
        policy = None
    return Local(zone_of(world, company, now), float(standard_c(policy)))
