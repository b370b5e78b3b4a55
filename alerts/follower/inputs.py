"""What detectors declare to need, from the registry and the configuration."""

import numpy as np
from sqlalchemy.orm import Session

from alerts.columns.outdoor import Outdoor
from alerts.columns.spans import Spans, planned, seasons
from alerts.columns.watched import Watched
from alerts.config import Settings
from alerts.detectors import kinds
from alerts.detectors.kind import Provided
from domain.quantity import Quantity


def provided(session: Session, watched: Watched, settings: Settings) -> Provided:
    """The inputs that any detector declares; the rest stays empty."""
    wanted = [kind.inputs for kind in kinds().values()]
    to_ticks, general, places = Quantity.TEMPERATURE.to_ticks, settings.general, watched.places
    standard = np.full(places.ids.size, to_ticks(general.standard_c), dtype=np.int64)
    companies = []
    for company, config in settings.own.items():
        if company in places.ids:
            own = places.below(places.row(company))
            standard[own] = to_ticks(config.standard_c)
            companies.append((own, config.detectors))
    return Provided(
        watched=watched,
        standard=standard,
        companies=companies,
        common_share=float(general.common_share),
        outdoor=Outdoor.of(watched) if any(each.outdoor for each in wanted) else Outdoor(),
        season=seasons(session, watched.places) if any(i.season for i in wanted) else Spans(),
        planned=planned(session, watched.places) if any(i.planned for i in wanted) else Spans(),
    )
