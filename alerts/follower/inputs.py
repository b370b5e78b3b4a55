"""What detectors declare to need, from the registry and the configuration."""

from sqlalchemy.orm import Session

from alerts.columns.outdoor import Outdoor
from alerts.columns.spans import Spans, planned, seasons
from alerts.columns.watched import Watched
from alerts.config import AlertsConfig
from alerts.detectors import kinds
from alerts.detectors.kind import Provided


def provided(session: Session, watched: Watched, config: AlertsConfig) -> Provided:
    """The inputs that any detector declares; the rest stays empty."""
    wanted = [kind.inputs for kind in kinds().values()]
    return Provided(
        watched=watched,
        standard_c=config.standard_c,
        common_share=float(config.common_share),
        outdoor=Outdoor.of(watched) if any(each.outdoor for each in wanted) else Outdoor(),
        season=seasons(session, watched.places) if any(i.season for i in wanted) else Spans(),
        planned=planned(session, watched.places) if any(i.planned for i in wanted) else Spans(),
    )
