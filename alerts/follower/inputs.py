"""What detectors declare to need, from the registry and the configuration."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray
from sqlalchemy.orm import Session

from alerts.columns.outdoor import Outdoor
from alerts.columns.spans import Spans, planned, seasons
from alerts.columns.watched import Watched
from alerts.config import AlertsConfig, Settings
from alerts.detectors import kinds
from alerts.detectors.kind import Provided
from analytics.heat.owed import Owed
from domain.quantity import Quantity
from domain.tree import PlaceKind, Tree


def provided(session: Session, watched: Watched, settings: Settings) -> Provided:
    """The inputs that any detector declares; the rest stays empty."""
    wanted = [kind.inputs for kind in kinds().values()]
    to_ticks, general, places = Quantity.TEMPERATURE.to_ticks, settings.general, watched.places
    standard = np.full(places.ids.size, to_ticks(general.standard_c), dtype=np.int64)
    covered, homes = watched.covered.copy(), places.above(places.ids, PlaceKind.HOUSEHOLD)
    companies = []
    for own, config, owed in _laws(places, settings):
        limits = owed.of(places.ids[own], homes[own], to_ticks(config.standard_c))
        standard[own] = limits
        covered[own] |= np.isin(places.ids[own], owed.if_measured)
        covered[own] |= np.isin(homes[own], owed.whole)
        covered[own] &= ~np.isin(homes[own], owed.unjudged)
        companies.append((own, config.detectors))
    return Provided(
        watched=watched,
        standard=standard,
        covered=covered,
        companies=companies,
        of_others={
            places.row(company): feeds
            for company, feeds in settings.of_others.items()
            if company in places.ids
        },
        common_share=float(general.common_share),
        outdoor=Outdoor.of(watched) if any(each.outdoor for each in wanted) else Outdoor(),
        season=seasons(session, watched.places) if any(i.season for i in wanted) else Spans(),
        planned=planned(session, watched.places) if any(i.planned for i in wanted) else Spans(),
    )


def _laws(
    places: Tree, settings: Settings
) -> Iterator[tuple[NDArray[np.bool_], AlertsConfig, Owed]]:
    """(p,) which places are of a law, by what alerts of them go, and how warm they are owed: no place twice."""
    parts = [(np.isin(places.ids, each.places), each) for each in settings.parts]
    others = np.zeros(places.ids.size, dtype=np.bool_)
    for own, _ in parts:
        others |= own
    for company, config in settings.own.items():
        if company in places.ids:
            own = places.below(places.row(company)) & ~others
            yield own, config, settings.owed.get(company, Owed(0))
    for own, each in parts:
        yield own, each.own, each.owed
